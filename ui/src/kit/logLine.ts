import type { LogLine } from "./log";

const STAMP = /^(\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d))\s/;
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
  if (stamp?.[1]) parsed.time = clock(stamp[1], stamp[3]);
  if (level?.[1]) parsed.level = level[1].toUpperCase();
  return parsed;
}

/** Milliseconds matter in a log, and the reader's own clock. */
function clock(stamp: string, fraction: string | undefined): string {
  const date = new Date(stamp);
  const two = (value: number) => String(value).padStart(2, "0");
  const ms = (fraction ?? "").padEnd(3, "0").slice(0, 3);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}
