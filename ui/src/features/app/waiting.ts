import type { ClusterLive, GroupCard, GroupLive, ReleaseRow } from "~/wire/types";

/** Something that waits for a person, in the order it is told in. */
export type Waiting =
  | { kind: "stopped" | "failed" | "resting" | "moving"; group: GroupCard; release: ReleaseRow }
  | { kind: "draft"; group: GroupCard }
  | { kind: "empty"; group: GroupCard; keys: readonly string[] }
  | { kind: "degraded"; group: GroupCard; live: GroupLive }
  | { kind: "cluster"; cluster: ClusterLive; groups: number };

const order: Waiting["kind"][] = [
  "stopped",
  "failed",
  "resting",
  "draft",
  "empty",
  "degraded",
  "cluster",
  "moving",
];

/** What of an app needs a person, worst first. What goes well is not in it. */
export function waitingOf(
  groups: readonly GroupCard[],
  live: ReadonlyMap<string, GroupLive>,
  clusters: readonly ClusterLive[],
  /** Keys whose values are empty, by group. */
  empty: ReadonlyMap<string, readonly string[]> = new Map(),
): Waiting[] {
  const found: Waiting[] = [];
  for (const group of groups) {
    const release = group.last_release;
    const kind = release && kindOf(release);
    if (release && kind) found.push({ kind, group, release });
    if (group.errors > 0) found.push({ kind: "draft", group });
    const keys = empty.get(group.id) ?? [];
    if (keys.length > 0) found.push({ kind: "empty", group, keys });
    const now = live.get(group.id);
    // A stopped or moving release says already why pods are missing.
    if (now?.state === "degraded" && !now.stale_since && !kind) {
      found.push({ kind: "degraded", group, live: now });
    }
  }
  for (const cluster of clusters) {
    const count = groups.filter(({ link }) => link === cluster.id).length;
    const { state } = cluster.session;
    if (count > 0 && (state === "sign_in_needed" || state === "unreachable")) {
      found.push({ kind: "cluster", cluster, groups: count });
    }
  }
  return found.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function kindOf(release: ReleaseRow): "stopped" | "failed" | "resting" | "moving" | undefined {
  switch (release.state) {
    case "stopped":
    case "failed":
    case "resting":
      return release.state;
    case "planned":
    case "moving":
      return "moving";
    default:
      return undefined;
  }
}
