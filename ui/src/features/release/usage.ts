import type { Catalogue, Format } from "~/i18n";
import { visible } from "~/kit";
import type { ReleaseUsage, ReleaseView, UsagePoint } from "~/wire/types";
import { batchesOf } from "./batches";

export type Measure = "cpu_milli" | "memory_bytes";

/** Pairs of the same minute that are compared at most: about the last five minutes. */
const COMPARED = 20;

export interface Lines {
  times: Date[];
  old: (number | null)[];
  fresh: (number | null)[];
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** The unit in which memory is drawn, bytes: one for both lines, so that few grid lines are round numbers of it. */
export function unitOf(points: readonly UsagePoint[]): number {
  return points.some(({ memory_bytes: bytes }) => (bytes ?? 0) >= 2 * GIB) ? GIB : MIB;
}

/** A figure of both versions, on one clock. */
export function linesOf<Point extends { at: string; new: boolean }>(
  points: readonly Point[],
  figure: (point: Point) => number | null,
): Lines {
  const byTime = new Map<string, { old: number | null; fresh: number | null }>();
  for (const point of points) {
    const at = byTime.get(point.at) ?? { old: null, fresh: null };
    at[point.new ? "fresh" : "old"] = figure(point);
    byTime.set(point.at, at);
  }
  const sorted = [...byTime].sort(([a], [b]) => Date.parse(a) - Date.parse(b));
  return {
    times: sorted.map(([at]) => new Date(at)),
    old: sorted.map(([, { old }]) => old),
    fresh: sorted.map(([, { fresh }]) => fresh),
  };
}

/** What a pod of each version used last: at the same minute while both run, else after against before. */
export function comparedOf({ old, fresh }: Lines): {
  was: number | null;
  is: number | null;
  together: boolean;
} {
  const both = old.flatMap((value, at) => {
    const other = fresh[at];
    return value !== null && other !== null && other !== undefined ? [[value, other] as const] : [];
  });
  const together = both.length > 0;
  const last = (values: readonly (number | null)[]) =>
    values.filter((value) => value !== null).slice(-COMPARED);
  const before = together ? both.slice(-COMPARED).map(([value]) => value) : last(old);
  const after = together ? both.slice(-COMPARED).map(([, value]) => value) : last(fresh);
  return { was: mean(before), is: mean(after), together };
}

/** By what share one of the new version uses more. `null` while one of them has not been measured. */
export function changeOf(lines: Lines): { share: number; together: boolean } | null {
  const { was, is, together } = comparedOf(lines);
  return was === null || is === null || was === 0 ? null : { share: is / was - 1, together };
}

function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What is known of the pods of a version without CPU and memory, as it was last. */
export function lastOf({ points }: ReleaseUsage, fresh: boolean): UsagePoint | undefined {
  return points.findLast((point) => point.new === fresh);
}

export function isMeasured({ points }: ReleaseUsage): boolean {
  return points.some((point) => point.cpu_milli !== null);
}

/** What the two lines are called; the same tag on both sides is a release of the configuration alone. */
export function namesOf({ row }: ReleaseView, text: Catalogue): { old: string; fresh: string } {
  const { before, after } = text.release.usage;
  const { from_version: from, to_version: to } = row;
  return from === to || from === null
    ? { old: before, fresh: after }
    : { old: visible(from), fresh: visible(to) };
}

/** Where batches began, or the movement. */
export function marksOf(view: ReleaseView, text: Catalogue, format: Format) {
  const batches = batchesOf(view);
  if (batches.length === 0) {
    const begun = view.transitions.find(({ stage }) => stage === "move")?.at;
    return begun ? [{ at: new Date(begun), label: text.release.stage.begin }] : [];
  }
  return batches.flatMap(({ number, begun }) =>
    begun
      ? [{ at: new Date(begun), label: text.release.batched.batch(format.number(number)) }]
      : [],
  );
}
