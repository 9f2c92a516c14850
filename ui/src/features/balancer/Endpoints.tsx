import { useFormat, useText } from "~/i18n";
import { type Column, cx, PodName, Status, StatusMark, Table, VersionTag } from "~/kit";
import { healthMark } from "~/kit/health";
import { useNarrow } from "~/kit/media";
import type { Endpoint, PlaceLive } from "~/wire/types";
import css from "./balancer.module.css";
import { percents } from "./balancers";

/** How the traffic is divided between versions, by endpoints that get it. */
export function Shares({ live }: { live: PlaceLive }) {
  const text = useText();
  const format = useFormat();
  const words = text.balancer;
  const parts = percents(live.shares.map(({ count }) => count));
  return (
    <div className={css.shares}>
      <div className={css.shareNames}>
        {live.shares.map((share, at) => (
          <span key={`${share.version}${share.new}`}>
            <VersionTag version={share.version} role={share.new ? "new" : "old"} />
            {words.share(format.number(parts[at] ?? 0))}
          </span>
        ))}
      </div>
      <div className={css.shareBar} aria-hidden="true">
        {live.shares.map((share) => (
          <span
            key={`${share.version}${share.new}`}
            className={cx(share.new ? css.newPart : css.oldPart, live.stale_since && css.stalePart)}
            style={{ flexGrow: share.count }}
          />
        ))}
      </div>
      <p className={css.hint}>
        {live.stale_since ? words.shareStale(format.time(live.stale_since)) : words.shareText}
      </p>
    </div>
  );
}

/** Pod by pod: of which version, and in rotation since when. */
export function Endpoints({
  name,
  live,
  grouped,
}: {
  name: string;
  live: PlaceLive;
  /** With the group of each. */
  grouped: boolean;
}) {
  const text = useText();
  return (
    <Table
      flow
      label={text.balancer.endpointsOf(name)}
      rows={live.endpoints}
      rowKey={(endpoint) => endpoint.pod || endpoint.address}
      columns={useColumns(live, grouped)}
    />
  );
}

function useColumns(live: PlaceLive, grouped: boolean): Column<Endpoint>[] {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const words = text.balancer.endpoint;
  const stale = live.stale_since !== null;
  const columns: Column<Endpoint>[] = [
    {
      key: "pod",
      header: words.pod,
      width: "minmax(64px, 1fr)",
      cell: (endpoint) => (
        <span className={css.pod}>
          <StatusMark
            state={endpoint.terminating ? "idle" : healthMark(endpoint.health, stale)}
            label={text.instance.state[endpoint.health]}
            still
          />
          {endpoint.pod === "" ? (
            "–"
          ) : (
            <PodName name={endpoint.pod.split("-").slice(-1).join("")} />
          )}
        </span>
      ),
    },
    {
      key: "version",
      header: words.version,
      width: "minmax(64px, 0.9fr)",
      cell: (endpoint) => (
        <VersionTag version={endpoint.version} role={endpoint.new ? "new" : "old"} />
      ),
    },
    {
      key: "since",
      header: words.since,
      align: "end",
      width: narrow ? "100px" : "112px",
      cell: (endpoint) =>
        endpoint.ready && endpoint.since ? (
          <span className={css.muted} title={format.exact(endpoint.since)}>
            {format.dateTime(endpoint.since)}
          </span>
        ) : endpoint.ready ? (
          <span className={css.subtle}>–</span>
        ) : (
          <Status state="idle">
            {endpoint.terminating ? text.balancer.terminating : text.balancer.notReady}
          </Status>
        ),
    },
  ];
  // Which group a pod is of says more than its address, where there are several.
  if (grouped) {
    columns.splice(1, 0, {
      key: "group",
      header: words.group,
      width: "minmax(64px, 1fr)",
      cell: (endpoint) => <span className={css.cut}>{endpoint.group}</span>,
    });
  } else if (!narrow) {
    columns.splice(1, 0, {
      key: "address",
      header: words.address,
      width: "minmax(80px, 1fr)",
      cell: (endpoint) => <span className={css.mono}>{endpoint.address}</span>,
    });
  }
  return columns;
}
