import { Switch as Base } from "@base-ui/react/switch";
import type { ToggleProps } from "./Checkbox";
import css from "./Choice.module.css";
import { useFieldProps } from "./Field";

export function Switch({ checked, onChange, children, label, disabled }: ToggleProps) {
  const field = useFieldProps();
  const track = (
    <Base.Root
      className={css.switch}
      checked={checked}
      onCheckedChange={(next) => onChange(next)}
      disabled={disabled ?? false}
      {...(field.id ? { id: field.id } : {})}
      {...(label ? { "aria-label": label } : {})}
    >
      <Base.Thumb className={css.thumb} />
    </Base.Root>
  );
  return children === undefined ? (
    track
  ) : (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control
    <label className={css.choice}>
      {track}
      <span>{children}</span>
    </label>
  );
}
