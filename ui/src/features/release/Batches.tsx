import { useFormat, useText } from "~/i18n";
import { cx, PodCells, StatusMark, useNow, visible } from "~/kit";
import { cellState } from "~/kit/health";
import type { Instance, PlanView, ReleaseView } from "~/wire/types";
import { type Batch, batchesOf, nextBatchAt, podsOfBatches } from "./batches";
import css from "./batches.module.css";
import { hasEnded } from "./state";

/** The batches of a release with their pods: the ones that came, and the old ones that wait for their turn. */
export function Batches({
  view,
  fresh,
  old,
  stale,
  aside,
}: {
  view: ReleaseView;
  fresh: Instance[];
  old: Instance[];
  stale: boolean;
  /** Beside each other, in what is a part of something larger. */
  aside?: boolean | undefined;
}) {
  const text = useText();
  const format = useFormat();
  const batches = batchesOf(view);
  const pods = podsOfBatches(batches, fresh, old);
  return (
    <ol className={cx(css.batches, aside && css.aside)} aria-label={text.release.batches}>
      {batches.map((batch, index) => (
        <li
          key={batch.number}
          className={css.batch}
          aria-current={isHere(batch) || undefined}
          data-begun={batch.begun === null ? undefined : ""}
        >
          <span className={css.name}>
            <StatusMark state={batch.mark} />
            {text.release.batched.batch(format.number(batch.number))}
          </span>
          {pods[index]?.length ? (
            <PodCells
              size="named"
              pods={pods[index].map((pod) => ({
                name: pod.name,
                state: cellState(
                  { new: pod.release === view.label, ready: pod.ready, health: pod.health },
                  stale,
                ),
              }))}
            />
          ) : (
            // Its pods are gone, or nobody knows them.
            <span className={css.none}>{text.release.batched.pods(format.number(batch.pods))}</span>
          )}
          <span className={css.when}>
            <When view={view} batch={batch} aside={aside} />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The batches that a plan will move, with the pods that wait for them; all at once where the cluster does it. */
export function PlannedBatches({ plan }: { plan: PlanView }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.batched;
  if (plan.count === 0) return null;
  const batches =
    plan.batches.length > 0
      ? plan.batches.map(({ pods }, at) => ({ name: words.batch(format.number(at + 1)), pods }))
      : [{ name: words.rolling, pods: plan.count }];
  return (
    <ol className={cx(css.batches, css.aside)} aria-label={text.release.batches}>
      {batches.map(({ name, pods }) => (
        <li key={name} className={css.batch}>
          <span className={css.name}>
            <StatusMark state="idle" />
            {name}
          </span>
          <PodCells
            size="large"
            pods={Array.from({ length: pods }, () => ({ state: plan.first ? "planned" : "old" }))}
          />
          <span className={css.when}>{words.notBegun(words.pods(format.number(pods)))}</span>
        </li>
      ))}
    </ol>
  );
}

function isHere({ mark }: Batch): boolean {
  return mark !== "ok" && mark !== "idle";
}

/** When it was under way, and how long it has rested; before that, what its pods are. */
function When({
  view,
  batch,
  aside,
}: {
  view: ReleaseView;
  batch: Batch;
  aside: boolean | undefined;
}) {
  const words = useText().release.batched;
  const format = useFormat();
  const now = useNow(10_000);
  const from = view.row.from_version;
  const over = hasEnded(view.row.state);
  if (!batch.begun) {
    const pods = format.number(batch.pods);
    if (over) return words.notBegun(words.pods(pods));
    return from ? words.podsOn(pods, visible(from)) : words.pods(pods);
  }
  const begun = format.time(batch.begun);
  if (!batch.done) {
    // One that was under way when the release ended was never done.
    return over && view.row.ended
      ? `${begun} – ${format.time(view.row.ended)}`
      : words.since(begun);
  }
  const rested = format.duration(
    Math.max(
      0,
      (batch.left ? new Date(batch.left) : now).getTime() - new Date(batch.done).getTime(),
    ),
  );
  const waits =
    batch.mark === "resting" ? (
      <strong>{nextBatchAt(view) ? words.rests(rested) : words.waits(rested)}</strong>
    ) : null;
  // Beside each other there is no room for both.
  if (aside) return waits ?? <Took begun={batch.begun} done={batch.done} />;
  return (
    <>
      {`${begun} – ${format.time(batch.done)}`}
      {batch.left ? ` · ${words.rested(rested)}` : null}
      {waits ? " · " : null}
      {waits}
    </>
  );
}

const MINUTE = 60_000;

/** When it was done, and about how long that took. */
function Took({ begun, done }: { begun: string; done: string }) {
  const text = useText();
  const format = useFormat();
  const took = Math.max(0, Date.parse(done) - Date.parse(begun));
  const about = took < MINUTE ? took : Math.round(took / MINUTE) * MINUTE;
  return (
    <time dateTime={done} title={`${format.exact(begun)} – ${format.exact(done)}`}>
      {`${format.time(done)} · ${text.release.took(format.duration(about))}`}
    </time>
  );
}
