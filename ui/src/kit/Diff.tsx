import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./Button";
import type { CodeLanguage } from "./code/language";
import { painted } from "./code/painted";
import type { Colour } from "./code/parser";
import { useColours } from "./code/useColours";
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
  /** Somebody opens lines that whoever compared has left out: called for all lines. */
  onWhole?: (() => void) | undefined;
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
  onWhole,
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
  const colours = useLineColours(lines, language);
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
  const open = (from: number, here: boolean) => {
    setOpened(new Set(opened).add(from));
    if (!here) onWhole?.();
  };
  const draw = (index: number) => {
    const row = rows[index];
    if (!row) return null;
    if (row.kind === "fold") {
      const { count, from, here } = row;
      return (
        <div key={index} className={css.fold} data-row={index}>
          {from === null || !(here || onWhole) ? (
            foldText(count)
          ) : (
            <Button kind="link" onClick={() => open(from, here)}>
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
            overscan={4}
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

type Colours = (line: DiffLine) => readonly Colour[];

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
        {painted(line.text, colours(line), line.words ?? [], css.word)}
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
        {painted(line.text, colours(line), line.words ?? [], css.word)}
      </span>
    </div>
  );
}

/** The colours of each line, on the side on which it stands. */
function useLineColours(lines: readonly (DiffLine | DiffGap)[], language: CodeLanguage): Colours {
  const old = sideText(lines, "old");
  const next = sideText(lines, "new");
  const ofOld = useColours(old.text, language);
  const ofNew = useColours(next.text, language);
  return (line) => {
    const place = next.places.get(line);
    return place === undefined ? ofOld(old.places.get(line) ?? -1) : ofNew(place);
  };
}
