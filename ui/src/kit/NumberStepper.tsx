import { NumberField } from "@base-ui/react/number-field";
import { Minus, Plus } from "lucide-react";
import { useFieldProps } from "./Field";
import { Icon } from "./Icon";
import css from "./Input.module.css";
import { useWords } from "./Words";

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
