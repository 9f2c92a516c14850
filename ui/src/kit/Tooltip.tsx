import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import css from "./Overlay.module.css";

/** Says what a control is or why it is off. The trigger must be able to take the focus. */
export function Tooltip({
  text,
  title,
  side = "bottom",
  children,
}: {
  text: ReactNode;
  title?: ReactNode;
  side?: "top" | "bottom" | "left" | "right";
  children: ReactElement;
}) {
  return (
    <Base.Root>
      <Base.Trigger render={children} delay={400} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className={css.positioner}>
          <Base.Popup className={css.tooltip}>
            {title ? <strong>{title}</strong> : null}
            <span>{text}</span>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
