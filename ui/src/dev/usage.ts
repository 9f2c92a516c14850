import type { NoMetrics, ReleaseUsage, ReleaseView, UsagePoint } from "~/wire/types";

const MIB = 2 ** 20;
/** Ms between two points, and how long before the release the first one is. */
const EVERY = 30_000;
const BEFORE = 8 * 60_000;

/** What the story's pods used around a release: the old version evenly, the new one with a start. */
export function usageOf(view: ReleaseView, missing: NoMetrics | null): ReleaseUsage {
  const moved = Date.parse(view.transitions.find(({ stage }) => stage === "move")?.at ?? "");
  const begun = Number.isNaN(moved) ? Date.parse(view.row.created) : moved;
  const end = view.row.ended ? Date.parse(view.row.ended) + 5 * 60_000 : Date.now();
  const points: UsagePoint[] = [];
  for (let at = begun - BEFORE, step = 0; at <= end; at += EVERY, step++) {
    const wave = Math.sin(step / 3) * 4 + Math.sin(step * 1.7) * 2;
    const fresh = Math.max(0, (at - begun) / EVERY);
    const done = view.row.ended !== null && at > Date.parse(view.row.ended);
    const point = (of: boolean, pods: number, cpu: number, memory: number): UsagePoint => ({
      at: new Date(at).toISOString(),
      new: of,
      pods,
      ready: pods,
      restarts: 0,
      oom_kills: 0,
      cpu_milli: missing ? null : Math.round(cpu),
      memory_bytes: missing ? null : Math.round(memory * MIB),
      traffic: null,
    });
    if (!done) points.push(point(false, view.count, 142 + wave, 231 + wave / 4));
    if (fresh >= 1) {
      const start = Math.exp(-fresh) * 200;
      points.push(
        point(true, Math.min(view.count, 5), 131 + start + wave, 214 - start / 2 + wave / 4),
      );
    }
  }
  return {
    group: view.row.group,
    points: missing === "silent" ? [] : points,
    missing,
    cpu_request: "200m",
    memory_limit: "512Mi",
  };
}
