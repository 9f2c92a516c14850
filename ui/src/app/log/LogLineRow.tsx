import type { CSSProperties, ReactNode } from "react";
import type { Catalogue, Format } from "~/i18n";
import { LogNote, LogRow, visible } from "~/kit";
import { parseLogLine } from "~/kit/logLine";
import type { LogLine, LogMark, LogPart } from "~/wire/types";
import { bare, type Look, pieces } from "./ansi";
import { jsonLine } from "./json";
import css from "./LogPanel.module.css";
import { clock, type LogTimes } from "./view";

export interface LineLook {
  times: LogTimes;
  now: number;
  wrap: boolean;
  json: boolean;
  /** Lines begin with who wrote them. */
  named: boolean;
  colours: "pod" | "version";
  parts: ReadonlyMap<number, LogPart>;
  /** Newest first. */
  versions: string[];
  /** JSON fields that are columns. */
  columns: string[];
  needle: string;
}

/** One line of a log, or what is said in its place. */
export function LogLineRow({
  line,
  look,
  current,
  selected,
  text,
  format,
}: {
  line: LogLine;
  look: LineLook;
  current: boolean;
  selected: boolean;
  text: Catalogue;
  format: Format;
}) {
  const part = look.parts.get(line.source);
  if (line.mark) return <LogNote>{sayMark(line.mark, part, text, format)}</LogNote>;
  const json = look.json ? jsonLine(bare(line.text)) : null;
  const cut = json ? 0 : repeated(line, look.times);
  return (
    <LogRow
      time={clock(line.at, look.times, look.now)}
      name={look.named && part ? visible(part.pod).slice(-5) : undefined}
      colour={colourOf(part, look)}
      level={line.level === "none" ? undefined : line.level}
      edge={edgeOf(part, look)}
      wrap={look.wrap}
      current={current}
      selected={selected}
    >
      {json ? (
        <>
          {look.columns.map((column) => {
            const value = json.fields.find(([name]) => name === column)?.[1] ?? "";
            return (
              <span
                key={column}
                className={css.column}
                title={`${visible(column)}=${visible(value)}`}
              >
                {marked(visible(value), look.needle)}
              </span>
            );
          })}
          {marked(visible(json.message), look.needle)}
          {json.fields
            .filter(([name]) => !look.columns.includes(name))
            .map(([name, value]) => (
              <span key={name}>
                {" "}
                <span className={css.key}>{visible(name)}=</span>
                {marked(visible(value), look.needle)}
              </span>
            ))}
        </>
      ) : (
        pieces(
          line.text.slice(cut),
          line.places.map(([from, until]) => [from - cut, until - cut] as const),
        ).map((piece) => {
          const style = styleOf(piece.look);
          if (piece.hit)
            return (
              <mark key={piece.at} style={style}>
                {piece.text}
              </mark>
            );
          return style ? (
            <span key={piece.at} style={style}>
              {piece.text}
            </span>
          ) : (
            piece.text
          );
        })
      )}
      {line.more > 0 ? <i className={css.said}> {text.log.more(format.bytes(line.more))}</i> : null}
      {line.left_out > 0 ? (
        <i className={css.said}> {text.log.leftOut(format.bytes(line.left_out))}</i>
      ) : null}
      {line.broken ? <i className={css.said}> {text.log.notUtf8}</i> : null}
    </LogRow>
  );
}

/** How much of a line's beginning the columns say already: its own time, and its level. */
function repeated(line: LogLine, times: LogTimes): number {
  if (times === "off") return 0;
  const { text } = parseLogLine(line.text);
  const cut = line.text.length - text.length;
  return line.places.some(([from]) => from < cut) ? 0 : cut;
}

/** What the core says between two lines. */
function sayMark(mark: LogMark, part: LogPart | undefined, text: Catalogue, format: Format) {
  const words = text.log.mark;
  const pod = part ? visible(part.pod).slice(-5) : "";
  if (mark.kind === "gap") {
    return words.gap(pod, clock(mark.since, "local", 0) ?? "", clock(mark.until, "local", 0) ?? "");
  }
  if (mark.kind === "restarted") return words.restarted(pod, mark.missed);
  return words.skipped(format.number(mark.lines), format.bytes(mark.bytes), visible(mark.reason));
}

function colourOf(part: LogPart | undefined, look: LineLook): number | undefined {
  if (!part) return undefined;
  if (part.failing) return 9;
  if (look.colours === "version") return (look.versions.indexOf(part.version) % 8) + 1;
  return (part.source % 8) + 1;
}

/** Where all are of one version, none is new. */
function edgeOf(part: LogPart | undefined, look: LineLook) {
  if (!part) return undefined;
  if (part.failing) return "failing";
  return look.versions.length > 1 && part.version === look.versions[0] ? "new" : "old";
}

function styleOf(look: Look): CSSProperties | undefined {
  if (Object.keys(look).length === 0) return undefined;
  const [colour, ground] = look.inverse
    ? [look.ground ?? "var(--term)", look.colour ?? "var(--text)"]
    : [look.colour, look.ground];
  const lines = [look.underline ? "underline" : "", look.strike ? "line-through" : ""];
  return {
    color: colour,
    background:
      look.inverse || !ground ? ground : `color-mix(in oklab, ${ground} 30%, transparent)`,
    fontWeight: look.bold ? 600 : undefined,
    fontStyle: look.italic ? "italic" : undefined,
    opacity: look.dim ? 0.75 : undefined,
    textDecoration: lines.join(" ").trim() || undefined,
  };
}

/** A field has no places of its own: what is looked for as text is marked again. */
function marked(text: string, needle: string): ReactNode {
  if (!needle) return text;
  const parts: ReactNode[] = [];
  const low = text.toLowerCase();
  let end = 0;
  for (let at = low.indexOf(needle); at >= 0; at = low.indexOf(needle, end)) {
    parts.push(text.slice(end, at));
    end = at + needle.length;
    parts.push(<mark key={at}>{text.slice(at, end)}</mark>);
  }
  parts.push(text.slice(end));
  return parts;
}
