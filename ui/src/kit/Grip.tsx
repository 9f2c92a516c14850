import { GripVertical } from "lucide-react";
import type { ButtonHTMLAttributes } from "react";
import css from "./Grip.module.css";
import { Icon } from "./Icon";

/** What a row of `useReorder` is dragged by. */
export function Grip({
  label,
  ...handlers
}: { label: string } & Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label" | "className">) {
  return (
    <button type="button" className={css.grip} aria-label={label} {...handlers}>
      <Icon of={GripVertical} size={14} />
    </button>
  );
}
