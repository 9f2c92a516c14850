import type { ReactNode, UIEvent } from "react";
import { cx } from "./cx";
import css from "./Split.module.css";

/** A list that fills its place, and right of a hairline the row that is chosen in it. */
export function Split({ children }: { children: ReactNode }) {
  return <div className={css.split}>{children}</div>;
}

export function SplitList({
  onScroll,
  children,
}: {
  /** Of whatever scrolls in it. */
  onScroll?: ((event: UIEvent) => void) | undefined;
  children: ReactNode;
}) {
  return (
    <div className={css.list} onScrollCapture={onScroll}>
      {children}
    </div>
  );
}

export function SplitPanel({
  label,
  wide,
  children,
}: {
  /** What is chosen. */
  label: string;
  /** Holds tables of its own. */
  wide?: boolean | undefined;
  children: ReactNode;
}) {
  return (
    <aside className={cx(css.panel, wide && css.wide)} aria-label={label}>
      {children}
    </aside>
  );
}

/** Name, badges and actions of what is chosen; the actions at the right. */
export function SplitHead({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <header className={css.head}>
      {children}
      {actions ? <span className={css.actions}>{actions}</span> : null}
    </header>
  );
}
