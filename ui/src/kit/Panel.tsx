import type { HTMLAttributes, ReactNode, Ref } from "react";
import { cx } from "./cx";
import css from "./Panel.module.css";

interface Part extends HTMLAttributes<HTMLElement> {
  ref?: Ref<HTMLDivElement> | undefined;
  children?: ReactNode;
}

/** What a tab of the dock shows. */
export function Panel({ className, ...rest }: Part) {
  return <div {...rest} className={cx(css.panel, className)} />;
}

/** 36 px above it. What finds no place goes on in a second line, or is scrolled to. */
export function PanelTools({
  lack,
  className,
  ...rest
}: Part & { lack?: "wraps" | "scrolls" | undefined }) {
  return <div {...rest} className={cx(css.tools, lack && css[lack], className)} />;
}

/** What it is about; scrolls. */
export function PanelBody({ className, ...rest }: Part) {
  return <div {...rest} className={cx(css.body, className)} />;
}

/** 24 px below it: facts at the left, as many as find place, and what stands always at the right. */
export function PanelFoot({
  facts,
  title,
  children,
}: {
  facts: ReactNode;
  title?: string | undefined;
  children?: ReactNode;
}) {
  return (
    <div className={css.foot}>
      <span className={css.facts} title={title}>
        {facts}
      </span>
      {children}
    </div>
  );
}

/** Things one below the other, split by hairlines. */
export function PanelRows({
  label,
  className,
  children,
}: {
  label: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <ul className={cx(css.rows, className)} aria-label={label}>
      {children}
    </ul>
  );
}

export function PanelRow({
  label,
  failing,
  className,
  children,
}: {
  label?: string | undefined;
  failing?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <li className={cx(css.row, failing && css.failing, className)} aria-label={label}>
      {children}
    </li>
  );
}
