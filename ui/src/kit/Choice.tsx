import { Radio as BaseRadio } from "@base-ui/react/radio";
import { RadioGroup as BaseRadioGroup } from "@base-ui/react/radio-group";
import type { ReactNode } from "react";
import css from "./Choice.module.css";
import { cx } from "./cx";
import { Icon, type IconType } from "./Icon";

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
