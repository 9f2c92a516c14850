import type { MatrixCell } from "~/kit";
import type { CellValue, KeyUse, MatrixKey, ValueCell, ValueMatrix } from "~/wire/types";

/** The column of the app-wide defaults; no group has this id. */
export const DEFAULT = "default";

export type Which = "all" | "empty" | "pending" | "differ";

/** What a value says where it may be read; a secret says nothing. */
export function said(value: CellValue): string {
  return value.kind === "plain" ? value.text : "••••••";
}

/** What a group gets of a key. */
export function effectiveOf(key: MatrixKey, cell: ValueCell): CellValue | null {
  return cell.value ?? (cell.state === "default" ? key.default : null);
}

/** Whether the groups that use a key get different values. */
export function differs(key: MatrixKey): boolean {
  const values = new Set(
    key.cells
      .filter(({ state }) => state !== "none" && state !== "empty")
      .map((cell) => {
        const value = effectiveOf(key, cell);
        return value?.kind === "sealed" ? `sealed:${value.id}` : `plain:${value?.text}`;
      }),
  );
  return values.size > 1;
}

/** How many cells are empty, or wait for a release. */
export function countCells(matrix: ValueMatrix, of: "empty" | "pending"): number {
  let count = 0;
  for (const { cells } of matrix.keys) {
    for (const cell of cells) if (of === "empty" ? cell.state === "empty" : cell.pending) count++;
  }
  return count;
}

/** As `countCells`, of one group. */
export function countIn(matrix: ValueMatrix, group: string, of: "empty" | "pending"): number {
  const at = matrix.groups.findIndex(({ id }) => id === group);
  return matrix.keys.filter(({ cells }) =>
    of === "empty" ? cells[at]?.state === "empty" : cells[at]?.pending,
  ).length;
}

/** The keys that a filter lets through: by name, or by a value that can be read. */
export function filterKeys(matrix: ValueMatrix, which: Which, filter: string): MatrixKey[] {
  const wanted = filter.trim().toLowerCase();
  return matrix.keys.filter((key) => {
    if (which === "empty" && !key.cells.some(({ state }) => state === "empty")) return false;
    if (which === "pending" && !key.cells.some(({ pending }) => pending)) return false;
    if (which === "differ" && !differs(key)) return false;
    if (wanted === "" || key.key.toLowerCase().includes(wanted)) return true;
    return [key.default, ...key.cells.map(({ value }) => value)].some(
      (value) => value?.kind === "plain" && value.text.toLowerCase().includes(wanted),
    );
  });
}

/** The words that a cell needs. */
export interface CellWords {
  none: string;
  emptyCell: string;
  isDefault: string;
  isInline: string;
  isEmpty: string;
  isPending: string;
  isSecret: string;
  isElsewhere: string;
}

/** What the matrix draws for a key in a column. */
export function cellOf(
  key: MatrixKey,
  column: number | typeof DEFAULT,
  words: CellWords,
): MatrixCell {
  const cell = column === DEFAULT ? null : key.cells[column];
  const value = column === DEFAULT ? key.default : cell ? effectiveOf(key, cell) : null;
  // Also where there is none yet: what is typed there must not be seen either.
  const secret = key.sensitive;
  if (cell?.state === "empty") {
    return { text: words.emptyCell, state: "empty", secret, note: words.isEmpty };
  }
  if (!value) return { text: words.none, state: "none", secret };
  const notes = [
    cell?.state === "default" ? words.isDefault : null,
    cell?.state === "inline" ? words.isInline : null,
    value.kind === "sealed" ? (value.known ? words.isSecret : words.isElsewhere) : null,
    cell?.pending ? words.isPending : null,
  ].filter((note) => note !== null);
  return {
    text: said(value),
    state: cell === null || cell?.state === "set" ? "set" : "default",
    secret,
    pending: cell?.pending,
    note: notes.length > 0 ? notes.join(", ") : undefined,
  };
}

/** A key without a value, and what would help. */
export interface Blocking {
  group: string;
  groupName: string;
  count: number;
  /** The first empty key of the group, and where it is needed. */
  key: string;
  sensitive: boolean;
  use: KeyUse | undefined;
  /** A group that has a value for it, of the same environment before others. */
  source: { id: string; name: string; value: CellValue } | undefined;
}

/** The groups that empty values block, each with its first. */
export function blockingOf(matrix: ValueMatrix): Blocking[] {
  return matrix.groups.flatMap((group, at) => {
    const empty = matrix.keys.filter((key) => key.cells[at]?.state === "empty");
    const [key] = empty;
    if (!key) return [];
    return [
      {
        group: group.id,
        groupName: group.name,
        count: empty.length,
        key: key.key,
        sensitive: key.sensitive,
        use: neededBy(key, group.id),
        source: sourceOf(matrix, key, at),
      },
    ];
  });
}

/** Where a group needs a key: in what it inherits, or in what it has itself. */
export function neededBy(key: MatrixKey, group: string): KeyUse | undefined {
  return key.uses.find((use) => use.group === null || use.group === group);
}

/** A group whose own value of this key could be taken over. */
export function sourceOf(matrix: ValueMatrix, key: MatrixKey, at: number): Blocking["source"] {
  const environment = matrix.groups[at]?.environment?.id;
  const candidates = matrix.groups
    .map((group, index) => ({
      group,
      value: key.cells[index]?.value,
      state: key.cells[index]?.state,
    }))
    .filter(({ state, value }) => state === "set" && value != null);
  const best =
    candidates.findLast(({ group }) => group.environment?.id === environment) ?? candidates.at(-1);
  return best?.value ? { id: best.group.id, name: best.group.name, value: best.value } : undefined;
}
