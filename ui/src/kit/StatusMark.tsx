import type { ReactNode } from "react";
import { cx } from "./cx";
import css from "./StatusMark.module.css";

export type MarkState =
  | "ok"
  | "rolling"
  | "resting"
  | "warn"
  | "danger"
  | "idle"
  | "aborted"
  | "pending"
  | "stale"
  | "rolledback";

/** The shape of a state, 12 px. Without a word beside it, give it a label. */
export function StatusMark({
  state,
  size = 12,
  label,
  still,
  className,
}: {
  state: MarkState;
  size?: number;
  label?: string | undefined;
  /** The ring does not turn: many of them stand in a list. */
  still?: boolean | undefined;
  className?: string | undefined;
}) {
  if (state === "rolling") {
    return <Ring size={size} label={label} still={still} className={className} />;
  }
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by a label, or hidden beside its word
    <svg
      className={cx(css.mark, css[state], className)}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      fill="none"
      {...named(label)}
    >
      {shapes[state]}
    </svg>
  );
}

/** Three quarters of a ring: something moves. It turns in steps, and not at all while nobody looks. */
export function Ring({
  size = 12,
  label,
  still,
  className,
}: {
  size?: number;
  label?: string | undefined;
  still?: boolean | undefined;
  className?: string | undefined;
}) {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by a label, or hidden beside its word
    <svg
      className={cx(css.mark, css.rolling, !still && css.turning, className)}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      fill="none"
      strokeWidth="1.6"
      {...named(label)}
    >
      <circle cx="6" cy="6" r="4.9" className={css.track} />
      <path d="M6 1.1a4.9 4.9 0 1 1-4.9 4.9" stroke="currentColor" strokeLinecap="round" />
    </svg>
  );
}

function named(label: string | undefined) {
  return label
    ? ({ role: "img", "aria-label": label } as const)
    : ({ "aria-hidden": true } as const);
}

const shapes: Record<Exclude<MarkState, "rolling">, ReactNode> = {
  ok: (
    <>
      <circle cx="6" cy="6" r="6" fill="currentColor" />
      <path d="M3.4 6.3 5.2 8l3.4-3.9" className={css.cut} strokeWidth="1.5" />
    </>
  ),
  resting: (
    <>
      <circle cx="6" cy="6" r="6" fill="currentColor" />
      <path d="M4.6 3.8v4.4M7.4 3.8v4.4" className={css.cut} strokeWidth="1.5" />
    </>
  ),
  warn: (
    <>
      <path
        d="M5.2 1 .4 9.6A1 1 0 0 0 1.3 11h9.4a1 1 0 0 0 .9-1.4L6.8 1a.9.9 0 0 0-1.6 0Z"
        fill="currentColor"
      />
      <path d="M6 4.1v3M6 8.8v.3" className={css.cut} strokeWidth="1.3" />
    </>
  ),
  danger: (
    <>
      <path d="M3.6 0h4.8L12 3.6v4.8L8.4 12H3.6L0 8.4V3.6z" fill="currentColor" />
      <path d="m4 4 4 4M8 4 4 8" className={css.cut} strokeWidth="1.4" />
    </>
  ),
  idle: <circle cx="6" cy="6" r="4.9" stroke="currentColor" strokeWidth="1.4" />,
  aborted: (
    <>
      <circle cx="6" cy="6" r="4.9" stroke="currentColor" strokeWidth="1.4" />
      <path d="M3.8 6h4.4" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
  pending: (
    <>
      <path d="M6 .9 11.1 6 6 11.1.9 6z" stroke="currentColor" strokeWidth="1.3" />
      <path d="M6 .9v10.2L.9 6z" fill="currentColor" />
    </>
  ),
  stale: (
    <>
      <circle
        cx="6"
        cy="6"
        r="4.9"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeDasharray="2.1 1.75"
      />
      <path
        d="M6 3.6V6l1.7 1"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  rolledback: (
    <path
      d="M4.4 2.4 2 4.8l2.4 2.4M2.4 4.8h5a2.6 2.6 0 0 1 0 5.2H5.6"
      stroke="currentColor"
      strokeWidth="1.3"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
};

/**
 * A mark and its word. Healthy is quiet: ok and idle keep a plain word, all others colour it. `tone` decides otherwise:
 * plain and stale is grey, for rows below a bar that has said it already.
 */
export function Status({
  state,
  children,
  tone,
  still,
  className,
}: {
  state: MarkState;
  children: ReactNode;
  tone?: "plain" | "state" | undefined;
  still?: boolean | undefined;
  className?: string | undefined;
}) {
  const coloured = tone
    ? tone === "state"
    : state !== "ok" && state !== "idle" && state !== "aborted";
  const faded = !coloured && (state === "idle" || state === "aborted");
  return (
    <span
      className={cx(
        css.status,
        coloured && css.word,
        coloured && css[state],
        faded && css.faded,
        className,
      )}
    >
      <StatusMark
        state={state}
        still={still}
        className={tone === "plain" && state === "stale" ? css.grey : undefined}
      />
      <span className={css.text}>{children}</span>
    </span>
  );
}

/** The last results in a row, oldest left, 10 px each. */
export function PastResults({ results }: { results: { state: MarkState; label: string }[] }) {
  return (
    <span className={css.past}>
      {results.map((result, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a result has no identity but its place
        <StatusMark key={index} state={result.state} size={10} label={result.label} still />
      ))}
    </span>
  );
}
