import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { Checkbox } from "./Checkbox";
import { cx } from "./cx";
import { RowStop } from "./rowStop";
import css from "./Table.module.css";
import { VirtualList, type VirtualListHandle } from "./VirtualList";
import { useWords } from "./Words";

export interface Column<Row> {
  key: string;
  header: ReactNode;
  /** A CSS grid track: "120px", "minmax(140px, 1fr)". */
  width?: string | undefined;
  align?: "start" | "end" | undefined;
  cell: (row: Row) => ReactNode;
}

export interface TableProps<Row> {
  /** The accessible name of the table. */
  label: string;
  rows: readonly Row[];
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
}

type Item<Row> =
  | { kind: "heading"; key: string; heading: ReactNode }
  | { kind: "row"; key: string; row: Row; at: number };

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

  const items: Item<Row>[] = [];
  let heading: string | undefined;
  for (const [at, row] of rows.entries()) {
    const group = props.group?.(row);
    if (group && group.key !== heading) {
      heading = group.key;
      items.push({ kind: "heading", key: `heading:${group.key}`, heading: group.heading });
    }
    items.push({ kind: "row", key: rowKey(row), row, at });
  }

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
    const at = Math.min(rows.length - 1, Math.max(0, to));
    const row = rows[at];
    if (!row) return;
    const key = rowKey(row);
    setFocused(key);
    if (selected != null && onSelect && key !== selected) onSelect(key, row);
    const there = elementOf(at);
    if (there) there.focus();
    else {
      list.current?.scrollToIndex(items.findIndex((item) => item.key === key));
      requestAnimationFrame(() => elementOf(at)?.focus());
    }
  };

  const toggle = (row: Row) => {
    if (!withBoxes || props.canCheck?.(row) === false) return;
    const next = new Set(checked);
    const key = rowKey(row);
    if (!next.delete(key)) next.add(key);
    onCheck(next);
  };

  const onKeyDown = (event: KeyboardEvent, row: Row, at: number) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 320) / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
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
    const { row, key, at } = item;
    const detail = props.detail?.(row);
    const isChecked = checked?.has(key) ?? false;
    return (
      <div
        key={key}
        id={`${id}-${at}`}
        role="row"
        aria-rowindex={at + 2}
        aria-selected={onSelect ? key === selected : withBoxes ? isChecked : undefined}
        tabIndex={key === tabStop ? 0 : -1}
        className={cx(
          css.row,
          key === selected && css.open,
          (isChecked || key === selected) && css.selected,
          props.failing?.(row) && css.failing,
          onSelect && css.clickable,
        )}
        onFocus={() => setFocused(key)}
        onKeyDown={(event) => onKeyDown(event, row, at)}
        onClick={(event) => {
          const target = event.target as Element;
          // A menu of the row stands elsewhere on the page, and is the row's only to React.
          if (!event.currentTarget.contains(target)) return;
          // A press on a control inside the row is the control's.
          if (target.closest("button, a, input, label, [role=checkbox]")) return;
          onSelect?.(key, row);
        }}
      >
        <div
          role="presentation"
          className={css.line}
          style={{ gridTemplateColumns: tracks, height: rowHeight }}
        >
          {withBoxes ? (
            <div role="gridcell" tabIndex={-1} className={css.cell}>
              {props.canCheck?.(row) === false ? null : (
                <Checkbox
                  checked={isChecked}
                  tabIndex={-1}
                  onChange={() => toggle(row)}
                  label={`${words.select}: ${props.rowLabel?.(row) ?? key}`}
                />
              )}
            </div>
          ) : null}
          {columns.map((column) => (
            <div
              key={column.key}
              role="gridcell"
              tabIndex={-1}
              className={cx(css.cell, column.align === "end" && css.end)}
            >
              <RowStop value={key === tabStop}>{column.cell(row)}</RowStop>
            </div>
          ))}
          {props.actions ? (
            <div
              role="gridcell"
              tabIndex={-1}
              className={cx(css.actions, props.actionsShown && css.shown)}
            >
              <RowStop value={key === tabStop}>{props.actions(row)}</RowStop>
            </div>
          ) : null}
        </div>
        {detail ? (
          <div role="presentation" className={css.detail}>
            <div role="gridcell" tabIndex={-1} className={css.detailText}>
              <RowStop value={key === tabStop}>{detail}</RowStop>
            </div>
          </div>
        ) : null}
      </div>
    );
  };

  const heightOf = (item: Item<Row> | undefined) => {
    if (!item) return rowHeight;
    if (item.kind === "heading") return HEADING;
    return rowHeight + (props.detail?.(item.row) ? DETAIL : 0);
  };

  return (
    <div
      ref={scroller}
      className={cx(css.table, !props.flow && css.fill)}
      role="grid"
      tabIndex={-1}
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-multiselectable={withBoxes || undefined}
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
            <Checkbox
              checked={ticked > 0 && ticked === checkable.length}
              mixed={ticked > 0 && ticked < checkable.length}
              label={words.selectAll}
              onChange={(all) => onCheck(new Set(all ? checkable.map(rowKey) : []))}
            />
          </div>
        ) : null}
        {columns.map((column) => (
          <div
            key={column.key}
            role="columnheader"
            tabIndex={-1}
            className={cx(css.cell, column.align === "end" && css.end)}
          >
            {column.header}
          </div>
        ))}
        {props.actions ? (
          <div role="columnheader" tabIndex={-1} aria-label={words.actions} />
        ) : null}
      </div>
      {items.length > VIRTUAL_FROM ? (
        <VirtualList
          ref={list}
          role="rowgroup"
          count={items.length}
          scroller={scroller}
          paddingStart={HEADER}
          height={(index) => heightOf(items[index])}
          itemKey={(index) => items[index]?.key ?? index}
        >
          {(index) => {
            const item = items[index];
            return item ? draw(item) : null;
          }}
        </VirtualList>
      ) : (
        <div role="rowgroup">{items.map(draw)}</div>
      )}
    </div>
  );
}
