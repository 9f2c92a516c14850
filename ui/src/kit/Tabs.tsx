import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { Icon, type IconType } from "./Icon";
import css from "./Tabs.module.css";

export interface Tab<Value extends string> {
  value: Value;
  label: string;
  count?: number | undefined;
  mark?: ReactNode;
  icon?: IconType | undefined;
}

/** Tabs of 36 px. The chosen one belongs into the URL; the page draws its panel itself. */
export function Tabs<Value extends string>({
  value,
  onChange,
  items,
  label,
  actions,
}: {
  value: Value;
  onChange: (value: Value) => void;
  items: Tab<Value>[];
  label: string;
  /** At the right end of the row. */
  actions?: ReactNode;
}) {
  return (
    <div className={css.bar}>
      <Base.Root value={value} onValueChange={(next) => onChange(next as Value)}>
        <Base.List className={css.list} aria-label={label} activateOnFocus>
          {items.map((item) => (
            <Base.Tab key={item.value} value={item.value} className={css.tab}>
              {item.icon ? <Icon of={item.icon} /> : null}
              {item.label}
              {item.count !== undefined ? <span className={css.count}>{item.count}</span> : null}
              {item.mark}
            </Base.Tab>
          ))}
        </Base.List>
      </Base.Root>
      {actions ? <div className={css.actions}>{actions}</div> : null}
    </div>
  );
}
