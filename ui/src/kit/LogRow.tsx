import type { ReactNode } from "react";
import { cx } from "./cx";
import css from "./LogRow.module.css";

/** Height of a row that does not wrap, px. */
export const LOG_ROW = 18;

export interface LogRowProps {
  /** As it shall stand there: 22:45:40.118 */
  time?: string | undefined;
  /** Who wrote it, and the colour of the name: 1 to 9, of which the last is for what fails. */
  name?: string | undefined;
  colour?: number | undefined;
  level?: string | undefined;
  /** Left edge: the version of the pod. */
  edge?: "old" | "new" | "failing" | undefined;
  wrap?: boolean | undefined;
  /** Under the keys. */
  current?: boolean | undefined;
  selected?: boolean | undefined;
  children: ReactNode;
}

/** One line of a log. */
export function LogRow({
  time,
  name,
  colour,
  level,
  edge,
  wrap,
  current,
  selected,
  children,
}: LogRowProps) {
  const upper = level?.toUpperCase();
  return (
    <div
      className={cx(
        css.line,
        edge && css[edge],
        wrap && css.wrap,
        selected && css.selected,
        current && css.current,
      )}
      aria-current={current || undefined}
    >
      {time !== undefined ? <span className={css.time}>{time}</span> : null}
      {name !== undefined ? (
        <span className={css.name} style={{ color: `var(--p${colour ?? 8})` }}>
          {name}
        </span>
      ) : null}
      {upper ? (
        <span
          className={cx(
            css.level,
            upper.startsWith("WARN") && css.warnLevel,
            /^(ERR|FATAL|PANIC|CRIT)/.test(upper) && css.errorLevel,
          )}
        >
          {upper}
        </span>
      ) : null}
      <span className={css.text}>{children}</span>
    </div>
  );
}

/** What is said between the lines: what is missing, and where. */
export function LogNote({ children }: { children: ReactNode }) {
  return <div className={cx(css.line, css.note)}>{children}</div>;
}
