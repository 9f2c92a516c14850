import { type ReactNode, useState } from "react";
import { Button } from "./Button";
import { cx } from "./cx";
import css from "./Diff.module.css";
import { visible } from "./text";

export interface DiffLine {
  kind: "same" | "add" | "del";
  /** Line numbers on the two sides, from 1. */
  old?: number | null | undefined;
  new?: number | null | undefined;
  text: string;
  /** Parts of the text that differ: [from, to) in UTF-16 units. */
  words?: [number, number][] | undefined;
}

/** Unchanged lines that whoever compared has left out. */
export interface DiffGap {
  kind: "fold";
  folded: number;
}

const signs = { same: " ", add: "+", del: "−" } as const;
/** Unchanged lines kept around a change; more fold. */
const CONTEXT = 3;

/** A unified diff of lines somebody else compared. Long unchanged parts fold, and open again where they are here. */
export function Diff({
  lines,
  label,
  title,
  foldText,
}: {
  lines: (DiffLine | DiffGap)[];
  label: string;
  /** File header above the lines. */
  title?: ReactNode;
  /** "24 unchanged lines" */
  foldText: (count: number) => string;
}) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const near = lines.map((_, index) =>
    lines
      .slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1)
      .some((line) => line.kind === "add" || line.kind === "del"),
  );
  const rows: ReactNode[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (!line) continue;
    const start = index;
    if (line.kind === "fold") {
      rows.push(
        <div key={`gap${start}`} className={css.fold}>
          {foldText(line.folded)}
        </div>,
      );
      continue;
    }
    if (!near[index] && !opened.has(index)) {
      while (!near[index + 1] && lines[index + 1]?.kind === "same") index++;
      const count = index - start + 1;
      rows.push(
        <div key={`fold${start}`} className={css.fold}>
          <Button
            kind="link"
            onClick={() => {
              const next = new Set(opened);
              for (let at = start; at < start + count; at++) next.add(at);
              setOpened(next);
            }}
          >
            {foldText(count)}
          </Button>
        </div>,
      );
      continue;
    }
    rows.push(
      <div key={start} className={cx(css.line, css[line.kind])}>
        <span className={css.number}>{line.old}</span>
        <span className={css.number}>{line.new}</span>
        <span className={css.sign}>{signs[line.kind]}</span>
        <span className={css.text}>{marked(line)}</span>
      </div>,
    );
  }
  return (
    <figure className={css.diff} aria-label={label}>
      {title ? <figcaption className={css.title}>{title}</figcaption> : null}
      <div className={css.lines}>{rows}</div>
    </figure>
  );
}

function marked({ text, words }: DiffLine): ReactNode {
  if (!words || words.length === 0) return visible(text);
  const parts: ReactNode[] = [];
  let end = 0;
  for (const [from, to] of words) {
    parts.push(visible(text.slice(end, from)));
    parts.push(
      <mark key={from} className={css.word}>
        {visible(text.slice(from, to))}
      </mark>,
    );
    end = to;
  }
  parts.push(visible(text.slice(end)));
  return parts;
}
