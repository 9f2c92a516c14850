import type { Catalogue, Format } from "~/i18n";
import { type MarkState, type TimelineEntry, visible } from "~/kit";
import { releaseMark } from "~/kit/health";
import type { CarView, Decided, ReleaseView, TrainView } from "~/wire/types";
import { batchAt, transitionFacts } from "../batches";
import { hasEnded, personOf, tookMs, transitionMark, transitionWord } from "../state";
import { nameOf, saySeconds, sayWhy } from "./words";

interface Event {
  at: string;
  state: MarkState;
  title: string;
  text?: string | undefined;
}

/** Releases of a train, by their id, as far as they are known here. */
export type Releases = ReadonlyMap<string, ReleaseView>;

/** Who decided what, what each group went through, and what became of it; newest first. */
export function eventsOf(
  view: TrainView,
  releases: Releases,
  text: Catalogue,
  format: Format,
): TimelineEntry[] {
  const words = text.release.train.event;
  const { row } = view;
  const by = (person: string | null) => (person ? text.release.byWhom(visible(person)) : undefined);
  const events: Event[] = [
    { at: row.created, state: "ok", title: words.begun, text: by(personOf(row.author)) },
  ];
  for (const car of view.cars) events.push(...ofCar(car, releases, text, format));
  for (const decided of view.decided) events.push(ofDecision(decided, view, text, format));
  return events
    .toReversed()
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))
    .map(({ at, ...entry }, index) => ({
      key: `${at} ${index}`,
      time: (
        <time dateTime={at} title={format.exact(at)}>
          {format.time(at)}
        </time>
      ),
      strong: index === 0,
      ...entry,
    }));
}

/** The way of a group, from its beginning to its end. */
function ofCar(
  { name, release: row }: CarView,
  releases: Releases,
  text: Catalogue,
  format: Format,
): Event[] {
  if (!row) return [];
  const words = text.release.train.event;
  const release = releases.get(row.id);
  const number = row.seq === null ? null : `r${row.seq}`;
  const group = visible(name);
  const first = release?.batches[0];
  const begun: Event = {
    at: row.created,
    state: "ok",
    title: words.carBegun(group),
    // Its first batch begins with it.
    text: joined(number, first ? sayFirst(first.pods, text, format) : null),
  };
  const way = release ? ofBatches(group, release, text, format) : [];
  if (!row.ended) return [begun, ...way];
  const by = release?.transitions.at(-1)?.by;
  const ended: Event = {
    at: row.ended,
    state: releaseMark(row.state),
    title: words.carEnded(group, text.release.state[row.state].toLowerCase()),
    text: joined(
      number,
      text.release.took(format.duration(tookMs(row, new Date(row.ended)))),
      by ? text.release.byWhom(visible(by)) : null,
    ),
  };
  return [begun, ...way, ended];
}

/** What happened between the beginning of a group's first batch and its end. */
function ofBatches(group: string, release: ReleaseView, text: Catalogue, format: Format): Event[] {
  const words = text.release.train.event;
  const { transitions, batches, row } = release;
  const first = transitions.findIndex(({ stage }) => stage === "move");
  return transitions.flatMap((transition, index) => {
    const { at, stage, state, by } = transition;
    if (stage !== "move" || index === first) return [];
    const here = index === transitions.length - 1;
    const batch = batchAt(transitions, index);
    const ready = state === "resting" && by === null;
    // The same rest is told again when the count changes.
    if (ready && transitions[index - 1]?.state === "resting") return [];
    const word = ready
      ? words.ready(format.number(batch + 1))
      : transitionWord(release, index, text, format);
    const waits = ready && here && batches[batch]?.pace?.kind === "approval";
    const past = !here || hasEnded(row.state);
    return [
      {
        at,
        state: past && state === "resting" ? "ok" : transitionMark(transition, !past),
        title: words.ofCar(group, word),
        text: joined(
          transitionFacts(release, index, text, format),
          waits && words.waits,
          by ? text.release.byWhom(visible(by)) : null,
          transition.note ? visible(transition.note) : null,
        ),
      } satisfies Event,
    ];
  });
}

function sayFirst(pods: number, text: Catalogue, format: Format): string {
  const words = text.release.batched;
  const named = words.batch(format.number(1));
  return [named, words.pods(format.number(pods))].join(text.value.comma);
}

function joined(...parts: (string | number | false | null | undefined)[]): string | undefined {
  return parts.filter(Boolean).join(" · ") || undefined;
}

const marks: Record<Decided["what"]["kind"], MarkState> = {
  pause: "resting",
  resume: "ok",
  skip: "aborted",
  end: "aborted",
  take_over: "ok",
  soak: "ok",
  rules: "ok",
  order: "ok",
  begin: "ok",
  stop: "danger",
  unknown: "idle",
};

function ofDecision(
  { at, by, what }: Decided,
  view: TrainView,
  text: Catalogue,
  format: Format,
): Event {
  const words = text.release.train.event;
  const title = () => {
    switch (what.kind) {
      case "skip":
        return words.skip(nameOf(view, what.group));
      case "take_over":
        return words.take_over(visible(personOf(what.author)));
      case "soak":
        return words.soak(nameOf(view, what.group));
      case "begin":
        return words.begin(nameOf(view, what.group));
      default:
        return words[what.kind];
    }
  };
  const why = what.kind === "stop" ? sayWhy(what.why, view, text, format) : undefined;
  const soak =
    what.kind === "soak"
      ? text.release.train.soakSaid(saySeconds(what.soak.seconds, format), what.soak.ask)
      : undefined;
  const order =
    what.kind === "order"
      ? format.list(what.groups.map((group) => nameOf(view, group)))
      : undefined;
  const who = by && what.kind !== "take_over" ? text.release.byWhom(visible(by)) : undefined;
  return {
    at,
    state: marks[what.kind],
    title: title(),
    text: joined(why, soak, order, who),
  };
}
