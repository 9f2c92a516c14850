import { Menu as Base } from "@base-ui/react/menu";
import { Tabs as BaseTabs } from "@base-ui/react/tabs";
import { Fragment, type ReactElement, type ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconType } from "./Icon";
import { KeyHint } from "./KeyHint";
import css from "./Overlay.module.css";
import tabs from "./Tabs.module.css";

export interface MenuItem {
  key: string;
  label: string;
  icon?: IconType | undefined;
  /** Drawn before the label instead of an icon: a tag, a mark. */
  mark?: ReactNode;
  note?: ReactNode;
  /** Keys shown at the right, for instance ["Ctrl", "L"]. */
  keys?: string[] | undefined;
  danger?: boolean | undefined;
  disabled?: boolean | undefined;
  /** What is shown already: bold. */
  current?: boolean | undefined;
  /** Starts a new part. */
  separated?: boolean | undefined;
  onSelect: () => void;
}

export function Menu({
  trigger,
  items,
  align = "start",
}: {
  /** A Button or IconButton. */
  trigger: ReactElement;
  items: MenuItem[];
  align?: "start" | "end";
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={css.positioner} sideOffset={4} align={align}>
          <Base.Popup className={css.menu}>
            {items.map((item) => (
              <Fragment key={item.key}>
                {item.separated ? <Base.Separator className={css.separator} /> : null}
                <Base.Item
                  className={cx(css.item, item.danger && css.danger, item.current && css.current)}
                  aria-current={item.current || undefined}
                  disabled={item.disabled ?? false}
                  label={item.label}
                  onClick={item.onSelect}
                >
                  {item.mark ?? (item.icon ? <Icon of={item.icon} /> : null)}
                  <span className={css.itemText}>
                    {item.label}
                    {item.note ? <span className={css.itemNote}>{item.note}</span> : null}
                  </span>
                  {item.keys ? <KeyHint keys={item.keys} /> : null}
                </Base.Item>
              </Fragment>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

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
    <div className={tabs.bar}>
      <BaseTabs.Root value={value} onValueChange={(next) => onChange(next as Value)}>
        <BaseTabs.List className={tabs.list} aria-label={label} activateOnFocus>
          {items.map((item) => (
            <BaseTabs.Tab key={item.value} value={item.value} className={tabs.tab}>
              {item.icon ? <Icon of={item.icon} /> : null}
              {item.label}
              {item.count !== undefined ? <span className={tabs.count}>{item.count}</span> : null}
              {item.mark}
            </BaseTabs.Tab>
          ))}
        </BaseTabs.List>
      </BaseTabs.Root>
      {actions ? <div className={tabs.actions}>{actions}</div> : null}
    </div>
  );
}
