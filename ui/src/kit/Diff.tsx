import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./Button";
import type { CodeLanguage } from "./code/language";
import { painted } from "./code/painted";
import type { Colour } from "./code/parser";
import { cx } from "./cx";
import css from "./Diff.module.css";
import { type DiffGap, type DiffLine, type DiffRow, rowsOf, sideText } from "./diffRows";
import { VirtualList, type VirtualListHandle } from "./VirtualList";

export { changeCount, type DiffGap, type DiffLine, diffLines } from "./diffRows";

const signs = { same: " ", add: "+", del: "−" } as const;
const LINE = 20;
/** Below this all rows are drawn; above, what is in sight. */
const VIRTUAL_FROM = 300;

export interface DiffProps {
  lines: (DiffLine | DiffGap)[];
  label: string;
  /** File header above the lines. */
  title?: ReactNode;
  /** "24 unchanged lines" */
  foldText: (count: number) => string;
  /** Both texts beside each other, a hatched gap where one has no line. Default: one below the other. */
  beside?: boolean | undefined;
  /** Above the two sides: what they are. */
  heads?: { old: ReactNode; new: ReactNode } | undefined;
  language?: CodeLanguage | undefined;
  /** Fills its place and scrolls in it, without a border of its own. */
  fill?: boolean | undefined;
  /** The change in front, from 0. Alt and an arrow move it. */
  change?: number | undefined;
  onChange?: ((change: number) => void) | undefined;
}

/** Lines that somebody else compared. Long unchanged parts fold, and open again where they are here. */
export function Diff({
  lines,
  label,
  title,
  foldText,
  beside = false,
  heads,
  language = "plain",
  fill,
  change,
  onChange,
}: DiffProps) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const scroller = useRef<HTMLElement>(null);
  const list = useRef<VirtualListHandle>(null);
  const colours = useColours(lines, language);
  const { rows, changes } = rowsOf(lines, opened, beside);
  const virtual = rows.length > VIRTUAL_FROM;

  const target = change === undefined ? undefined : changes[change];
  // One of several on a page does not draw the page to itself before somebody steps through it.
  const begun = useRef(fill === true);
  useEffect(() => {
    if (target === undefined) return;
    const first = !begun.current;
    begun.current = true;
    if (first) return;
    if (list.current) list.current.scrollToIndex(Math.max(0, target - 2), "start");
    else {
      const row = scroller.current?.querySelector(`[data-row="${Math.max(0, target - 2)}"]`);
      row?.scrollIntoView({ block: "nearest" });
      scroller.current
        ?.querySelector(`[data-row="${target}"]`)
        ?.scrollIntoView({ block: "nearest" });
    }
  }, [target]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!event.altKey || !step || !onChange || changes.length === 0) return;
    event.preventDefault();
    const next = change === undefined ? (step > 0 ? 0 : changes.length - 1) : change + step;
    onChange(Math.min(changes.length - 1, Math.max(0, next)));
  };
  const open = (start: number, count: number) => {
    const next = new Set(opened);
    for (let at = start; at < start + count; at++) next.add(at);
    setOpened(next);
  };
  const draw = (index: number) => {
    const row = rows[index];
    if (!row) return null;
    if (row.kind === "fold") {
      const { start, count } = row;
      return (
        <div key={index} className={css.fold} data-row={index}>
          {start === undefined ? (
            foldText(count)
          ) : (
            <Button kind="link" onClick={() => open(start, count)}>
              {foldText(count)}
            </Button>
          )}
        </div>
      );
    }
    const here = row.change !== null && row.change === change;
    return beside ? (
      <div key={index} className={cx(css.pair, here && css.here)} data-row={index}>
        <Side line={row.old} side="old" colours={colours} />
        <Side line={row.new} side="new" colours={colours} />
      </div>
    ) : (
      <Line key={index} row={row} index={index} here={here} colours={colours} />
    );
  };
  return (
    <figure className={cx(css.diff, fill && css.fill)} aria-label={label}>
      {title ? <figcaption className={css.title}>{title}</figcaption> : null}
      {heads ? (
        <div className={cx(css.heads, beside && css.pair)}>
          <div className={css.head}>{heads.old}</div>
          <div className={css.head}>{heads.new}</div>
        </div>
      ) : null}
      <section
        ref={scroller}
        className={cx(
          css.lines,
          beside && css.beside,
          virtual && css.virtual,
          language === "plain" && css.plain,
        )}
        aria-label={label}
        // What scrolls is reached by the keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {virtual ? (
          <VirtualList
            ref={list}
            count={rows.length}
            height={() => LINE}
            measured
            itemKey={(index) => index}
            scroller={scroller}
            overscan={20}
          >
            {draw}
          </VirtualList>
        ) : (
          rows.map((_, index) => draw(index))
        )}
      </section>
    </figure>
  );
}

type Colours = ReadonlyMap<DiffLine, Colour[]>;

function Line({
  row,
  index,
  here,
  colours,
}: {
  row: Extract<DiffRow, { kind: "line" }>;
  index: number;
  here: boolean;
  colours: Colours;
}) {
  const line = row.new ?? row.old;
  if (!line) return null;
  return (
    <div className={cx(css.line, css[line.kind], here && css.here)} data-row={index}>
      <span className={css.number}>{line.old}</span>
      <span className={css.number}>{line.new}</span>
      <span className={css.sign}>{signs[line.kind]}</span>
      <span className={css.text}>
        {painted(line.text, colours.get(line) ?? [], line.words ?? [], css.word)}
      </span>
    </div>
  );
}

function Side({
  line,
  side,
  colours,
}: {
  line: DiffLine | undefined;
  side: "old" | "new";
  colours: Colours;
}) {
  if (!line) return <div className={css.missing} />;
  return (
    <div className={cx(css.half, css[line.kind])}>
      <span className={css.number}>{line[side]}</span>
      <span className={css.sign}>{signs[line.kind]}</span>
      <span className={css.text}>
        {painted(line.text, colours.get(line) ?? [], line.words ?? [], css.word)}
      </span>
    </div>
  );
}

const noColours: Colours = new Map();

/** The colours of all lines, once their language is loaded; the lines themselves are there before. */
function useColours(lines: (DiffLine | DiffGap)[], language: CodeLanguage): Colours {
  const [found, setFound] = useState<{ lines: unknown; colours: Colours } | null>(null);
  useEffect(() => {
    if (language === "plain") return;
    let gone = false;
    void import("./code/parser").then(({ coloursOf }) => {
      if (gone) return;
      const colours = new Map<DiffLine, Colour[]>();
      for (const side of ["old", "new"] as const) {
        const { text, places } = sideText(lines, side);
        const byLine = coloursOf(text, language);
        for (const [line, place] of places) colours.set(line, byLine[place] ?? []);
      }
      setFound({ lines, colours });
    });
    return () => {
      gone = true;
    };
  }, [lines, language]);
  return found?.lines === lines ? found.colours : noColours;
}
