import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import css from "./Choice.module.css";
import { Icon } from "./Icon";

export interface ToggleProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** The word beside it. Without it, give `label`. */
  children?: ReactNode;
  label?: string | undefined;
  disabled?: boolean | undefined;
}

export function Checkbox({
  checked,
  onChange,
  children,
  label,
  disabled,
  mixed,
  tabIndex,
}: ToggleProps & {
  /** Some, but not all. */
  mixed?: boolean | undefined;
  tabIndex?: number | undefined;
}) {
  const box = (
    <Base.Root
      className={css.checkbox}
      checked={checked}
      indeterminate={mixed ?? false}
      onCheckedChange={(next) => onChange(next)}
      disabled={disabled ?? false}
      {...(tabIndex === undefined ? {} : { tabIndex })}
      {...(label ? { "aria-label": label } : {})}
    >
      <Base.Indicator className={css.tick}>
        <Icon of={mixed ? Minus : Check} size={12} />
      </Base.Indicator>
    </Base.Root>
  );
  return children === undefined ? (
    box
  ) : (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box inside is the control
    <label className={css.choice}>
      {box}
      <span>{children}</span>
    </label>
  );
}
