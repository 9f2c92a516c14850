import { useFormat, useText } from "~/i18n";
import { PodCells, StatusMark, useNow, visible } from "~/kit";
import { cellState } from "~/kit/health";
import type { Instance, ReleaseView } from "~/wire/types";
import { type Batch, batchesOf, nextBatchAt, podsOfBatches } from "./batches";
import css from "./batches.module.css";

/** The batches of a release with their pods: the ones that came, and the old ones that wait for their turn. */
export function Batches({
  view,
  fresh,
  old,
  stale,
}: {
  view: ReleaseView;
  fresh: Instance[];
  old: Instance[];
  stale: boolean;
}) {
  const text = useText();
  const format = useFormat();
  const batches = batchesOf(view);
  const pods = podsOfBatches(batches, fresh, old);
  return (
    <ol className={css.batches} aria-label={text.release.batches}>
      {batches.map((batch, index) => (
        <li key={batch.number} className={css.batch} aria-current={isHere(batch) || undefined}>
          <span className={css.name}>
            <StatusMark state={batch.mark} />
            {text.release.batched.batch(format.number(batch.number))}
          </span>
          <PodCells
            size="named"
            pods={(pods[index] ?? []).map((pod) => ({
              name: pod.name,
              state: cellState(
                { new: pod.release === view.label, ready: pod.ready, health: pod.health },
                stale,
              ),
            }))}
          />
          <span className={css.when}>
            <When view={view} batch={batch} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function isHere({ mark }: Batch): boolean {
  return mark !== "ok" && mark !== "idle";
}

/** When it was under way, and how long it has rested; before that, what its pods are. */
function When({ view, batch }: { view: ReleaseView; batch: Batch }) {
  const words = useText().release.batched;
  const format = useFormat();
  const now = useNow(10_000);
  const from = view.row.from_version;
  if (!batch.begun) {
    const pods = format.number(batch.pods);
    return from ? words.podsOn(pods, visible(from)) : words.pods(pods);
  }
  const begun = format.time(batch.begun);
  if (!batch.done) return words.since(begun);
  const rested = format.duration(
    Math.max(
      0,
      (batch.left ? new Date(batch.left) : now).getTime() - new Date(batch.done).getTime(),
    ),
  );
  return (
    <>
      {`${begun} – ${format.time(batch.done)}`}
      {batch.left ? ` · ${words.rested(rested)}` : null}
      {batch.mark === "resting" ? (
        <>
          {" · "}
          <strong>{nextBatchAt(view) ? words.rests(rested) : words.waits(rested)}</strong>
        </>
      ) : null}
    </>
  );
}
