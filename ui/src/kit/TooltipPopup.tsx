import { Tooltip as Base } from "@base-ui/react/tooltip";
import css from "./Overlay.module.css";
import type { TooltipText } from "./Tooltip";

/** What a tooltip says, beside what it says it of. */
export function TooltipPopup({
  text,
  title,
  side = "bottom",
  anchor,
  onClose,
  onEnter,
  onLeave,
}: TooltipText & {
  anchor: Element;
  onClose: () => void;
  onEnter: () => void;
  onLeave: () => void;
}) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} side={side} sideOffset={6} className={css.positioner}>
          <Base.Popup className={css.tooltip} onPointerEnter={onEnter} onPointerLeave={onLeave}>
            {title ? <strong>{title}</strong> : null}
            <span>{text}</span>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
