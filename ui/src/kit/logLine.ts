/** A line of a log, taken apart. */
export interface LogLine {
  text: string;
  /** As it shall stand there: 22:45:40.118 */
  time?: string | undefined;
  level?: string | undefined;
}

/** Date, time, fraction and zone: RFC 3339, and what the loggers of Go, Java and Python write without a zone. */
const STAMP = /^(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:\d\d)?\s/;
const LEVEL = /^\[?(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|PANIC|CRITICAL)\]?[\s:]+/;

/**
 * A line as a container wrote it, taken apart as far as it says so itself: the time that the cluster or the program set
 * in front, and the level after it. What is not recognised stays in the text.
 */
export function parseLogLine(line: string): LogLine {
  const stamp = STAMP.exec(line);
  const rest = stamp ? line.slice(stamp[0].length) : line;
  const level = LEVEL.exec(rest);
  const parsed: LogLine = { text: level ? rest.slice(level[0].length) : rest };
  if (stamp) parsed.time = clock(stamp);
  if (level?.[1]) parsed.level = level[1].toUpperCase();
  return parsed;
}

/** Milliseconds matter in a log, and the reader's own clock; without a zone it stays the clock of whoever wrote. */
function clock([, day, time = "", fraction = "", zone]: RegExpExecArray): string {
  const ms = fraction.padEnd(3, "0").slice(0, 3);
  if (zone === undefined) return `${time}.${ms}`;
  const date = new Date(`${day?.replaceAll("/", "-")}T${time}${zone}`);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}
