import type { ReactNode } from "react";
import { cx } from "./cx";
import css from "./Progress.module.css";
import { type MarkState, StatusMark } from "./StatusMark";

export interface Stage {
  key: string;
  name: ReactNode;
  state: MarkState;
  /** "1 pod · 22:04" */
  note?: ReactNode;
}

/** The way of a release: a mark for each stage, joined by a line that is teal as far as it went. */
export function Stages({ stages, label }: { stages: Stage[]; label: string }) {
  return (
    <ol className={css.stages} aria-label={label}>
      {stages.map((stage, index) => (
        <li
          key={stage.key}
          className={cx(
            css.stage,
            stage.state === "idle" && css.ahead,
            stage.state === "danger" && css.failed,
            index < stages.length - 1 && stages[index + 1]?.state !== "idle" && css.passed,
          )}
          aria-current={stage.state === "rolling" || stage.state === "resting" ? "step" : undefined}
        >
          <span className={css.way}>
            <StatusMark state={stage.state} />
          </span>
          <span className={css.stageName}>{stage.name}</span>
          {stage.note ? <span className={css.stageNote}>{stage.note}</span> : null}
        </li>
      ))}
    </ol>
  );
}

export interface TimelineEntry {
  key: string;
  state: MarkState;
  /** Short time, for instance 22:11. */
  time: ReactNode;
  title: ReactNode;
  text?: ReactNode;
  strong?: boolean | undefined;
}

/** What happened, newest first. */
export function Timeline({ entries, label }: { entries: TimelineEntry[]; label: string }) {
  return (
    <ol className={css.timeline} aria-label={label}>
      {entries.map((entry) => (
        <li key={entry.key} className={css.entry}>
          <span className={css.entryMark}>
            <StatusMark state={entry.state} still />
          </span>
          <span className={css.entryTime}>{entry.time}</span>
          <span className={css.entryBody}>
            <span className={cx(css.entryTitle, entry.strong && css.strong)}>{entry.title}</span>
            {entry.text ? <span className={css.entryText}>{entry.text}</span> : null}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** 4–8 px: done of all, in teal; for a quota what others use stands before it in slate. */
export function ProgressBar({
  value,
  of,
  used = 0,
  label,
  height = 6,
}: {
  value: number;
  of: number;
  used?: number;
  label: string;
  height?: number;
}) {
  const share = (part: number) => `${of > 0 ? Math.min(100, (part / of) * 100) : 0}%`;
  return (
    <div
      className={css.progress}
      style={{ height }}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={Math.min(of, value + used)}
    >
      {used > 0 ? <span className={css.used} style={{ width: share(used) }} /> : null}
      <span className={css.own} style={{ width: share(value) }} />
    </div>
  );
}

/** The steps of a wizard: numbered discs, filled = here, green mark = done. */
export function Stepper({
  steps,
  current,
  onGo,
  label,
}: {
  steps: { key: string; name: string; note?: string | undefined; done?: boolean | undefined }[];
  current: string;
  onGo: (key: string) => void;
  label: string;
}) {
  return (
    <nav className={css.stepper} aria-label={label}>
      {steps.map((step, index) => (
        <button
          key={step.key}
          type="button"
          className={cx(css.step, step.key === current && css.here)}
          aria-current={step.key === current ? "step" : undefined}
          onClick={() => onGo(step.key)}
        >
          {step.done && step.key !== current ? (
            <StatusMark state="ok" size={18} />
          ) : (
            <span className={css.disc}>{index + 1}</span>
          )}
          {step.name}
          {step.note ? <span className={css.stepNote}>{step.note}</span> : null}
        </button>
      ))}
    </nav>
  );
}

/** What is ticked in a table and what can be done with it; raised, at the bottom in the middle. */
export function SelectionBar({ children, label }: { children: ReactNode; label: string }) {
  return (
    <div className={css.selection} role="toolbar" aria-label={label}>
      {children}
    </div>
  );
}

/** 52 px at the end of a form: where it is kept on the left, two buttons on the right. */
export function FormFooter({ facts, children }: { facts: ReactNode; children: ReactNode }) {
  return (
    <footer className={css.footer} data-form-footer="">
      <div className={css.footerFacts}>{facts}</div>
      {children}
    </footer>
  );
}
