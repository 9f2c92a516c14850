import type { Catalogue, Format } from "~/i18n";
import { type MarkState, type TimelineEntry, visible } from "~/kit";
import { releaseMark } from "~/kit/health";
import type { Decided, TrainView } from "~/wire/types";
import { personOf } from "../state";
import { nameOf, saySeconds, sayWhy } from "./words";

interface Event {
  at: string;
  state: MarkState;
  title: string;
  text?: string | undefined;
}

/** Who decided what, and what became of each group, newest first. */
export function eventsOf(view: TrainView, text: Catalogue, format: Format): TimelineEntry[] {
  const words = text.release.train.event;
  const { row } = view;
  const by = (person: string | null) => (person ? text.release.byWhom(visible(person)) : undefined);
  const events: Event[] = [
    { at: row.created, state: "ok", title: words.begun, text: by(personOf(row.author)) },
  ];
  for (const { name, release } of view.cars) {
    if (!release) continue;
    const number = release.seq === null ? undefined : `r${release.seq}`;
    events.push({
      at: release.created,
      state: "ok",
      title: words.carBegun(visible(name)),
      text: number,
    });
    if (release.ended) {
      const state = text.release.state[release.state].toLowerCase();
      events.push({
        at: release.ended,
        state: releaseMark(release.state),
        title: words.carEnded(visible(name), state),
        text: number,
      });
    }
  }
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
    text: [why, soak, order, who].filter(Boolean).join(" · ") || undefined,
  };
}
