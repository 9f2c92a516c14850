import { useEffect, useRef } from "react";
import { useFormat, useText } from "~/i18n";
import { Status } from "~/kit";
import { painted } from "~/kit/code/painted";
import type { Colour } from "~/kit/code/parser";
import { useColours } from "~/kit/code/useColours";
import { cx } from "~/kit/cx";
import type { ForeignRow, ThreeCell, ThreeLine, ThreeObject, ThreeView } from "~/wire/types";
import css from "./diff.module.css";
import { headText } from "./sides";

type Column = "released" | "live" | "saved";

/** Last released, live and rendered on the same lines: amber is the cluster's change, green is ours. */
export function ThreeWay({
  view,
  object,
  change,
}: {
  view: ThreeView;
  object: ThreeObject;
  /** The change in front, from 0. */
  change: number;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.diff;
  const lines = useRef<HTMLDivElement>(null);
  const colours = {
    released: useColumn(object.lines, "released"),
    live: useColumn(object.lines, "live"),
    saved: useColumn(object.lines, "saved"),
  };
  const changes = changesOf(object.lines);
  const target = changes[change];
  useEffect(() => {
    if (target === undefined) return;
    lines.current?.querySelector(`[data-row="${target}"]`)?.scrollIntoView({ block: "nearest" });
  }, [target]);

  return (
    <section className={css.three} aria-label={words.yaml.three}>
      <div className={cx(css.columns, css.heads)}>
        <div className={css.head}>
          <strong>{words.yaml.released}</strong>
          <span className={css.subtle}>
            {view.released ? headText(view.released, text, format) : words.never}
          </span>
        </div>
        <div className={css.head}>
          <strong>{words.yaml.live}</strong>
          <Status state="ok" tone="plain">
            {headText(view.live, text, format)}
          </Status>
          {object.foreign > 0 ? (
            <span className={css.foreignCount}>
              {words.yaml.foreign(object.foreign, format.number(object.foreign))}
            </span>
          ) : null}
        </div>
        <div className={css.head}>
          <strong>{words.yaml.rendered}</strong>
          <span className={css.subtle}>{headText(view.saved, text, format)}</span>
          {object.drafted > 0 ? (
            <span className={css.draftedCount}>
              {words.yaml.drafted(object.drafted, format.number(object.drafted))}
            </span>
          ) : null}
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <div ref={lines} className={css.threeLines} tabIndex={0}>
        {object.lines.map((line, row) =>
          line.folded > 0 ? (
            <div key={rowKey(row)} className={css.fold} data-row={row}>
              {words.unchanged(format.number(line.folded))}
            </div>
          ) : (
            <div key={rowKey(row)} className={css.columns} data-row={row}>
              <Cell cell={line.released} colours={colours.released} />
              <Cell
                cell={line.live}
                colours={colours.live}
                mark={line.foreign ? "foreign" : undefined}
                note={line.foreign ? byOf(line, view.foreign, (at) => format.time(at)) : undefined}
              />
              <Cell
                cell={line.saved}
                colours={colours.saved}
                mark={line.drafted ? "drafted" : undefined}
              />
            </div>
          ),
        )}
      </div>
    </section>
  );
}

const rowKey = (row: number) => `row${row}`;

function Cell({
  cell,
  colours,
  mark,
  note,
}: {
  cell: ThreeCell | null;
  colours: Colours;
  mark?: "foreign" | "drafted" | undefined;
  note?: string | undefined;
}) {
  if (!cell) return <div className={cx(css.cell, css.missing, mark && css[mark])} />;
  return (
    <div className={cx(css.cell, mark && css[mark])}>
      <span className={css.number}>{cell.number}</span>
      <span className={css.sign}>{mark === "foreign" ? "≠" : mark === "drafted" ? "+" : ""}</span>
      <span className={css.code}>{painted(cell.text, colours(cell), cell.words, css.word)}</span>
      {note ? (
        <span className={css.by} title={note}>
          {note}
        </span>
      ) : null}
    </div>
  );
}

/** Rows at which a run of differing lines begins. */
export function changesOf(lines: readonly ThreeLine[]): number[] {
  const differs = (line: ThreeLine | undefined) => Boolean(line?.foreign || line?.drafted);
  return lines.flatMap((line, row) => (differs(line) && !differs(lines[row - 1]) ? [row] : []));
}

/** Who changed a line of the live side: the field whose name and value stand on it. */
export function byOf(
  line: ThreeLine,
  foreign: readonly ForeignRow[],
  time: (at: string) => string,
): string | undefined {
  const shown = line.live?.text.trim().replace(/^- /, "");
  const field = foreign.find(({ field, live }) => {
    const name = field.slice(field.lastIndexOf(".") + 1);
    return live !== null && (shown === `${name}: ${live}` || shown === `${name}: "${live}"`);
  });
  if (!field?.manager) return undefined;
  return field.time ? `${field.manager}, ${time(field.time)}` : field.manager;
}

type Colours = (cell: ThreeCell) => readonly Colour[];

/** The colours of a column's lines. */
function useColumn(lines: readonly ThreeLine[], column: Column): Colours {
  const cells = lines.map((line) => line[column]).filter((cell) => cell !== null);
  const places = new Map(cells.map(({ number }, at) => [number, at]));
  const colours = useColours(cells.map(({ text }) => text).join("\n"), "yaml");
  return ({ number }) => colours(places.get(number) ?? -1);
}
