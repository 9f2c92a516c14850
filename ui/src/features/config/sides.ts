import { useState } from "react";
import { useCall } from "~/data";
import { diffLines } from "~/kit";
import type { FileView } from "~/wire/types";

/** A state of a file: as saved, as its group released it, as it runs, or the number of a version. */
export type Side = string;

export const SAVED = "saved";

/** Of a group, with the values filled in; versions are templates, and what is saved is both. */
export function isOfGroup(side: Side): boolean {
  return side === "released" || side === "live";
}

export interface Pair {
  from: Side;
  to: Side;
}

/** All that can be chosen, what is compared first at the front. */
export function sidesOf(versions: readonly number[], released: boolean): Side[] {
  return [...(released ? ["released", "live"] : []), ...versions.map(String), SAVED];
}

/** What the address asks for, as far as there is such a side; null where there is nothing to compare with. */
export function pairOf(
  sides: readonly Side[],
  from: Side | undefined,
  to: Side | undefined,
): Pair | null {
  const [first] = sides;
  if (first === undefined || first === SAVED) return null;
  const known = (side: Side | undefined, fallback: Side) =>
    side !== undefined && sides.includes(side) ? side : fallback;
  const pair = { from: known(from, first), to: known(to, SAVED) };
  const apart =
    [pair.from, pair.to].some(isOfGroup) &&
    [pair.from, pair.to].some((side) => side !== SAVED && !isOfGroup(side));
  return apart ? { from: pair.from, to: SAVED } : pair;
}

/**
 * What differs between two states of a file. The lines are null of what is the same, or may not be shown. While another
 * pair is compared they stay as they are: `shown` says whose they are.
 */
export function useComparison(
  view: FileView,
  group: string | null,
  pair: Pair | null,
  whole: boolean,
) {
  const { id, resolved } = view.file;
  const { from, to } = pair ?? { from: SAVED, to: SAVED };
  const ofGroup = group !== null && (isOfGroup(from) || isOfGroup(to));
  const number = (side: Side) => (side === SAVED ? null : Number(side));
  const sideOf = (side: Side) =>
    side === "released" || side === "live"
      ? { group: group ?? "", side: { kind: side } as const }
      : { group: group ?? "", side: { kind: "saved" } as const };
  const files = useCall(
    "config_diff",
    { from: { file: id, number: number(from) }, to: { file: id, number: number(to) }, whole },
    { enabled: pair !== null && !ofGroup, keep: true },
  );
  const groups = useCall(
    "group_diff",
    { from: sideOf(from), to: sideOf(to) },
    { enabled: pair !== null && ofGroup, keep: true },
  );
  const query = ofGroup ? groups : files;
  const [shown, setShown] = useState(pair);
  if (!query.isPlaceholderData && (shown?.from !== pair?.from || shown?.to !== pair?.to)) {
    setShown(pair);
  }
  const object = groups.data?.objects.find(({ role }) => role === `file:${resolved}`);
  const found = ofGroup
    ? { changed: object !== undefined, diff: object?.content ?? null }
    : { changed: files.data?.changed ?? false, diff: files.data?.diff ?? null };
  return {
    shown,
    changed: found.changed,
    diff: found.changed && found.diff ? diffLines(found.diff) : null,
    error: query.data === undefined ? query.error : null,
    waiting: pair !== null && query.data === undefined && !query.error,
    retry: () => void query.refetch(),
  };
}
