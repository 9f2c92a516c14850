import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from "react";
import { cx } from "./cx";
import { useFieldProps } from "./Field";
import { Icon, type IconType } from "./Icon";
import css from "./Input.module.css";

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
