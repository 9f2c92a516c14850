import { Menu as Base } from "@base-ui/react/menu";
import { Fragment, useEffect, useRef } from "react";
import { cx } from "./cx";
import { Icon } from "./Icon";
import { KeyHint } from "./KeyHint";
import type { MenuProps } from "./Menu";
import css from "./Overlay.module.css";

/** A menu that was opened once: from then on it opens and closes by itself. Keys lead to its first item. */
export function MenuPopup({
  trigger,
  items,
  align = "start",
  used,
}: MenuProps & { used: "by keys" | "by pointer" }) {
  const button = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: how it was opened at first
  useEffect(() => {
    if (used !== "by keys") return;
    button.current?.focus();
    button.current?.click();
  }, []);
  return (
    <Base.Root defaultOpen={used === "by pointer"}>
      <Base.Trigger ref={button} render={trigger} />
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
