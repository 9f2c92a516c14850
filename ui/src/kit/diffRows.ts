/** How compared lines become rows: what is folded, and what stands beside what. */

export interface DiffLine {
  kind: "same" | "add" | "del";
  /** Line numbers on the two sides, from 1. */
  old?: number | null | undefined;
  new?: number | null | undefined;
  text: string;
  /** Parts of the text that differ: [from, to) in UTF-16 units. */
  words?: [number, number][] | undefined;
}

/** Unchanged lines that whoever compared has left out. */
export interface DiffGap {
  kind: "fold";
  folded: number;
  /** Number of the first of them in the new text. */
  new?: number | null | undefined;
}

/** Lines as the core compared them. */
export function diffLines({
  lines,
}: {
  lines: readonly (Omit<DiffLine, "kind"> & {
    kind: DiffLine["kind"] | DiffGap["kind"];
    folded?: number;
  })[];
}): (DiffLine | DiffGap)[] {
  return lines.map(({ kind, folded, ...line }) =>
    kind === "fold" ? { kind, folded: folded ?? 0, new: line.new } : { kind, ...line },
  );
}

export type DiffRow =
  /** Lines left out, from that of this number in the new text on: here, or with whoever compared. */
  | { kind: "fold"; count: number; from: number | null; here: boolean }
  /** Inline: one line. Side by side: a side is missing where the other has a line more. */
  | { kind: "line"; old?: DiffLine | undefined; new?: DiffLine | undefined; change: number | null };

/** Unchanged lines kept around a change; more fold. */
const CONTEXT = 3;

/**
 * The rows to draw. `change` numbers the changes from 0: neighbouring lines that differ are one. What begins at a line of
 * `opened`, by its number in the new text, does not fold.
 */
export function rowsOf(
  lines: readonly (DiffLine | DiffGap)[],
  opened: ReadonlySet<number>,
  beside: boolean,
): { rows: DiffRow[]; changes: number[] } {
  const rows: DiffRow[] = [];
  const changes: number[] = [];
  const near = nearChange(lines);
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (!line) break;
    if (line.kind === "fold") {
      rows.push({ kind: "fold", count: line.folded, from: line.new ?? null, here: false });
      at++;
    } else if (line.kind === "same") {
      const start = at;
      while (lines[at]?.kind === "same" && near[at] === near[start]) at++;
      const from = line.new ?? null;
      if (!near[start] && !(from !== null && opened.has(from))) {
        rows.push({ kind: "fold", count: at - start, from, here: true });
        continue;
      }
      for (const same of lines.slice(start, at)) {
        if (same.kind === "same") rows.push({ kind: "line", old: same, new: same, change: null });
      }
    } else {
      const gone: DiffLine[] = [];
      const come: DiffLine[] = [];
      for (let next = line; next.kind === "del" || next.kind === "add"; ) {
        (next.kind === "del" ? gone : come).push(next);
        const after = lines[++at];
        if (!after || after.kind === "fold") break;
        next = after;
      }
      const change = changes.length;
      changes.push(rows.length);
      if (beside) {
        for (let each = 0; each < Math.max(gone.length, come.length); each++) {
          rows.push({ kind: "line", old: gone[each], new: come[each], change });
        }
      } else {
        for (const old of gone) rows.push({ kind: "line", old, change });
        for (const each of come) rows.push({ kind: "line", new: each, change });
      }
    }
  }
  return { rows, changes };
}

/** How many changes there are. */
export function changeCount(lines: readonly (DiffLine | DiffGap)[]): number {
  const differs = (line: DiffLine | DiffGap | undefined) =>
    line?.kind === "add" || line?.kind === "del";
  return lines.filter((line, at) => differs(line) && !differs(lines[at - 1])).length;
}

function nearChange(lines: readonly (DiffLine | DiffGap)[]): boolean[] {
  const near = new Array<boolean>(lines.length).fill(false);
  lines.forEach((line, at) => {
    if (line.kind === "add" || line.kind === "del") {
      near.fill(true, Math.max(0, at - CONTEXT), at + CONTEXT + 1);
    }
  });
  return near;
}

/** One side's text, with empty lines where lines were left out, and the place of each line in it. */
export function sideText(
  lines: readonly (DiffLine | DiffGap)[],
  side: "old" | "new",
): { text: string; places: Map<DiffLine, number> } {
  const other = side === "old" ? "add" : "del";
  const places = new Map<DiffLine, number>();
  const parts: string[] = [];
  for (const line of lines) {
    if (line.kind === "fold" || line.kind === other) continue;
    places.set(line, parts.length);
    parts.push(line.text);
  }
  return { text: parts.join("\n"), places };
}
