import { cx } from "./cx";
import css from "./Text.module.css";

const symbols: Record<string, string> = {
  Enter: "⏎",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

/** Keys as they stand on the keyboard. */
export function KeyHint({ keys, onFill }: { keys: string[]; onFill?: boolean | undefined }) {
  return (
    <span className={cx(css.keys, onFill && css.onFill)}>
      {keys.map((key) => (
        <kbd key={key} className={css.key}>
          {symbols[key] ?? key}
        </kbd>
      ))}
    </span>
  );
}
