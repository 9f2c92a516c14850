/** A line that is a JSON object, taken apart. */
export interface JsonLine {
  message: string;
  /** What else it says, as it is shown: text as it is, everything else as JSON. */
  fields: [string, string][];
}

const LEVELS = ["level", "severity", "lvl", "log.level", "loglevel", "levelname"];
const TIMES = ["time", "ts", "timestamp", "@timestamp", "t"];
const MESSAGES = ["message", "msg", "event", "log"];

/** Null where it is none. Level and time have columns of their own. */
export function jsonLine(text: string): JsonLine | null {
  const value = jsonObject(text);
  if (!value) return null;
  const key = MESSAGES.find((name) => typeof value[name] === "string");
  const own = new Set<string>([...LEVELS, ...TIMES, ...(key ? [key] : [])]);
  return {
    message: key ? String(value[key]) : "",
    fields: Object.entries(value)
      .filter(([name]) => !own.has(name))
      .map(([name, field]) => [name, typeof field === "string" ? field : JSON.stringify(field)]),
  };
}

/** The same with a line a field. */
export function prettyJson(text: string): string | null {
  const value = jsonObject(text);
  return value && JSON.stringify(value, null, 2);
}

function jsonObject(text: string): Record<string, unknown> | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) return null;
  try {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
