import { useState } from "react";
import { type In, useAskAhead, useCall } from "~/data";
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

function versionsOf(file: string, { from, to }: Pair, whole: boolean): In<"config_diff"> {
  const number = (side: Side) => (side === SAVED ? null : Number(side));
  return { from: { file, number: number(from) }, to: { file, number: number(to) }, whole };
}

/** Compares a pair that is about to be shown, where nothing but this computer is asked. */
export function useCompareAhead(file: string) {
  const askAhead = useAskAhead();
  return (pair: Pair | null) => {
    if (pair && !isOfGroup(pair.from) && !isOfGroup(pair.to)) {
      askAhead("config_diff", versionsOf(file, pair, false));
    }
  };
}

function isSame(a: Pair | null, b: Pair | null): boolean {
  return a?.from === b?.from && a?.to === b?.to;
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
  const sideOf = (side: Side) =>
    side === "released" || side === "live"
      ? { group: group ?? "", side: { kind: side } as const }
      : { group: group ?? "", side: { kind: "saved" } as const };
  const files = useCall("config_diff", versionsOf(id, { from, to }, whole), {
    enabled: pair !== null && !ofGroup,
    keep: true,
  });
  const groups = useCall(
    "group_diff",
    { from: sideOf(from), to: sideOf(to) },
    { enabled: pair !== null && ofGroup, keep: true },
  );
  const query = ofGroup ? groups : files;
  const [shown, setShown] = useState(pair);
  if (!query.isPlaceholderData && !isSame(shown, pair)) setShown(pair);
  const object = groups.data?.objects.find(({ role }) => role === `file:${resolved}`);
  const changed = ofGroup ? object !== undefined : (files.data?.changed ?? false);
  const diff = (ofGroup ? object?.content : files.data?.diff) ?? null;
  return {
    shown,
    changed,
    diff: changed && diff ? diffLines(diff) : null,
    error: query.data === undefined ? query.error : null,
    waiting: pair !== null && query.data === undefined && !query.error,
    retry: () => void query.refetch(),
  };
}
