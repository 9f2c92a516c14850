// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus and names the cell that is active
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import css from "./Matrix.module.css";
import { MatrixField } from "./MatrixField";
import {
  FIRST,
  HEADER,
  KEY,
  Line,
  type MatrixCell,
  type MatrixColumn,
  type MatrixRow,
  Pinned,
  ROW,
} from "./MatrixRow";
import { useWords } from "./Words";

/** A cell by the keys of its row and column. */
export interface MatrixPlace {
  row: string;
  column: string;
}

/** What was typed or pasted into a cell. */
export interface MatrixEdit {
  place: MatrixPlace;
  text: string;
}

export interface MatrixProps {
  label: string;
  /** Above the row headers. */
  corner: ReactNode;
  rows: readonly MatrixRow[];
  /** The first column stays in sight beside the row headers. */
  columns: readonly MatrixColumn[];
  /** Stable between drawings while nothing changed, as `rows` and `columns`. */
  cell: (row: string, column: string) => MatrixCell;
  /** Typed and confirmed, or pasted: several at once from the rows of a spreadsheet. */
  onEdit: (edits: readonly MatrixEdit[]) => void;
  /** Delete or Backspace in a cell. */
  onClear: (place: MatrixPlace) => void;
  active: MatrixPlace | null;
  onActive: (place: MatrixPlace) => void;
  /** A button with what can be done with a row: over the end of its header, seen where the pointer is; Shift-F10 presses it. */
  menu?: ((row: string) => ReactNode) | undefined;
}

const COLUMN = 128;
/** Rows and columns drawn beyond what is in sight. */
const BEYOND = 1;
/** A column that comes into sight comes to a part of the rows in each frame: there is one beyond it, and so the time. */
const PARTS = 3;

interface Shown {
  row: number;
  column: number;
  /** The column that each part of the rows begins with. */
  parts: readonly number[];
  height: number;
  width: number;
}

/** Brings one part of the rows to the column that is in sight; all of them, where some would be blank before their turn. */
function caughtUp(shown: Shown): Shown {
  const { column, parts } = shown;
  if (parts.some((part) => Math.abs(part - column) > BEYOND)) {
    return { ...shown, parts: parts.map(() => column) };
  }
  const next = parts.findIndex((part) => part !== column);
  return next < 0 ? shown : { ...shown, parts: parts.with(next, column) };
}

/**
 * Keys × places, as a grid of one stop for Tab: arrows move, Enter and typing edit, Escape takes it back, Ctrl/Cmd-C
 * copies a cell, -V pastes one, or the rows of a spreadsheet from it on, Shift-F10 opens the menu of the row. All rows and columns are of one size, so that what is in sight is a division.
 */
