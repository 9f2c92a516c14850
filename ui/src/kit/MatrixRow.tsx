// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus and names the cell that is active
import { Lock } from "lucide-react";
import { type Key, memo, type ReactNode } from "react";
import { cx } from "./cx";
import { Icon } from "./Icon";
import css from "./Matrix.module.css";
import { StatusMark } from "./StatusMark";
import { visible } from "./text";

export interface MatrixCell {
  /** What is shown; of a secret nothing is. */
  text: string;
  /** Strong, grey, grey, or red because it is missing. */
  state: "set" | "default" | "none" | "empty";
  secret?: boolean | undefined;
  /** An amber corner. */
  pending?: boolean | undefined;
  /** Said to a reader after the text, and shown as the title. */
  note?: string | undefined;
}

export interface MatrixRow {
  key: string;
  header: ReactNode;
}

export interface MatrixColumn {
  key: string;
  header: ReactNode;
}

/** Heights of a row and of the headers, widths of the row headers and of the first column, px; as in the styles. */
export const ROW = 32;
export const HEADER = 52;
export const KEY = 208;
export const FIRST = 96;
/** Least that is left of a cell beside its text, and what a character of its font takes, px, a little too much of each. */
const EDGES = 19;
const CHARACTER = 7.3;

interface Of {
  id: string;
  slot: number;
  row: MatrixRow;
  index: number;
  cell: (row: string, column: string) => MatrixCell;
  active: number | null;
}

/** What stays in sight of a row beside its cells, which it owns; drawn anew only when something of it changed. */
export const Pinned = memo(function Pinned({
  id,
  slot,
  row,
  index,
  cell,
  column,
  menu,
  pointed,
  active,
}: Of & {
  column: MatrixColumn | undefined;
  menu: ((row: string) => ReactNode) | undefined;
  pointed: boolean;
}) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-owns={`${id}${slot}`}
      data-row={index}
      className={css.pinned}
      style={{ top: index * ROW }}
    >
      <div role="rowheader" aria-colindex={1} className={css.key}>
        {row.header}
        {menu ? (
          <span key={row.key} data-menu="" className={cx(css.menu, pointed && css.pointed)}>
            {menu(row.key)}
          </span>
        ) : null}
      </div>
      {column ? (
        <Cell
          of={cell(row.key, column.key)}
          at={0}
          room={FIRST}
          id={active === 0 ? id : undefined}
        />
      ) : null}
    </div>
  );
});

/** The other cells of a row; drawn anew only when something of it changed. */
export const Line = memo(function Line({
  id,
  slot,
  row,
  index,
  columns,
  cell,
  from,
  to,
  across,
  width,
  total,
  active,
}: Of & {
  columns: readonly MatrixColumn[];
  from: number;
  to: number;
  /** How many columns are drawn at most. */
  across: number;
  width: number;
  total: number;
}) {
  const drawn = (at: number, key: Key) => {
    const column = columns[at];
    if (!column) return null;
    return (
      <Cell
        key={key}
        of={cell(row.key, column.key)}
        at={at}
        room={width}
        left={at < from || at >= to ? leftOf(at, width) : undefined}
        id={at === active ? id : undefined}
      />
    );
  };
  const cells = [];
  for (let at = from; at < to; at++) cells.push(drawn(at, at % across));
  // The active cell is named to a reader, so it is there even where it is out of sight.
  if (active !== null && active > 0 && (active < from || active >= to)) {
    cells.push(drawn(active, "active"));
  }
  return (
    <div
      id={`${id}${slot}`}
      role="presentation"
      data-row={index}
      className={css.row}
      style={{ top: HEADER + index * ROW, width: total, paddingLeft: leftOf(from, width) }}
    >
      {cells}
    </div>
  );
});

/** Where a column begins, px. */
function leftOf(at: number, width: number): number {
  return KEY + FIRST + (at - 1) * width;
}

/**
 * In the flow of its row, in the order of the columns: what is placed by itself is a layer of its own to paint. Drawn anew
 * only when it changed: of a row that is scrolled across, most stay.
 */
const Cell = memo(function Cell({
  of,
  at,
  room,
  left,
  id,
}: {
  of: MatrixCell;
  at: number;
  room: number;
  /** Of one that is out of the flow. */
  left?: number | undefined;
  /** Of the active one. */
  id: string | undefined;
}) {
  const { text, state, secret, pending, note } = of;
  const readable = visible(text);
  return (
    <div
      role="gridcell"
      id={id}
      aria-colindex={at + 2}
      aria-selected={id !== undefined}
      aria-label={note ? `${readable} ${note}` : undefined}
      title={note}
      className={cx(
        css.cell,
        css[state],
        at === 0 && css.first,
        left !== undefined && css.apart,
        pending && css.pending,
        id !== undefined && css.active,
        // What is cut off is a layer of its own to paint: only where there is something to cut.
        (state === "empty" || !fits(readable, room)) && css.cut,
      )}
      style={at === 0 ? undefined : { order: at, left, width: room }}
    >
      {state === "empty" ? <StatusMark state="danger" size={12} /> : null}
      {secret && state !== "empty" && state !== "none" ? (
        <Icon of={Lock} size={12} className={css.lock} />
      ) : null}
      {readable}
    </div>
  );
});

/** Whether a text has room in a cell of a width, px, to be on the safe side. */
function fits(text: string, width: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7e) return false;
  return text.length * CHARACTER <= width - EDGES;
}
