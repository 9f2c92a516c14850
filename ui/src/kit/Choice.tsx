import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Radio as BaseRadio } from "@base-ui/react/radio";
import { RadioGroup as BaseRadioGroup } from "@base-ui/react/radio-group";
import { Select as BaseSelect } from "@base-ui/react/select";
import { Switch as BaseSwitch } from "@base-ui/react/switch";
import { Check, ChevronDown, Minus } from "lucide-react";
import type { ReactNode } from "react";
import css from "./Choice.module.css";
import { cx } from "./cx";
import { useFieldProps } from "./Field";
import { Icon, type IconType } from "./Icon";
import overlay from "./Overlay.module.css";

interface ToggleProps {
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
    <BaseCheckbox.Root
      className={css.checkbox}
      checked={checked}
      indeterminate={mixed ?? false}
      onCheckedChange={(next) => onChange(next)}
      disabled={disabled ?? false}
      {...(tabIndex === undefined ? {} : { tabIndex })}
      {...(label ? { "aria-label": label } : {})}
    >
      <BaseCheckbox.Indicator className={css.tick}>
        <Icon of={mixed ? Minus : Check} size={12} />
      </BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
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

export function Switch({ checked, onChange, children, label, disabled }: ToggleProps) {
  const field = useFieldProps();
  const track = (
    <BaseSwitch.Root
      className={css.switch}
      checked={checked}
      onCheckedChange={(next) => onChange(next)}
      disabled={disabled ?? false}
      {...(field.id ? { id: field.id } : {})}
      {...(label ? { "aria-label": label } : {})}
    >
      <BaseSwitch.Thumb className={css.thumb} />
    </BaseSwitch.Root>
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

export interface Option<Value extends string> {
  value: Value;
  label: string;
  /** Drawn instead of the label, which stays the accessible name. */
  content?: ReactNode;
  icon?: IconType | undefined;
  note?: ReactNode;
  disabled?: boolean | undefined;
}

export function RadioGroup<Value extends string>({
  value,
  onChange,
  options,
  label,
  row,
  disabled,
}: {
  value: Value | null;
  onChange: (value: Value) => void;
  options: Option<Value>[];
  label: string;
  row?: boolean | undefined;
  disabled?: boolean | undefined;
}) {
  return (
    <BaseRadioGroup
      className={cx(css.radios, row && css.row)}
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      disabled={disabled ?? false}
    >
      {options.map((option) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the radio inside is the control
        <label key={option.value} className={css.choice}>
          <BaseRadio.Root
            value={option.value}
            disabled={option.disabled ?? false}
            className={css.radio}
          >
            <BaseRadio.Indicator className={css.dot} />
          </BaseRadio.Root>
          <span>
            {option.content ?? option.label}
            {option.note ? <span className={css.note}>{option.note}</span> : null}
          </span>
        </label>
      ))}
    </BaseRadioGroup>
  );
}

/** One of a few, all in sight; the chosen one is raised. */
export function Segment<Value extends string>({
  value,
  onChange,
  options,
  label,
  disabled,
}: {
  value: Value;
  onChange: (value: Value) => void;
  options: Option<Value>[];
  label: string;
  disabled?: boolean | undefined;
}) {
  return (
    <BaseRadioGroup
      className={css.segment}
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      disabled={disabled ?? false}
    >
      {options.map((option) => (
        <BaseRadio.Root
          key={option.value}
          value={option.value}
          disabled={option.disabled ?? false}
          className={css.part}
          aria-label={option.label}
        >
          {option.icon ? <Icon of={option.icon} size={14} /> : null}
          {option.content ?? option.label}
          {option.note !== undefined ? <span className={css.count}>{option.note}</span> : null}
        </BaseRadio.Root>
      ))}
    </BaseRadioGroup>
  );
}

export function Select<Value extends string>({
  value,
  onChange,
  options,
  label,
  placeholder,
  disabled,
  invalid,
  small,
  quiet,
  className,
}: {
  value: Value | null;
  onChange: (value: Value) => void;
  options: Option<Value>[];
  /** Only where no Field names it. */
  label?: string | undefined;
  placeholder?: string | undefined;
  disabled?: boolean | undefined;
  invalid?: boolean | undefined;
  small?: boolean | undefined;
  /** Without border: in tool bars. */
  quiet?: boolean | undefined;
  className?: string | undefined;
}) {
  const field = useFieldProps({ invalid });
  const chosen = options.find((option) => option.value === value);
  return (
    <BaseSelect.Root
      {...(field.id ? { id: field.id } : {})}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next as Value);
      }}
      disabled={disabled ?? false}
      items={options}
    >
      <BaseSelect.Trigger
        className={cx(css.select, small && css.small, quiet && css.quiet, className)}
        {...(label ? { "aria-label": label } : {})}
        aria-describedby={field["aria-describedby"]}
        aria-invalid={field["aria-invalid"]}
      >
        <BaseSelect.Value className={css.value}>
          {() =>
            chosen ? (
              <>
                {chosen.icon ? <Icon of={chosen.icon} size={14} /> : null}
                {chosen.content ?? chosen.label}
              </>
            ) : (
              <span className={css.placeholder}>{placeholder}</span>
            )
          }
        </BaseSelect.Value>
        <Icon of={ChevronDown} size={14} className={css.chevron} />
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner
          className={overlay.positioner}
          sideOffset={4}
          alignItemWithTrigger={false}
        >
          <BaseSelect.Popup className={cx(overlay.menu, css.list)}>
            {options.map((option) => (
              <BaseSelect.Item
                key={option.value}
                value={option.value}
                label={option.label}
                disabled={option.disabled ?? false}
                className={overlay.item}
              >
                {option.icon ? <Icon of={option.icon} /> : null}
                <BaseSelect.ItemText className={overlay.itemText}>
                  {option.content ?? option.label}
                </BaseSelect.ItemText>
                {option.note ? <span className={css.count}>{option.note}</span> : null}
                <BaseSelect.ItemIndicator className={css.chosen}>
                  <Icon of={Check} size={14} />
                </BaseSelect.ItemIndicator>
              </BaseSelect.Item>
            ))}
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}
