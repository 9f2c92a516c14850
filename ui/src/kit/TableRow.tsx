import { memo, type ReactNode } from "react";
import { Checkbox } from "./Checkbox";
import { cx } from "./cx";
import { RowStop } from "./rowStop";
import type { Column } from "./Table";
import css from "./Table.module.css";

export interface TableRowProps<Row> {
  id: string;
  /** Its place among all, from 0. */
  at: number;
  row: Row;
  columns: Column<Row>[];
  /** The CSS grid of its cells. */
  tracks: string;
  /** Of its first line, px; the least of it where it grows. */
  height: number;
  grows: boolean | undefined;
  /** The one that Tab comes to. */
  stop: boolean;
  clickable: boolean;
  open: boolean;
  /** Undefined without a box. */
  ticked: boolean | undefined;
  tickable: boolean;
  /** Of its box. */
  label: string;
  onToggle: (row: Row) => void;
  failing: boolean | undefined;
  detail: ((row: Row) => ReactNode) | undefined;
  actions: ((row: Row) => ReactNode) | undefined;
  actionsShown: boolean | undefined;
}

function One<Row>({
  id,
  at,
  row,
  columns,
  tracks,
  height,
  grows,
  stop,
  clickable,
  open,
  ticked,
  tickable,
  label,
  onToggle,
  failing,
  detail,
  actions,
  actionsShown,
}: TableRowProps<Row>) {
  const boxed = ticked !== undefined;
  const said = detail?.(row);
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={clickable ? open : ticked}
      tabIndex={stop ? 0 : -1}
      className={cx(
        css.row,
        open && css.open,
        (ticked || open) && css.selected,
        failing && css.failing,
        clickable && css.clickable,
      )}
    >
      <div
        role="presentation"
        className={cx(css.line, grows && css.grows)}
        style={{
          gridTemplateColumns: tracks,
          ...(grows ? { minHeight: height } : { height }),
        }}
      >
        {boxed ? (
          <div role="gridcell" tabIndex={-1} className={css.cell}>
            {tickable ? (
              <Checkbox
                checked={ticked}
                tabIndex={-1}
                onChange={() => onToggle(row)}
                label={label}
              />
            ) : null}
          </div>
        ) : null}
        {columns.map((column) => (
          <div
            key={column.key}
            role="gridcell"
            tabIndex={-1}
            className={cx(css.cell, column.align === "end" && css.end)}
          >
            <RowStop value={stop}>{column.cell(row)}</RowStop>
          </div>
        ))}
        {actions ? (
          <div role="gridcell" tabIndex={-1} className={cx(css.actions, actionsShown && css.shown)}>
            <RowStop value={stop}>{actions(row)}</RowStop>
          </div>
        ) : null}
      </div>
      {said ? (
        <div role="presentation" className={cx(css.detail, boxed && css.boxed)}>
          <div role="gridcell" tabIndex={-1} className={css.detailText}>
            <RowStop value={stop}>{said}</RowStop>
          </div>
        </div>
      ) : null}
    </div>
  );
}

/** A row of a table; drawn anew only when something of it changed: of many that are watched, a few change at a time. */
export const TableRow = memo(One) as typeof One;
