import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { IconButton } from "./Button";
import { cx } from "./cx";
import css from "./Text.module.css";
import { visible } from "./text";
import { useWords } from "./Words";

/** A name, image or address that one click copies. */
export function Copyable({
  text,
  children,
  label,
  mono = true,
}: {
  text: string;
  /** Drawn instead of the text itself. */
  children?: ReactNode;
  /** What is copied, for the button's name: "Copy: image". */
  label?: string | undefined;
  mono?: boolean | undefined;
}) {
  const words = useWords();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);
  const name = label ? `${words.copy}: ${label}` : words.copy;
  return (
    <span className={cx(css.copyable, mono && css.mono)}>
      {children ?? <TruncateMiddle text={text} />}
      <IconButton
        small
        className={css.copy}
        icon={done ? Check : Copy}
        label={done ? words.copied : name}
        onClick={() => {
          words.copyText(text).then(
            () => setDone(true),
            // Without a clipboard the button keeps its word; the text itself can still be selected.
            () => setDone(false),
          );
        }}
      />
    </span>
  );
}

/** Gives way in the middle, since names differ at their ends. The whole text is the title and what a reader hears. */
export function TruncateMiddle({
  text,
  tail = 8,
  className,
}: {
  text: string;
  /** How many characters at the end always stay. */
  tail?: number;
  className?: string | undefined;
}) {
  const shown = visible(text);
  const cut = Math.max(0, shown.length - tail);
  return (
    <span className={cx(css.middle, className)} title={shown}>
      {/* Two boxes are two words to a reader: it gets the whole, unseen. */}
      <span className={css.whole}>{shown}</span>
      {cut > 0 ? (
        <span className={css.head} aria-hidden="true">
          {shown.slice(0, cut)}
        </span>
      ) : null}
      <span className={css.tail} aria-hidden="true">
        {shown.slice(cut)}
      </span>
    </span>
  );
}

/** Relative, with the exact time on hover; moves on by itself. */
export function RelativeTime({
  at,
  className,
}: {
  at: Date | string | number;
  className?: string;
}) {
  const words = useWords();
  const date = new Date(at);
  const now = useNow(Math.abs(Date.now() - date.getTime()) < 90_000 ? 1_000 : 30_000);
  if (Number.isNaN(date.getTime())) return <span className={className}>–</span>;
  return (
    <time className={className} dateTime={date.toISOString()} title={words.exactTime(date)}>
      {words.relativeTime(date, now)}
    </time>
  );
}

/** The present, renewed every `step` ms, and not at all while the window is hidden. */
export function useNow(step: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(new Date());
    }, step);
    return () => clearInterval(timer);
  }, [step]);
  return now;
}

/** A tinted word of 18 px: amd64, running, fits. */
export function Badge({
  tone = "neutral",
  children,
}: {
  tone?: "neutral" | "progress" | "ok" | "warn" | "danger";
  children: ReactNode;
}) {
  return <span className={cx(css.badge, css[tone])}>{children}</span>;
}

/** Label and value in two columns. */
export function Facts({
  items,
  labelWidth = 96,
}: {
  items: { label: string; value: ReactNode }[];
  labelWidth?: number;
}) {
  return (
    <dl className={css.facts} style={{ gridTemplateColumns: `${labelWidth}px minmax(0, 1fr)` }}>
      {items.map((item) => (
        <div key={item.label} className={css.fact}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A number with its unit set back: `131m`, `212 MiB`. */
export function Quantity({ value, unit, tight }: { value: string; unit: string; tight?: boolean }) {
  return (
    <span className={css.quantity}>
      {value}
      <span className={css.unit}>{tight ? unit : ` ${unit}`}</span>
    </span>
  );
}
