import { Link } from "@tanstack/react-router";
import { useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import { type MarkState, StatusMark, TruncateMiddle } from "~/kit";
import type { ClusterLive, SessionState } from "~/wire/types";
import css from "./Sidebar.module.css";

export const sessionMarks: Record<SessionState["state"], MarkState> = {
  connecting: "idle",
  ready: "ok",
  degraded: "warn",
  unreachable: "stale",
  sign_in_needed: "warn",
};

/** Every linked cluster: how it answers, or since when it does not. */
export function ClusterFoot() {
  const text = useText();
  const clusters = useFeed({ kind: "clusters" });
  return (
    <section className={css.clusters} aria-label={text.frame.clusters}>
      <Link to="/clusters" className={css.clustersTitle}>
        {text.frame.clusters}
      </Link>
      {clusters.state.state === "live" && clusters.rows.length === 0 ? (
        <p className={css.nothing}>{text.frame.noClusters}</p>
      ) : null}
      <ul>
        {inOrder(clusters.rows).map((cluster) => (
          <li key={cluster.id}>
            <Link to="/clusters" search={{ open: cluster.id }} className={css.cluster}>
              <StatusMark state={sessionMarks[cluster.session.state]} still />
              <TruncateMiddle text={cluster.name} tail={6} className={css.label} />
              <Answer cluster={cluster} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** As the page of clusters has them: a feed brings its rows in no order. */
function inOrder(rows: readonly ClusterLive[]): ClusterLive[] {
  return rows.toSorted((a, b) => a.name.localeCompare(b.name, "en"));
}

function Answer({ cluster }: { cluster: ClusterLive }) {
  const text = useText();
  const format = useFormat();
  const { session } = cluster;
  if (session.state === "ready") {
    return (
      <span className={css.count}>{text.frame.latency(format.number(session.latency_ms))}</span>
    );
  }
  const word = text.frame.session[session.state];
  const since = "since" in session ? session.since : null;
  return (
    <span className={css.count} title={"reason" in session ? session.reason : word}>
      {since ? format.time(since) : word}
    </span>
  );
}
