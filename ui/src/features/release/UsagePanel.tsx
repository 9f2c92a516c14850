import { useView } from "~/app/page";
import { useCall } from "~/data";
import { type Catalogue, type Format, useFormat, useText } from "~/i18n";
import { ErrorState, Segment, Status, visible } from "~/kit";
import type { ReleaseUsage, ReleaseView } from "~/wire/types";
import { Figure } from "./Figure";
import css from "./release.module.css";
import { hasEnded } from "./state";
import { Traffic } from "./Traffic";
import { changeOf, isMeasured, lastOf, linesOf, type Measure, unitOf } from "./usage";

const parts = ["usage", "network", "requests"] as const;
type Part = (typeof parts)[number];

/** Figures of both versions, on one clock: what pods use, and what the cluster's Prometheus knows besides. */
export function UsagePanel({ view }: { view: ReleaseView }) {
  const words = useText().release.usage;
  const [tab, setTab] = useView("tab");
  const shown = parts.find((part) => part === tab) ?? "usage";
  return (
    <section className={css.figures} aria-label={words.figures}>
      <Segment<Part>
        label={words.figures}
        value={shown}
        onChange={(part) => setTab(part === "usage" ? undefined : part, { replace: true })}
        options={parts.map((part) => ({ value: part, label: words.part[part] }))}
      />
      {shown === "usage" ? <Usage view={view} /> : <Traffic view={view} part={shown} />}
    </section>
  );
}

/** Without a source, what happened to the pods instead. */
function Usage({ view }: { view: ReleaseView }) {
  const query = useCall("release_usage", view.id, { keep: true });
  if (query.data === undefined) {
    return query.error ? (
      <div className={css.measured}>
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
      </div>
    ) : null;
  }
  const usage = query.data;
  return isMeasured(usage) ? (
    <div className={css.charts}>
      <Measured view={view} usage={usage} measure="cpu_milli" />
      <Measured view={view} usage={usage} measure="memory_bytes" />
    </div>
  ) : (
    <div className={css.measured}>
      <Unmeasured view={view} usage={usage} />
    </div>
  );
}

function Measured({
  view,
  usage,
  measure,
}: {
  view: ReleaseView;
  usage: ReleaseUsage;
  measure: Measure;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.release.usage;
  const cpu = measure === "cpu_milli";
  const unit = cpu ? 1 : unitOf(usage.points);
  const lines = linesOf(usage.points, (point) => {
    const value = point[measure];
    return value === null ? null : value / unit;
  });
  const bound = cpu ? usage.cpu_request : usage.memory_limit;
  return (
    <Figure
      view={view}
      title={cpu ? words.cpu : words.memory}
      note={
        bound ? (
          <span className={css.subtle}>
            {cpu ? words.request(visible(bound)) : words.limit(visible(bound))}
          </span>
        ) : null
      }
      aside={<Change lines={lines} text={text} format={format} />}
      lines={lines}
      say={(value) => (cpu ? format.cpu(value) : format.bytes(value * unit))}
    />
  );
}

/** By how much a pod uses more or less. Less is good; more is said, not judged. */
function Change({
  lines,
  text,
  format,
}: {
  lines: ReturnType<typeof linesOf>;
  text: Catalogue;
  format: Format;
}) {
  const words = text.release.usage;
  const change = changeOf(lines);
  if (change === null) return null;
  const share = format.percent(Math.abs(change.share));
  const title = change.together ? words.together : words.apart;
  const less = change.share < 0;
  return (
    <span className={less ? css.less : css.more} title={title}>
      {less ? words.less(share) : words.more(share)}
    </span>
  );
}

function Unmeasured({ view, usage }: { view: ReleaseView; usage: ReleaseUsage }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.usage;
  if (usage.points.length === 0) {
    return <p className={css.subtle}>{hasEnded(view.row.state) ? words.never : words.soon}</p>;
  }
  const rows = [
    { name: words.before, point: lastOf(usage, false) },
    { name: words.after, point: lastOf(usage, true) },
  ];
  return (
    <>
      <h3>{words.title}</h3>
      <p className={css.subtle}>
        {usage.missing ? words.missing[usage.missing](visible(view.cluster ?? "")) : words.none}
      </p>
      <table className={css.usage}>
        <thead>
          <tr>
            <th scope="col">{words.pods}</th>
            <th scope="col">{words.ready}</th>
            <th scope="col">{words.restarts}</th>
            <th scope="col">{words.oomKills}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, point }) =>
            point ? (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  {text.common.readyOf(format.number(point.ready), format.number(point.pods))}
                </td>
                <td>{format.number(point.restarts)}</td>
                <td>
                  {point.oom_kills > 0 ? (
                    <Status state="danger">{format.number(point.oom_kills)}</Status>
                  ) : (
                    format.number(0)
                  )}
                </td>
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </>
  );
}