export function Matrix({
  label,
  corner,
  rows,
  columns,
  cell,
  onEdit,
  onClear,
  active,
  onActive,
  menu,
}: MatrixProps) {
  const words = useWords();
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Shown>({
    row: 0,
    column: 0,
    parts: new Array(PARTS).fill(0),
    height: 800,
    width: 1200,
  });
  const [editing, setEditing] = useState<string | null>(null);
  const pasting = useRef(false);
  const [pointed, setPointed] = useState(-1);

  const free = columns.length - 1;
  const width = Math.max(COLUMN, Math.floor((shown.width - KEY - FIRST) / Math.max(1, free)));
  const at = {
    row: Math.max(
      0,
      rows.findIndex(({ key }) => key === active?.row),
    ),
    column: Math.max(
      0,
      columns.findIndex(({ key }) => key === active?.column),
    ),
  };
  const row = rows[at.row];
  const column = columns[at.column];
  const place = row && column ? { row: row.key, column: column.key } : null;

  useEffect(() => {
    const element = grid.current;
    if (!element) return;
    const measure = () => {
      if (element.clientWidth === 0) return;
      setShown((last) => ({ ...last, height: element.clientHeight, width: element.clientWidth }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const element = grid.current;
    if (!element) return;
    const next = {
      row: Math.floor(element.scrollTop / ROW),
      column: Math.floor(element.scrollLeft / width),
    };
    if (next.row !== shown.row || next.column !== shown.column) {
      setShown(caughtUp({ ...shown, ...next }));
    }
  };
  useEffect(() => {
    if (shown.parts.every((part) => part === shown.column)) return;
    const frame = requestAnimationFrame(() => setShown(caughtUp));
    return () => cancelAnimationFrame(frame);
  }, [shown]);

  const reveal = (toRow: number, toColumn: number) => {
    const element = grid.current;
    if (!element) return;
    const top = toRow * ROW;
    const high = element.clientHeight - HEADER;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW > element.scrollTop + high) element.scrollTop = top + ROW - high;
    if (toColumn === 0) return;
    const left = (toColumn - 1) * width;
    const wide = element.clientWidth - KEY - FIRST;
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (left + width > element.scrollLeft + wide) element.scrollLeft = left + width - wide;
  };
  const show = useEffectEvent(() => {
    if (active) reveal(at.row, at.column);
  });
  // What the page was opened for is in sight.
  useEffect(() => show(), []);
  const go = (toRow: number, toColumn: number) => {
    const nextRow = Math.min(rows.length - 1, Math.max(0, toRow));
    const nextColumn = Math.min(columns.length - 1, Math.max(0, toColumn));
    const there = rows[nextRow];
    const where = columns[nextColumn];
    if (!there || !where) return;
    reveal(nextRow, nextColumn);
    // From the menu of a row that goes out of sight.
    grid.current?.focus({ preventScroll: true });
    onActive({ row: there.key, column: where.key });
  };
  const begin = (text: string) => {
    reveal(at.row, at.column);
    // At once, so that the key that began it goes into the field.
    flushSync(() => setEditing(text));
    const field = grid.current?.querySelector<HTMLTextAreaElement>("[data-field]");
    field?.focus();
    field?.setSelectionRange(text.length, text.length);
  };
  const end = () => {
    pasting.current = false;
    setEditing(null);
    grid.current?.focus({ preventScroll: true });
  };
  const commit = (text: string) => {
    if (place) onEdit([{ place, text }]);
    end();
  };
  const paste = (text: string) => {
    onEdit(
      pastedCells(text).flatMap((line, down) =>
        line.flatMap((text, right) => {
          const [to, where] = [rows[at.row + down], columns[at.column + right]];
          return to && where ? [{ place: { row: to.key, column: where.key }, text }] : [];
        }),
      ),
    );
    end();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!place || editing !== null) return;
    const page = Math.max(1, Math.floor(((grid.current?.clientHeight ?? 0) - HEADER) / ROW) - 1);
    const mod = event.ctrlKey || event.metaKey;
    const moves: Record<string, [number, number]> = {
      ArrowUp: [mod ? 0 : at.row - 1, at.column],
      ArrowDown: [mod ? rows.length - 1 : at.row + 1, at.column],
      ArrowLeft: [at.row, mod ? 0 : at.column - 1],
      ArrowRight: [at.row, mod ? columns.length - 1 : at.column + 1],
      Home: [mod ? 0 : at.row, 0],
      End: [mod ? rows.length - 1 : at.row, columns.length - 1],
      PageUp: [at.row - page, at.column],
      PageDown: [at.row + page, at.column],
    };
    const now = cell(place.row, place.column);
    const own = now.secret || now.state !== "set" ? "" : now.text;
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      go(...move);
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      begin(own);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      onClear(place);
    } else if (event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) {
      event.preventDefault();
      grid.current
        ?.querySelector<HTMLElement>(`[data-row="${at.row}"] [data-menu] button`)
        ?.click();
    } else if (mod && event.key.toLowerCase() === "c") {
      event.preventDefault();
      const readable = now.state === "set" || now.state === "default";
      if (!now.secret && readable) void words.copyText(now.text);
    } else if (mod && event.key.toLowerCase() === "v") {
      // The field takes what is pasted; the page may not read the clipboard by itself.
      pasting.current = true;
      begin("");
    } else if (
      !mod &&
      !event.altKey &&
      // An input method says only that it is at work: the field must be there before the first sign.
      (event.key.length === 1 || event.key === "Process" || event.nativeEvent.isComposing)
    ) {
      begin("");
    }
  };
  const rowOf = (event: MouseEvent) => {
    const row = (event.target as Element).closest<HTMLElement>("[data-row]")?.dataset.row;
    return row === undefined ? -1 : Number(row);
  };
  const columnOf = (event: MouseEvent) => {
    const cell = (event.target as Element).closest("[role=gridcell]")?.ariaColIndex;
    return cell ? Number(cell) - 2 : -1;
  };

  // As many of each are drawn wherever it is scrolled to: what leaves the sight is filled anew and comes back on the other
  // side, for laying out what comes and goes costs more than half of a frame.
  const lines = Math.ceil(shown.height / ROW) + 1 + 2 * BEYOND;
  const first = Math.max(0, shown.row - BEYOND);
  const last = Math.min(rows.length, first + lines);
  const across = Math.ceil((shown.width - KEY) / width) + 1 + 2 * BEYOND;
  const columnsFrom = (column: number) => {
    const from = Math.max(1, column + 1 - BEYOND);
    return { from, to: Math.min(columns.length, from + across) };
  };
  const { from, to } = columnsFrom(shown.column);
  const total = KEY + FIRST + free * width;
  const inSight = [];
  const pinned = [];
  for (let index = first; index < last; index++) {
    const row = rows[index];
    if (row === undefined) break;
    const slot = index % lines;
    const of = { id, slot, row, index, cell, active: index === at.row && place ? at.column : null };
    pinned.push(
      <Pinned
        key={slot}
        {...of}
        column={columns[0]}
        menu={index === pointed || index === at.row ? menu : undefined}
        pointed={index === pointed}
      />,
    );
    inSight.push(
      <Line
        key={slot}
        {...of}
        columns={columns}
        {...columnsFrom(shown.parts[slot % PARTS] ?? shown.column)}
        across={across}
        width={width}
        total={total}
      />,
    );
  }
  return (
    <div
      ref={grid}
      role="grid"
      className={css.grid}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={place ? id : undefined}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        const [toRow, toColumn] = [rowOf(event), columnOf(event)];
        if (toRow >= 0 && toColumn >= 0 && editing === null) go(toRow, toColumn);
      }}
      onPointerOver={(event) => {
        const over = rowOf(event);
        if (over >= 0) setPointed(over);
      }}
      onPointerLeave={() => setPointed(-1)}
      onDoubleClick={(event) => {
        if (columnOf(event) < 0 || editing !== null || !place) return;
        const now = cell(place.row, place.column);
        begin(now.secret || now.state !== "set" ? "" : now.text);
      }}
    >
      <div className={css.canvas} style={{ width: total, height: HEADER + rows.length * ROW }}>
        <div role="row" aria-rowindex={1} className={css.header} style={{ width: total }}>
          <div role="columnheader" aria-colindex={1} className={css.corner}>
            {corner}
          </div>
          {columns.slice(0, 1).map((each) => (
            <div key={each.key} role="columnheader" aria-colindex={2} className={css.firstHeader}>
              {each.header}
            </div>
          ))}
          {columns.slice(from, to).map((each, index) => (
            <div
              key={each.key}
              role="columnheader"
              aria-colindex={from + index + 2}
              className={css.columnHeader}
              style={{ left: KEY + FIRST + (from + index - 1) * width, width }}
            >
              {each.header}
            </div>
          ))}
        </div>
        <div role="presentation" className={css.pinnedRows}>
          {pinned}
        </div>
        {inSight}
        {editing !== null && place ? (
          <MatrixField
            key={`${place.row} ${place.column}`}
            initial={editing}
            secret={cell(place.row, place.column).secret ?? false}
            label={`${place.row}, ${label}`}
            style={{
              top: HEADER + at.row * ROW,
              left: at.column === 0 ? KEY : KEY + FIRST + (at.column - 1) * width,
              width: at.column === 0 ? FIRST : width,
            }}
            onPaste={(text) => {
              if (!pasting.current) return false;
              paste(text);
              return true;
            }}
            onDone={(text, step) => {
              commit(text);
              if (step) go(at.row + step[0], at.column + step[1]);
            }}
            onCancel={end}
          />
        ) : null}
      </div>
    </div>
  );
}

/**
 * The cells of what was copied: a spreadsheet parts them by tabs and ends its rows with a line end. Without a tab it is
 * the text of one cell, which may have several lines.
 */
function pastedCells(text: string): string[][] {
  if (!text.includes("\t")) return [[text]];
  const lines = text.replaceAll("\r\n", "\n").replace(/\n$/, "").split("\n");
  return lines.map((line) => line.split("\t"));
}
