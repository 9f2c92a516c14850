import { ArrowDown, ArrowUp } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  type SyntheticEvent,
  useCallback,
  useDeferredValue,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
} from "react";
import { Checkbox } from "./Checkbox";
import { cx } from "./cx";
import { Icon } from "./Icon";
import css from "./Table.module.css";
import { TableRow } from "./TableRow";
import { VirtualList, type VirtualListHandle } from "./VirtualList";
import { useWords } from "./Words";

export interface Column<Row> {
  key: string;
  header: ReactNode;
  /** A CSS grid track: "120px", "minmax(140px, 1fr)". */
  width?: string | undefined;
  align?: "start" | "end" | undefined;
  /** Its header sorts by it. */
  sorts?: boolean | undefined;
  cell: (row: Row) => ReactNode;
}

export interface TableProps<Row> {
  /** The accessible name of the table. */
  label: string;
  rows: readonly Row[];
  /** There are more rows than are held: how many in all, and the place of the first one held. */
  part?: { total: number; from: number } | undefined;
  /** Which rows are drawn: those that should be held. */
  onRange?: ((first: number, last: number) => void) | undefined;
  sorted?: { key: string; descending: boolean } | undefined;
  onSort?: ((key: string) => void) | undefined;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  /** The open row: tint and teal edge. Belongs into the URL. */
  selected?: string | null | undefined;
  /** Click, Enter, and — while a row is open — arrow keys, so that a drawer follows. */
  onSelect?: ((key: string, row: Row) => void) | undefined;
  /** Rows that are ticked, with a box in front. */
  checked?: ReadonlySet<string> | undefined;
  onCheck?: ((keys: ReadonlySet<string>) => void) | undefined;
  canCheck?: ((row: Row) => boolean) | undefined;
  /** A failing row is tinted. */
  failing?: ((row: Row) => boolean) | undefined;
  /** A second line of 28 px: the reason. */
  detail?: ((row: Row) => ReactNode) | undefined;
  /** Appear at hover and focus in a column kept free for them; `shown` keeps them in sight. */
  actions?: ((row: Row) => ReactNode) | undefined;
  actionsWidth?: number | undefined;
  actionsShown?: boolean | undefined;
  /** Rows of one key stand under one heading. Rows must come sorted. */
  group?: ((row: Row) => { key: string; heading: ReactNode }) | undefined;
  /** Text a row is named by for a reader, default its key. */
  rowLabel?: ((row: Row) => string) | undefined;
  rowHeight?: 28 | 32 | 36 | undefined;
  /** Takes its height from its rows instead of filling its place and scrolling. */
  flow?: boolean | undefined;
  /** With `flow`: a row is as high as what it says needs. */
  grows?: boolean | undefined;
}

type Item<Row> =
  | { kind: "heading"; key: string; heading: ReactNode }
  | { kind: "row"; key: string; row: Row; at: number }
  /** Not held. */
  | { kind: "blank"; key: string };

/** From this many rows on only those in sight are drawn. */
const VIRTUAL_FROM = 120;
const HEADER = 28;
const DETAIL = 28;
const HEADING = 32;

