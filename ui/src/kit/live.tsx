import type { FeedState } from "./Feedback";
import { cellState, type PodHealth } from "./health";
import { type Pod, PodCells } from "./Pods";
import type { MarkState } from "./StatusMark";

type GroupStateName =
  | "loading"
  | "absent"
  | "running"
  | "rolling"
  | "resting"
  | "stopped"
  | "degraded"
  | "zero"
  | "unknown";

/** What is known of a group in its cluster. */
export interface LiveGroup {
  state: GroupStateName;
  version: string | null;
  from_version: string | null;
  desired: number;
  ready: number;
  cells: readonly { new: boolean; ready: boolean; health: PodHealth }[];
  stale_since: string | null;
}

/** What a group is of which no row has come: nobody asks any more once the asking has failed. */
export function silentState({ state }: FeedState): "loading" | "unknown" {
  return state === "error" ? "unknown" : "loading";
}

/** What is stored of a group on this computer. */
export interface StoredGroup {
  draft_version: string | null;
  count: string;
  last_release: { from_version: string | null; to_version: string } | null;
}

/** Whether anything is known of it: otherwise its numbers are none, not zero. */
export function isKnown({ state }: LiveGroup): boolean {
  return state !== "loading" && state !== "unknown";
}

/** Pods of the groups of which something is known; undefined when that is none of them. */
export function podTotals(
  live: readonly LiveGroup[],
): { ready: number; desired: number } | undefined {
  const known = live.filter(isKnown);
  if (known.length === 0) return undefined;
  return {
    ready: known.reduce((sum, { ready }) => sum + ready, 0),
    desired: known.reduce((sum, { desired }) => sum + desired, 0),
  };
}

/**
 * The state of a feed of groups: as old as the oldest of them, since each comes from a cluster of its own. Undefined
 * when none of them is known: then there is nothing that could be live or old.
 */
export function feedOfGroups<Feed extends { state: FeedState; rows: readonly LiveGroup[] }>(
  feed: Feed,
): (Omit<Feed, "state"> & { state: FeedState }) | undefined {
  if (feed.state.state === "live" && feed.rows.every(({ state }) => state === "unknown")) return;
  const since = feed.rows.flatMap(({ stale_since }) => stale_since ?? []).toSorted()[0];
  if (feed.state.state !== "live" || since === undefined) return feed;
  return { ...feed, state: { state: "stale", since, retry_at: null, reason: "" } };
}

const groupMarks: Record<GroupStateName, MarkState> = {
  loading: "idle",
  absent: "idle",
  running: "ok",
  rolling: "rolling",
  resting: "resting",
  stopped: "danger",
  degraded: "warn",
  zero: "idle",
  unknown: "stale",
};

export function groupMark(live: LiveGroup | undefined): MarkState {
  if (!live) return "idle";
  // A draft is known without its cluster.
  return live.stale_since && live.state !== "absent" ? "stale" : groupMarks[live.state];
}

export interface GroupVersion {
  from: string | null;
  to: string;
  moving: boolean;
  /** Nothing runs: it is what the draft proposes. */
  planned: boolean;
}

/** The version to show of a group: what runs, else what ran last, else what its draft proposes. */
export function groupVersion(
  card: StoredGroup,
  live: LiveGroup | undefined,
): GroupVersion | undefined {
  if (live?.version) {
    const moving = ["rolling", "resting", "stopped"].includes(live.state);
    return {
      from: moving ? live.from_version : null,
      to: live.version,
      moving: moving && live.state !== "stopped",
      planned: false,
    };
  }
  if (live?.state !== "absent" && card.last_release) {
    return { from: null, to: card.last_release.to_version, moving: false, planned: false };
  }
  return card.draft_version === null
    ? undefined
    : { from: null, to: card.draft_version, moving: false, planned: true };
}

/** Planned pods of a draft; more than these say no more than their number does. */
const PLANNED_MAX = 24;
/** The core sends no more cells than this, only counts. */
const CELLS_MAX = 80;

/** The pods of a group as cells: as they run, or dashed as they are planned. */
export function GroupPods({ card, live }: { card: StoredGroup; live: LiveGroup | undefined }) {
  return <PodCells pods={podsOf(card, live)} />;
}

export function podsOf(card: StoredGroup, live: LiveGroup | undefined): Pod[] {
  if (!live || live.state === "loading") return [];
  const stale = live.stale_since !== null || live.state === "unknown";
  if (live.state === "absent") {
    return repeat({ state: "planned" }, Math.min(PLANNED_MAX, Number(card.count) || 0));
  }
  if (live.desired > CELLS_MAX && live.cells.length < live.desired) {
    const rest = Math.max(0, live.desired - live.ready);
    return stale
      ? repeat({ state: "unknown" }, live.desired)
      : [...repeat({ state: "unready" }, rest), ...repeat({ state: "old" }, live.ready)];
  }
  return live.cells.map((cell) => ({ state: cellState(cell, stale) }));
}

function repeat(pod: Pod, count: number): Pod[] {
  return Array.from({ length: count }, () => pod);
}
