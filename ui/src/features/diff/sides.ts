import type { Catalogue, Format } from "~/i18n";
import type { DiffSide, DiffSideHead, DiffSideOf } from "~/wire/types";

/** A side as it stands in the address: `saved`, `release:ID`, and of another group `GROUP/saved`. */
export function sideWord({ group, side }: DiffSideOf, own: string): string {
  const word = side.kind === "release" ? `release:${side.id}` : side.kind;
  return group === own ? word : `${group}/${word}`;
}

export function sideOf(word: string | undefined, own: string, fallback: DiffSide): DiffSideOf {
  if (word === undefined) return { group: own, side: fallback };
  const cut = word.lastIndexOf("/");
  const group = cut < 0 ? own : word.slice(0, cut);
  const kind = word.slice(cut + 1);
  if (kind.startsWith("release:")) {
    return { group, side: { kind: "release", id: kind.slice("release:".length) } };
  }
  return kind === "saved" || kind === "released" || kind === "live"
    ? { group, side: { kind } }
    : { group: own, side: fallback };
}

/** What a side is: when it was saved, who released it, when it was read. */
export function headText(head: DiffSideHead, text: Catalogue, format: Format): string {
  const words = text.diff;
  const at = format.dateTime(head.at);
  switch (head.side.kind) {
    case "saved":
      return words.savedAt(at);
    case "live":
      return words.liveAt(format.time(head.at));
    default:
      return words.releasedBy(head.seq === null ? "–" : `r${head.seq}`, head.by ?? "–", at);
  }
}

export function sideName(head: DiffSideHead, text: Catalogue): string {
  const words = text.diff;
  if (head.side.kind !== "release") return words.side[head.side.kind];
  return words.release(head.seq === null ? "–" : `r${head.seq}`);
}
