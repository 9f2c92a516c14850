import { NumberField } from "@base-ui/react/number-field";
import { Minus, Plus } from "lucide-react";
import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from "react";
import { cx } from "./cx";
import { useFieldProps } from "./Field";
import { Icon, type IconType } from "./Icon";
import css from "./Input.module.css";
import { useWords } from "./Words";

export interface InputProps
  extends Omit<InputHTMLAttributes<HTMLInputElement>, "prefix" | "onChange"> {
  value: string;
  onChange: (value: string) => void;
  invalid?: boolean | undefined;
  /** Names, keys, images, addresses. */
  mono?: boolean | undefined;
  icon?: IconType | undefined;
  /** Small words inside the field, before and after the value: `request 200 m`. */
  prefix?: ReactNode;
  suffix?: ReactNode;
  ref?: Ref<HTMLInputElement> | undefined;
}

export function Input({
  value,
  onChange,
  invalid,
  mono,
  icon,
  prefix,
  suffix,
  className,
  id,
  ref,
  ...rest
}: InputProps) {
  const field = useFieldProps({ id, invalid });
  return (
    <span
      className={cx(css.box, mono && css.mono, className)}
      data-invalid={field["aria-invalid"] ? "" : undefined}
      data-disabled={rest.disabled ? "" : undefined}
    >
      {icon ? <Icon of={icon} size={14} className={css.icon} /> : null}
      {prefix ? <span className={css.affix}>{prefix}</span> : null}
      <input
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        {...rest}
        {...field}
        ref={ref}
        className={css.input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {suffix ? <span className={css.affix}>{suffix}</span> : null}
    </span>
  );
}

export interface TextareaProps
  extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "onChange"> {
  value: string;
  onChange: (value: string) => void;
  invalid?: boolean | undefined;
  mono?: boolean | undefined;
  ref?: Ref<HTMLTextAreaElement> | undefined;
}

export function Textarea({
  value,
  onChange,
  invalid,
  mono,
  className,
  id,
  ref,
  ...rest
}: TextareaProps) {
  const field = useFieldProps({ id, invalid });
  return (
    <textarea
      spellCheck={false}
      rows={3}
      {...rest}
      {...field}
      ref={ref}
      className={cx(css.box, css.textarea, mono && css.mono, className)}
      data-invalid={field["aria-invalid"] ? "" : undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** − n +. `null` is an empty field. */
export function NumberStepper({
  value,
  onChange,
  min = 0,
  max,
  step = 1,
  disabled,
  invalid,
  label,
}: {
  value: number | null;
  onChange: (value: number | null) => void;
  min?: number;
  max?: number | undefined;
  step?: number;
  disabled?: boolean | undefined;
  invalid?: boolean | undefined;
  /** Only where no Field names it. */
  label?: string | undefined;
}) {
  const words = useWords();
  const field = useFieldProps({ invalid });
  return (
    <NumberField.Root
      {...(field.id ? { id: field.id } : {})}
      value={value}
      onValueChange={(next) => onChange(next)}
      min={min}
      {...(max === undefined ? {} : { max })}
      step={step}
      disabled={disabled ?? false}
      allowOutOfRange
      className={css.stepper}
    >
      <NumberField.Group
        className={css.group}
        data-invalid={field["aria-invalid"] ? "" : undefined}
      >
        <NumberField.Decrement className={css.step} aria-label={words.decrease}>
          <Icon of={Minus} size={14} />
        </NumberField.Decrement>
        <NumberField.Input
          className={css.number}
          aria-label={label}
          aria-describedby={field["aria-describedby"]}
          aria-invalid={field["aria-invalid"]}
        />
        <NumberField.Increment className={css.step} aria-label={words.increase}>
          <Icon of={Plus} size={14} />
        </NumberField.Increment>
      </NumberField.Group>
    </NumberField.Root>
  );
}
