import type { Catalogue, Format } from "~/i18n";
import { type MarkState, visible } from "~/kit";
import { releaseMark } from "~/kit/health";
import type { CarView, Check, Measured, Part, TrainState, TrainView, Why } from "~/wire/types";

/** Seconds to choose from, as the draft of a train has them. */
export const SOAKS = ["0", "300", "600", "1800", "3600", "7200", "14400", "43200", "86400"];
export const LIMITS = ["", "300", "600", "1800", "3600", "7200"];

export function saySeconds(seconds: string | number, format: Format): string {
  return format.duration(Number(seconds) * 1000);
}

const marks: Record<TrainState, MarkState> = {
  moving: "rolling",
  waiting: "resting",
  soaking: "rolling",
  paused: "resting",
  stopped: "danger",
  ended: "aborted",
  done: "ok",
};

export function trainMark(state: TrainState): MarkState {
  return marks[state];
}

/** When a group that has not begun does so at the earliest; nothing where nobody can say. */
export function sayEarliest(
  view: TrainView,
  { group }: CarView,
  now: Date,
  text: Catalogue,
  format: Format,
): string | null {
  const waiting = view.cars.filter(({ state }) => state === "waiting");
  const at = waiting.findIndex((car) => car.group === group);
  if (view.paused !== null || view.stopped !== null || at < 0) return null;
  // Whatever comes before it takes no time at best, and what is still to soak does.
  const first = view.earliest === null ? 0 : Math.max(0, Date.parse(view.earliest) - now.getTime());
  const soaks = waiting
    .slice(view.earliest === null ? 0 : 1, at + 1)
    .reduce((sum, { soak }) => sum + (soak?.seconds ?? 0) * 1000, 0);
  const left = first + soaks;
  if (left === 0) return null;
  return text.release.train.earliest(format.time(now.getTime() + left));
}

/** Where a group stands in its train. */
export function carMark({ state, release }: CarView): MarkState {
  if (release) return releaseMark(release.state);
  return state === "skipped" ? "aborted" : "idle";
}

export function isOver(state: TrainState): boolean {
  return state === "done" || state === "ended";
}

export function nameOf(view: TrainView, group: string | null | undefined): string {
  return visible(view.cars.find((car) => car.group === group)?.name ?? "–");
}

/** Whether the next group waits for nothing but a person's word. */
export function asksNow({ asks, earliest }: TrainView, now: Date): boolean {
  return asks && (earliest === null || Date.parse(earliest) <= now.getTime());
}

/** Why a train stopped, in a sentence that names the rule, the figure and the pod. */
export function sayWhy(why: Why, view: TrainView, text: Catalogue, format: Format): string {
  const words = text.release.train;
  if (why.kind === "unknown") return words.why.unknown;
  const group = nameOf(view, why.group);
  switch (why.kind) {
    case "rule":
      return sayBroken(why.measured, group, text, format);
    case "car":
      return words.why.car(group, text.release.state[why.state].toLowerCase());
    case "moved":
      return words.why.moved(group, format.list(why.parts.map((part: Part) => words.part[part])));
    case "blocked": {
      const checks = why.checks.map((check) => text.release.plan.check[check as Check] ?? check);
      return words.why.blocked(group, format.list(checks.map(visible)));
    }
    case "busy":
      return words.why.busy(group, visible(why.by));
    case "refused":
      return words.why.refused(group, visible(why.message));
    case "unconfirmed":
      return words.why.unconfirmed(group);
  }
}

function sayBroken(
  { rule, figure, limit, pod }: Measured,
  group: string,
  text: Catalogue,
  format: Format,
): string {
  const say = text.release.train.why;
  const named = visible(pod ?? "–");
  const n = figure ?? 0;
  switch (rule) {
    case "time":
      return say.time(group, saySeconds(n, format), saySeconds(limit, format));
    case "cpu":
    case "memory":
      return say[rule](group, named, format.percent(n / 100), format.percent(limit / 100));
    default:
      return say[rule](group, named, format.number(n));
  }
}

/** What a rule asks for. */
export function sayRule({ rule, limit }: Measured, text: Catalogue, format: Format): string {
  const words = text.release.train;
  if (rule === "time") return words.ruleTime(saySeconds(limit, format));
  if (rule === "cpu" || rule === "memory") {
    return words.ruleLimit(words.rule[rule], format.percent(limit / 100));
  }
  return words.rule[rule];
}

/** What was measured of it. */
export function sayFigure({ rule, figure }: Measured, text: Catalogue, format: Format): string {
  const words = text.release.train.figure;
  if (figure === null) return words.unknown;
  if (rule === "time") return saySeconds(figure, format);
  if (rule === "cpu" || rule === "memory") {
    const share = format.percent(Math.abs(figure) / 100);
    return figure < 0 ? words.below(share) : words.above(share);
  }
  return format.number(figure);
}

/** The rules of a train, measured or not. */
export function rulesOf({ rules, measured }: TrainView): Measured[] {
  if (measured.length > 0) return measured;
  const unmeasured = (rule: Measured["rule"], limit: number): Measured => ({
    rule,
    limit,
    holds: null,
    figure: null,
    pod: null,
  });
  return [
    rules.restarts ? [unmeasured("restarts", 0)] : [],
    rules.ready ? [unmeasured("ready", 0)] : [],
    rules.cpu_percent === null ? [] : [unmeasured("cpu", rules.cpu_percent)],
    rules.memory_percent === null ? [] : [unmeasured("memory", rules.memory_percent)],
    rules.limit_seconds === null ? [] : [unmeasured("time", rules.limit_seconds)],
  ].flat();
}

/** What a train does now, in a few words. */
export function sayState(view: TrainView, text: Catalogue, format: Format, now: Date): string {
  const words = text.release.train;
  const { state } = view.row;
  const watched = nameOf(view, view.watched);
  if (state === "paused" && view.paused) {
    return words.pausedBy(visible(view.paused.by), format.dateTime(view.paused.at, now));
  }
  if (state === "ended" && view.ended) {
    return words.endedBy(visible(view.ended.by), format.dateTime(view.ended.at, now));
  }
  if (state === "moving" && view.watched) return words.movesNow(watched);
  if (state === "waiting" && view.asks) return words.waitsFor(nameOf(view, view.next));
  if (state === "waiting") return words.waitsIn(watched);
  if (state === "soaking") return words.soaks(watched);
  return words.state[state];
}
