import type { SimulatedCore } from "~/platform/simulate";
import type { LogLine, LogPart, LogRead, LogRow, Topic } from "~/wire/types";
import { crashLog } from "./instance";
import { ago, snapshot } from "./time";

const SOURCES = [
  ["hv7qd", "2.14.0", true],
  ["x2k4q", "2.14.0", false],
  ["m9wtr", "2.14.0", false],
  ["4jzpk", "2.13.4", false],
  ["c6xgw", "2.13.4", false],
] as const;

const WORDS = [
  ["info", "POST /v2/orders/confirm 200 41ms trace=8f21c0"],
  ["info", "db pool connections active=23 idle=37 max=60"],
  ["warn", "db: waited 812ms for a connection, pool 60/60 busy"],
  ["error", "db: ping failed: Error 1040: Too many connections"],
  ["info", '{"level":"info","msg":"order confirmed","order":104223,"took_ms":38}'],
  ["info", "\u001b[32mGET\u001b[0m /v2/cart/91827 200 \u001b[1m12ms\u001b[0m"],
] as const;

/** Lines of the group's pods, as many as somebody scrolls to. */
const COUNT = 18_420;

/** What the core would find, as far as a story needs it. */
let needle = "";

export function logStory(params: URLSearchParams): SimulatedCore {
  const opened = new Map<string, Extract<Topic, { kind: "log" }>>();
  const many = (log: string) => opened.get(log)?.source.of.kind === "group";
  const line = (log: string, number: number): LogLine | undefined => {
    const [level, said] = WORDS[number % WORDS.length] ?? WORDS[0];
    const still = crashLog[number];
    const text = many(log) ? said : still?.slice(still.indexOf(" ") + 1);
    if (text === undefined || number >= COUNT) return undefined;
    const at = text.toLowerCase().indexOf(needle);
    return {
      number,
      at: many(log) ? ago((COUNT - number) * 0.11) : ago(16 - number * 0.4),
      source: many(log) ? number % SOURCES.length : 0,
      level: many(log) ? level : /ERROR/.test(text) ? "error" : /WARN/.test(text) ? "warn" : "info",
      text,
      mark: many(log) && number === COUNT - 9 ? { kind: "restarted", missed: 0 } : null,
      places: needle && at >= 0 ? [[at, at + needle.length]] : [],
      more: 0,
      left_out: 0,
      broken: false,
    };
  };
  const all = (log: string) => (many(log) ? COUNT : crashLog.length);
  const hits = (log: string) =>
    needle === ""
      ? []
      : Array.from({ length: all(log) }, (_, at) => at).filter((at) =>
          line(log, at)?.text.toLowerCase().includes(needle),
        );
  let tell = (_: string) => {};
  return {
    calls: {
      log_rows: ({ log, from, count, found }: LogRead) => {
        const numbers = found
          ? hits(log).slice(from, from + count)
          : Array.from({ length: count }, (_, at) => from + at);
        return {
          from,
          rows: numbers.map((at) => line(log, at)).filter((row) => row !== undefined),
        };
      },
      log_find: ({ log, text, regex }: { log: string; text: string; regex: boolean }) => {
        if (regex && text.endsWith("(")) return { wrong: "unclosed group" };
        needle = text.toLowerCase();
        tell(log);
        return { wrong: null };
      },
      log_hit: ({ log, from, forward }: { log: string; from: number; forward: boolean }) => {
        const found = hits(log);
        const place = forward
          ? found.findIndex((at) => at >= from)
          : found.findLastIndex((at) => at < from);
        const number = found[place];
        return number === undefined ? null : { number, ordinal: place + 1, place };
      },
      log_text: ({ log, from, until }: { log: string; from: number; until: number }) =>
        Array.from({ length: until - from }, (_, at) => line(log, from + at)?.text ?? "").join(
          "\n",
        ),
      log_save: () => ({ path: "/home/lihua/prod-sh-1.log", lines: COUNT, bytes: 1_204_224 }),
      log_save_stop: () => null,
      log_live: () => null,
      log_refresh: () => null,
    },
    feeds: {
      log: (topic, send) => {
        if (topic.kind !== "log") return;
        opened.set(topic.log, topic);
        const { of, previous } = topic.source;
        const single = of.kind === "group" ? undefined : of;
        const parts = SOURCES.slice(0, single ? 1 : SOURCES.length).map(
          ([end, version, failing], source): { kind: "part" } & LogPart => ({
            kind: "part",
            id: `part ${source}`,
            source,
            pod: single?.pod ?? `checkout-api-prod-sh-1-6c9fd7b4c8-${end}`,
            container: single?.kind === "container" ? single.container : "app",
            version,
            created: ago(version === "2.14.0" ? 300 : 172_800),
            failing,
            state: previous ? { state: "ended" } : { state: "live" },
          }),
        );
        tell = (log) => {
          const count = all(log);
          const found =
            needle === ""
              ? null
              : { count: hits(log).length, shown: hits(log).length, seen: count, total: count };
          const row: LogRow = {
            kind: "log",
            id: log,
            first: 0,
            end: count,
            dropped: 0,
            dropped_until: null,
            skipped: 0,
            unwritten: null,
            size: 1_204_224,
            limit: 1 << 30,
            live: true,
            unread: 0,
            found,
            saving: null,
          };
          send(snapshot([...parts, row], params.has("stale") ? ago(40) : undefined));
        };
        tell(topic.log);
      },
    },
  };
}
