import type { CellState } from "./Pods";
import type { MarkState } from "./StatusMark";

/** How a pod is, as the one status function of the core says it. */
export type PodHealth = "ok" | "progress" | "warn" | "danger" | "done" | "unknown";

const marks: Record<PodHealth, MarkState> = {
  ok: "ok",
  progress: "rolling",
  warn: "warn",
  danger: "danger",
  done: "idle",
  unknown: "stale",
};

/** The mark of a pod's health; what is not current is never shown as well. */
export function healthMark(health: PodHealth, stale = false): MarkState {
  return stale ? "stale" : marks[health];
}

/** The cell of a pod: version by colour, readiness by fill, failure by outline. */
export function cellState(
  pod: { new: boolean; ready: boolean; health: PodHealth },
  stale = false,
): CellState {
  if (stale || pod.health === "unknown") return "unknown";
  if (pod.health === "danger") return "failing";
  if (!pod.ready) return "unready";
  return pod.new ? "new" : "old";
}

const ofRelease = {
  planned: "idle",
  moving: "rolling",
  resting: "resting",
  stopped: "danger",
  succeeded: "ok",
  aborted: "aborted",
  superseded: "aborted",
  failed: "danger",
} as const satisfies Record<string, MarkState>;

/** The mark of a release's state. */
export function releaseMark(state: keyof typeof ofRelease): MarkState {
  return ofRelease[state];
}
