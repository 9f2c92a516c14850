import { Menu as Base } from "@base-ui/react/menu";
import { Fragment } from "react";
import { cx } from "./cx";
import { Icon } from "./Icon";
import { KeyHint } from "./KeyHint";
import type { MenuProps } from "./Menu";
import css from "./Overlay.module.css";

/** A menu that was opened once: from then on it opens and closes by itself. */
export function MenuPopup({ trigger, items, align = "start" }: MenuProps) {
  return (
    <Base.Root defaultOpen>
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
