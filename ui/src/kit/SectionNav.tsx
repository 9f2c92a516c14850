import type { ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconType } from "./Icon";
import css from "./SectionNav.module.css";

/** The sections of a long page, 184 px at its left, with what waits or is wrong in each. */
export function SectionNav<Key extends string>({
  label,
  items,
  current,
  onGo,
  foot,
  children,
}: {
  label: string;
  items: { key: Key; title: string; icon?: IconType | undefined; marks?: ReactNode }[];
  current: Key;
  onGo: (key: Key) => void;
  foot?: ReactNode;
  /** Below a hairline: pages that belong to the same object. */
  children?: ReactNode;
}) {
  return (
    <nav className={css.nav} aria-label={label}>
      {items.map((item) => (
        <button
          key={item.key}
          type="button"
          className={cx(css.entry, item.key === current && css.chosen)}
          aria-current={item.key === current ? "true" : undefined}
          onClick={() => onGo(item.key)}
        >
          {item.icon ? <Icon of={item.icon} /> : null}
          <span className={css.title}>{item.title}</span>
          {item.marks ? <span className={css.marks}>{item.marks}</span> : null}
        </button>
      ))}
      {children ? <div className={css.more}>{children}</div> : null}
      {foot ? <p className={css.foot}>{foot}</p> : null}
    </nav>
  );
}
