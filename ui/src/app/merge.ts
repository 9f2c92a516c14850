import type { MergePart } from "~/wire/types";

/** What stays of each conflict, by its place among the parts. */
export type Taken = ReadonlyMap<number, "ours" | "theirs" | "both">;

/** The text that a person made of both sides; null while a place is not decided. */
export function merged(parts: readonly MergePart[], taken: Taken): string | null {
  let text = "";
  for (const [at, part] of parts.entries()) {
    if (part.kind !== "conflict") {
      text += part.text;
      continue;
    }
    const side = taken.get(at);
    if (side === undefined) return null;
    text += side === "both" ? lineEnded(part.ours) + part.theirs : part[side];
  }
  return text;
}

/** The last line of a file may have no end; what comes after it begins a line of its own. */
function lineEnded(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
