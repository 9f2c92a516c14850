import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { Option } from "./Choice";
import css from "./Choice.module.css";
import { cx } from "./cx";
import { useFieldProps } from "./Field";
import { Icon } from "./Icon";
import overlay from "./Overlay.module.css";

export function Select<Value extends string>({
  value,
  onChange,
  onHighlight,
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
  /** An option is pointed at, or reached by the keyboard: what it would show can be asked ahead. */
  onHighlight?: ((value: Value) => void) | undefined;
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
    <Base.Root
      {...(field.id ? { id: field.id } : {})}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next as Value);
      }}
      disabled={disabled ?? false}
      items={options}
    >
      <Base.Trigger
        className={cx(css.select, small && css.small, quiet && css.quiet, className)}
        {...(label ? { "aria-label": label } : {})}
        aria-describedby={field["aria-describedby"]}
        aria-invalid={field["aria-invalid"]}
      >
        <Base.Value className={css.value}>
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
        </Base.Value>
        <Icon of={ChevronDown} size={14} className={css.chevron} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className={overlay.positioner} sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className={cx(overlay.menu, css.list)}>
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                label={option.label}
                disabled={option.disabled ?? false}
                className={overlay.item}
                onFocus={() => onHighlight?.(option.value)}
              >
                {option.icon ? <Icon of={option.icon} /> : null}
                <Base.ItemText className={overlay.itemText}>
                  {option.content ?? option.label}
                </Base.ItemText>
                {option.note ? <span className={css.count}>{option.note}</span> : null}
                <Base.ItemIndicator className={css.chosen}>
                  <Icon of={Check} size={14} />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
