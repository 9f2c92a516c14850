import { Link } from "@tanstack/react-router";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { ErrorState, Skeleton, visible } from "~/kit";
import type { ReleaseTraffic, ReleaseView } from "~/wire/types";
import { Figure } from "./Figure";
import css from "./release.module.css";
import { linesOf } from "./usage";

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Network or requests of both versions, as the cluster's Prometheus knows them; without it, why, and what helps. */
export function Traffic({ view, part }: { view: ReleaseView; part: "network" | "requests" }) {
  const query = useCall("release_traffic", view.id, { keep: true });
  if (query.data === undefined) {
    return (
      <div className={css.measured}>
        {query.error ? (
          <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton rows={3} />
        )}
      </div>
    );
  }
  const traffic = query.data;
  if (traffic.missing !== null) return <Missing view={view} traffic={traffic} />;
  return part === "network" ? (
    <Network view={view} traffic={traffic} />
  ) : (
    <Requests view={view} traffic={traffic} />
  );
}

function Missing({ view, traffic }: { view: ReleaseView; traffic: ReleaseTraffic }) {
  const words = useText().release.usage.traffic;
  const reason = traffic.missing;
  if (reason === null) return null;
  return (
    <div className={css.measured}>
      <p className={css.subtle}>{words.missing[reason](visible(view.cluster ?? ""))}</p>
      {reason === "no_series" ? null : (
        <p>
          <Link to="/clusters" search={{ open: view.link }}>
            {words.settings}
          </Link>
        </p>
      )}
    </div>
  );
}

function Network({ view, traffic }: { view: ReleaseView; traffic: ReleaseTraffic }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.usage.traffic;
  const most = Math.max(
    0,
    ...traffic.points.flatMap(({ traffic: one }) => [one.receive ?? 0, one.transmit ?? 0]),
  );
  const unit = most >= MIB ? MIB : most >= KIB ? KIB : 1;
  const known = traffic.points.some(({ traffic: one }) => one.receive !== null);
  if (!known) return <None text={words.noNetwork} />;
  const say = (value: number) => words.perSecond(format.bytes(value * unit));
  return (
    <>
      <div className={css.charts}>
        {(["receive", "transmit"] as const).map((direction) => (
          <Figure
            key={direction}
            view={view}
            title={words[direction]}
            lines={linesOf(traffic.points, ({ traffic: one }) => {
              const value = one[direction];
              return value === null ? null : value / unit;
            })}
            say={say}
          />
        ))}
      </div>
      <Source traffic={traffic} counter="container_network_…_bytes_total" />
    </>
  );
}

function Requests({ view, traffic }: { view: ReleaseView; traffic: ReleaseTraffic }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.usage.traffic;
  const known = traffic.points.some(({ traffic: one }) => one.requests_milli !== null);
  if (!known) return <None text={words.noRequests(format.list(traffic.known))} />;
  const errors = linesOf(traffic.points, ({ traffic: one }) =>
    one.errors_permille === null ? null : one.errors_permille / 10,
  );
  const counted = [...errors.old, ...errors.fresh].some((value) => value !== null);
  return (
    <>
      <div className={css.charts}>
        <Figure
          view={view}
          title={words.requests}
          note={<span className={css.subtle}>{words.ofVersion}</span>}
          lines={linesOf(traffic.points, ({ traffic: one }) =>
            one.requests_milli === null ? null : one.requests_milli / 1000,
          )}
          say={(value) => words.perSecond(format.brief(value))}
        />
        {counted ? (
          <Figure
            view={view}
            title={words.errors}
            note={<span className={css.subtle}>{words.errorsNote}</span>}
            lines={errors}
            say={(value) => format.percent(value / 100, 1)}
          />
        ) : (
          <p className={css.subtle}>{words.noStatus}</p>
        )}
      </div>
      <Source traffic={traffic} counter={traffic.requests} />
    </>
  );
}

function None({ text }: { text: string }) {
  return (
    <div className={css.measured}>
      <p className={css.subtle}>{text}</p>
    </div>
  );
}

/** Who counts, and what. */
function Source({ traffic, counter }: { traffic: ReleaseTraffic; counter: string | null }) {
  const words = useText().release.usage.traffic;
  const said =
    traffic.source === null
      ? words.ofRecord
      : words.source(visible(traffic.source), counter === null ? "" : visible(counter));
  return <p className={css.source}>{said}</p>;
}
