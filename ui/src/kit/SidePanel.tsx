import { type ReactNode, useId } from "react";
import { Icon, type IconType } from "./Icon";
import css from "./SidePanel.module.css";
import { type MarkState, StatusMark } from "./StatusMark";

/** Right of a form, split from it by a hairline: what will be created, and what is right or missing already. */
export function SidePanel({ children }: { children: ReactNode }) {
  return <aside className={css.panel}>{children}</aside>;
}

export function SidePart({
  title,
  note,
  children,
}: {
  title: string;
  /** At the right of the title, subtle. */
  note?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div className={css.head}>
        <h2 id={id}>{title}</h2>
        {note ? <span className={css.note}>{note}</span> : null}
      </div>
      {children}
    </section>
  );
}

/** An object that will be created, and how much of it. */
export function SideObject({
  icon,
  title,
  name = "",
  children,
}: {
  icon: IconType;
  title: string;
  /** What it will be called. */
  name?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className={css.object}>
      <Icon of={icon} />
      <div>
        <p>{title}</p>
        {name ? <code>{name}</code> : null}
      </div>
      <span className={css.note}>{children}</span>
    </div>
  );
}

export interface SideCheck {
  key: string;
  state: MarkState;
  title: string;
  note?: string | undefined;
}

export function SideChecks({ checks }: { checks: readonly SideCheck[] }) {
  return (
    <ul className={css.checks}>
      {checks.map(({ key, state, title, note }) => (
        <li key={key}>
          <StatusMark state={state} />
          <div>
            <p className={state === "danger" ? css.danger : undefined}>{title}</p>
            {note ? <p className={css.hint}>{note}</p> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
