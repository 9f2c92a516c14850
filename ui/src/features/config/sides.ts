import { useState } from "react";
import { type In, useAskAhead, useCall } from "~/data";
import { diffLines } from "~/kit";
import { useSettled } from "~/kit/form";
import type { FileView } from "~/wire/types";

/** A state of a file: as saved, as its group released it, as it runs, or the number of a version. */
export type Side = string;

export const SAVED = "saved";

/** Ms. For so long a pair that was chosen is waited for, so that its name and its lines come to the screen as one. */
const AS_ONE = 100;

/** Of a group, with the values filled in; versions are templates, and what is saved is both. */
function isOfGroup(side: Side): boolean {
  return side === "released" || side === "live";
}

export interface Pair {
  from: Side;
  to: Side;
}

/** What a side is compared with once it is chosen: what is of a group with what is saved, never with a template. */
export function besides(side: Side, other: Side): Side {
  const apart = isOfGroup(side)
    ? other !== SAVED && !isOfGroup(other)
    : side !== SAVED && isOfGroup(other);
  return apart ? SAVED : other;
}

/** All that can be chosen, what is compared first at the front. */
function sidesOf(versions: readonly number[], released: boolean): Side[] {
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
  return { from: pair.from, to: besides(pair.from, pair.to) };
}

/** The sides of a file, of a group too where there is one, and what its versions and its last release say. */
export function useSides(app: string, file: string, group: string | null) {
  const versions = useCall("config_versions", file);
  const released = useCall(
    "release_list",
    { app, last: true, group, before: null, limit: 1 },
    { enabled: group !== null },
  ).data?.rows[0];
  const numbers = (versions.data ?? []).map(({ number }) => number);
  const sides = sidesOf(numbers, released !== undefined);
  return { sides, versions, released };
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
 * pair is compared they stay as they are: `shown` says whose they are, and `chosen` soon names the other one.
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
  const late = useSettled(query.isPlaceholderData, AS_ONE);
  const chosen = pair && query.isPlaceholderData && !late ? shown : pair;
  const object = groups.data?.objects.find(({ role }) => role === `file:${resolved}`);
  const changed = ofGroup ? object !== undefined : (files.data?.changed ?? false);
  const diff = (ofGroup ? object?.content : files.data?.diff) ?? null;
  return {
    shown,
    chosen,
    changed,
    diff: changed && diff ? diffLines(diff) : null,
    error: query.data === undefined ? query.error : null,
    waiting: pair !== null && query.data === undefined && !query.error,
    retry: () => void query.refetch(),
  };
}