export function Table<Row>(props: TableProps<Row>) {
  const { rows, columns, rowKey, selected, onSelect, checked, onCheck, rowHeight = 32 } = props;
  const words = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualListHandle>(null);
  const id = useId();
  const [focused, setFocused] = useState<string | null>(null);
  /** The row that the keyboard went to and that is not drawn yet. */
  const [wanted, setWanted] = useState<number | null>(null);
  // Rows come first, and what can be done with them in the next step: nobody presses what is not there to be read.
  const readable = useDeferredValue(true, false);
  const from = props.part?.from ?? 0;
  const total = props.part?.total ?? rows.length;

  const items: Item<Row>[] = [];
  let heading: string | undefined;
  for (const [at, row] of rows.entries()) {
    const group = props.group?.(row);
    if (group && group.key !== heading) {
      heading = group.key;
      items.push({ kind: "heading", key: `heading:${group.key}`, heading: group.heading });
    }
    items.push({ kind: "row", key: rowKey(row), row, at: from + at });
  }

  const count = props.part ? total : items.length;
  // Asked for every row there is, of which few are held.
  const heldAt = (index: number): Item<Row> | undefined => items[props.part ? index - from : index];
  const itemAt = (index: number): Item<Row> | undefined =>
    heldAt(index) ?? (props.part ? { kind: "blank", key: `blank:${index}` } : undefined);

  const withBoxes = checked !== undefined && onCheck !== undefined;
  const tracks = [
    withBoxes ? "22px" : null,
    ...columns.map((column) => column.width ?? "minmax(0, 1fr)"),
    props.actions ? `${props.actionsWidth ?? 96}px` : null,
  ]
    .filter(Boolean)
    .join(" ");
  // Exactly one row is in the tab order: the focused, else the open, else the first.
  const first = rows[0];
  const known = (key: string | null | undefined) =>
    key != null && rows.some((row) => rowKey(row) === key) ? key : undefined;
  const tabStop = known(focused) ?? known(selected) ?? (first ? rowKey(first) : undefined);

  const elementOf = (at: number) => document.getElementById(`${id}-${at}`);

  const move = (to: number) => {
    const at = Math.min(total - 1, Math.max(0, to));
    const row = rows[at - from];
    if (!row) {
      if (at >= 0) {
        list.current?.scrollToIndex(at);
        setWanted(at);
      }
      return;
    }
    const key = rowKey(row);
    setWanted(null);
    setFocused(key);
    if (selected != null && onSelect && key !== selected) onSelect(key, row);
    const there = elementOf(at);
    if (there) there.focus();
    else {
      list.current?.scrollToIndex(props.part ? at : items.findIndex((item) => item.key === key));
      requestAnimationFrame(() => elementOf(at)?.focus());
    }
  };
  const reached = wanted !== null && rows[wanted - from] !== undefined;
  const onReached = useEffectEvent(() => move(wanted ?? 0));
  useEffect(() => {
    if (reached) onReached();
  }, [reached]);

  const toggle = (row: Row) => {
    if (!withBoxes || props.canCheck?.(row) === false) return;
    const next = new Set(checked);
    const key = rowKey(row);
    if (!next.delete(key)) next.add(key);
    onCheck(next);
  };

  // What a row is given is the same while nothing of it changed.
  const latest = useRef(toggle);
  useEffect(() => {
    latest.current = toggle;
  });
  const onToggle = useCallback((row: Row) => latest.current(row), []);

  /** The row in which something happened. */
  const rowOf = (event: SyntheticEvent) => {
    const target = event.target as Element;
    // A menu of the row stands elsewhere on the page, and is the row's only to React.
    if (!event.currentTarget.contains(target)) return undefined;
    const line = target.closest("[role=row]");
    const at = Number(line?.getAttribute("aria-rowindex")) - 2;
    const row = rows[at - from];
    return line && row !== undefined ? { line, row, at } : undefined;
  };
  const onFocus = (event: SyntheticEvent) => {
    const here = rowOf(event);
    if (here) setFocused(rowKey(here.row));
  };
  const onClick = (event: SyntheticEvent) => {
    const here = rowOf(event);
    // A press on a control inside the row is the control's.
    if (!here || (event.target as Element).closest("button, a, input, label, [role=checkbox]")) {
      return;
    }
    onSelect?.(rowKey(here.row), here.row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const here = rowOf(event);
    if (!here || event.target !== here.line) return;
    const { row, at } = here;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 320) / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: total - 1,
      PageDown: at + page,
      PageUp: at - page,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === "Enter" && onSelect) {
      event.preventDefault();
      onSelect(rowKey(row), row);
    } else if (event.key === " " && withBoxes) {
      event.preventDefault();
      toggle(row);
    }
  };

  const checkable = withBoxes ? rows.filter((row) => props.canCheck?.(row) !== false) : [];
  const ticked = withBoxes ? checkable.filter((row) => checked.has(rowKey(row))).length : 0;

  const draw = (item: Item<Row>) => {
    if (item.kind === "heading") {
      return (
        <div key={item.key} role="row" tabIndex={-1} className={css.group}>
          <div role="gridcell" tabIndex={-1} aria-colspan={columns.length}>
            {item.heading}
          </div>
        </div>
      );
    }
    if (item.kind === "blank") {
      return <div key={item.key} className={css.row} style={{ height: rowHeight }} />;
    }
    const { row, key, at } = item;
    const isChecked = checked?.has(key) ?? false;
    return (
      <TableRow
        key={key}
        id={`${id}-${at}`}
        at={at}
        row={row}
        columns={columns}
        tracks={tracks}
        height={rowHeight}
        grows={props.grows}
        stop={key === tabStop}
        clickable={onSelect !== undefined}
        open={key === selected}
        ticked={withBoxes ? isChecked : undefined}
        tickable={props.canCheck?.(row) !== false}
        label={`${words.select}: ${props.rowLabel?.(row) ?? key}`}
        onToggle={onToggle}
        failing={props.failing?.(row)}
        detail={props.detail}
        actions={readable || props.actionsShown ? props.actions : undefined}
        actionsShown={props.actionsShown}
      />
    );
  };

  const heightOf = (item: Item<Row> | undefined) => {
    if (!item) return rowHeight;
    if (item.kind === "heading") return HEADING;
    return rowHeight + (item.kind === "row" && props.detail?.(item.row) ? DETAIL : 0);
  };

  return (
    <div
      ref={scroller}
      className={cx(css.table, !props.flow && css.fill)}
      role="grid"
      tabIndex={-1}
      aria-label={props.label}
      aria-rowcount={total + 1}
      aria-multiselectable={withBoxes || undefined}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div
        role="row"
        tabIndex={-1}
        aria-rowindex={1}
        className={css.header}
        style={{ gridTemplateColumns: tracks }}
      >
        {withBoxes ? (
          <div role="columnheader" tabIndex={-1} className={css.cell}>
            {rows.length < total ? null : (
              <Checkbox
                checked={ticked > 0 && ticked === checkable.length}
                mixed={ticked > 0 && ticked < checkable.length}
                label={words.selectAll}
                onChange={(all) => onCheck(new Set(all ? checkable.map(rowKey) : []))}
              />
            )}
          </div>
        ) : null}
        {columns.map((column) => (
          <div
            key={column.key}
            role="columnheader"
            tabIndex={-1}
            aria-sort={
              props.sorted?.key === column.key
                ? props.sorted.descending
                  ? "descending"
                  : "ascending"
                : undefined
            }
            className={cx(css.cell, column.align === "end" && css.end)}
          >
            {column.sorts && props.onSort ? (
              <button type="button" className={css.sort} onClick={() => props.onSort?.(column.key)}>
                {column.header}
                {props.sorted?.key === column.key ? (
                  <Icon of={props.sorted.descending ? ArrowDown : ArrowUp} size={14} />
                ) : null}
              </button>
            ) : (
              column.header
            )}
          </div>
        ))}
        {props.actions ? (
          <div role="columnheader" tabIndex={-1} aria-label={words.actions} />
        ) : null}
      </div>
      {count > VIRTUAL_FROM ? (
        <VirtualList
          ref={list}
          role="rowgroup"
          count={count}
          scroller={scroller}
          paddingStart={HEADER}
          height={(index) => heightOf(heldAt(index))}
          itemKey={(index) => heldAt(index)?.key ?? index}
          onRange={props.onRange}
        >
          {(index) => {
            const item = itemAt(index);
            return item ? draw(item) : null;
          }}
        </VirtualList>
      ) : (
        <div role="rowgroup">{items.map(draw)}</div>
      )}
    </div>
  );
}
