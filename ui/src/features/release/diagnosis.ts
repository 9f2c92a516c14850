import { type Catalogue, type Format, sayChange } from "~/i18n";
import type { CauseFacts } from "~/i18n/en/releaseDiagnosis";
import { visible } from "~/kit";
import { parseLogLine } from "~/kit/logLine";
import type { Cause, Diagnosis, EventFact, FieldChange } from "~/wire/types";

/** Longest piece of foreign text within a sentence; the whole stands in the evidence. */
const QUOTE_MAX = 160;

/** The pod as people say it: its last part. */
export function shortPod(name: string): string {
  return visible(name.split("-").at(-1) ?? name);
}

/** The last line that says something, as it was written, less time and level. */
export function lastLine(log: readonly string[]): string {
  const line = log.findLast((one) => one.trim() !== "");
  return line === undefined ? "" : cut(visible(parseLogLine(line).text.trim()));
}

function cut(text: string, max = QUOTE_MAX): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

/** What the container did before it exited, ms; null when nobody knows. */
export function ranMs({ evidence }: Diagnosis): number | null {
  const exit = evidence.last_exit;
  if (!exit?.started || !exit.finished) return null;
  return new Date(exit.finished).getTime() - new Date(exit.started).getTime();
}

/** The one sentence, from facts alone. */
export function sayCause(diagnosis: Diagnosis, text: Catalogue, format: Format): string {
  const { cause, evidence } = diagnosis;
  const facts: CauseFacts = {
    pod: "pod" in cause ? shortPod(cause.pod) : "",
    lastLine: lastLine(evidence.log),
    duration: cause.kind === "deadline" ? format.duration(cause.seconds * 1000) : "",
    restarts: "restarts" in cause ? format.number(cause.restarts) : "",
  };
  // The catalogue has one sentence per kind, typed by it; the compiler can not follow the pairing.
  const say = text.release.diagnosis.cause[cause.kind] as (
    cause: Cause,
    facts: CauseFacts,
  ) => string;
  return say(clean(cause), facts);
}

/** What belongs to the sentence: how often, how long, the cluster's own message, what this release changed. */
export function sayMore(
  diagnosis: Diagnosis,
  changes: readonly FieldChange[],
  text: Catalogue,
  format: Format,
): string[] {
  const words = text.release.diagnosis;
  const { cause } = diagnosis;
  const more: string[] = [];
  const ran = ranMs(diagnosis);
  if (cause.kind === "crash" && ran !== null) more.push(words.ran(format.duration(ran)));
  if ("restarts" in cause && cause.restarts > 0) {
    more.push(words.restarts(format.number(cause.restarts)));
  }
  if ("message" in cause && cause.kind !== "config" && cause.message) {
    more.push(visible(cause.message));
  }
  if (cause.kind === "deadline") more.push(words.foundNothing);
  if (cause.kind === "refused") {
    const moved = cause.operation === "move" || cause.operation === "abort";
    more.push(moved ? words.staysThere : words.nothingMoved);
  }
  if ("pod" in cause) more.push(sayChanges(changes, text, format));
  return more;
}

function sayChanges(changes: readonly FieldChange[], text: Catalogue, format: Format): string {
  const words = text.release.diagnosis;
  const [first] = changes;
  if (!first) return words.changesNothing;
  if (changes.length > 1) return words.changesMany(String(changes.length));
  const said = sayChange(first, text, format);
  if (said.word !== undefined) return words.changesIn(visible(first.field), said.word);
  const value = (one: string | null) => (one === null ? text.release.unset : cut(visible(one), 80));
  return words.changesOne(visible(first.field), value(said.before), value(said.after));
}

/** Text from a cluster is text: what would act on the page becomes a symbol. */
function clean(cause: Cause): Cause {
  return Object.fromEntries(
    Object.entries(cause).map(([key, value]) => [
      key,
      typeof value === "string" ? visible(value) : value,
    ]),
  ) as Cause;
}

/** Newest first; the same event seen twice stands once. */
export function newestEvents(events: readonly EventFact[], most: number): EventFact[] {
  return [...new Map(events.map((event) => [event.id, event])).values()]
    .toSorted((a, b) => (b.at ?? "").localeCompare(a.at ?? "", "en"))
    .slice(0, most);
}

/** Everything as plain text, for a ticket or a chat. */
export function diagnosisText(
  diagnosis: Diagnosis,
  changes: readonly FieldChange[],
  text: Catalogue,
  format: Format,
): string {
  const words = text.release.diagnosis;
  const { evidence } = diagnosis;
  const lines = [
    sayCause(diagnosis, text, format),
    ...sayMore(diagnosis, changes, text, format),
    "",
  ];
  if (evidence.last_exit) {
    const { code, reason, finished } = evidence.last_exit;
    lines.push(
      `${words.lastExit}: ${[words.exit(String(code), visible(reason)), finished].filter(Boolean).join(" · ")}`,
    );
  }
  for (const event of newestEvents(evidence.events, 20)) {
    lines.push(`${words.event}: ${event.at ?? ""} ${event.reason}: ${visible(event.message)}`);
  }
  for (const change of changes) {
    const said = sayChange(change, text, format);
    const how = said.word ?? `${said.before ?? "–"} → ${said.after ?? "–"}`;
    lines.push(`${words.changedHere}: ${change.field} ${how}`);
  }
  if (evidence.log.length > 0) {
    lines.push("", words.lastLines(evidence.log_container, evidence.log_pod));
    lines.push(...evidence.log.map(visible));
  }
  return lines.join("\n");
}
