import type { Catalogue, Format } from "~/i18n";
import { type MarkState, visible } from "~/kit";
import { releaseMark } from "~/kit/health";
import type {
  Author,
  ReleaseRow,
  ReleaseState,
  ReleaseView,
  Stage,
  Transition,
} from "~/wire/types";
import { timesOf } from "./batches";

/** Nothing follows any more. */
export function hasEnded(state: ReleaseState): boolean {
  return ["succeeded", "aborted", "superseded", "failed"].includes(state);
}

/** r41, or that it has no number yet. */
export function numberOf(row: ReleaseRow, text: Catalogue): string {
  return row.seq === null ? text.release.unnumbered : `r${row.seq}`;
}

/** What a quota refuses a way back; null while it does not wait for room. */
export function refusedRoom({ progress: { below } }: ReleaseView): string | null {
  return below?.message ?? null;
}

/** How many pods may be missing on a way back, by what somebody agreed to. */
export function agreedLess({ progress: { below } }: ReleaseView): number {
  return below?.kind === "allowed" ? below.less : 0;
}

/** As a person calls themselves, else as the cluster knows them. */
export function personOf(author: Author): string {
  return author.display || author.identity || "–";
}

/** How long it took, or how long it has been under way. */
export function tookMs(row: ReleaseRow, now: Date): number {
  const end = row.ended ? new Date(row.ended).getTime() : now.getTime();
  return Math.max(0, end - new Date(row.created).getTime());
}

type Step = "plan" | "preflight" | "record" | "begin" | "move" | "end";
const steps: readonly Step[] = ["plan", "preflight", "record", "begin", "move", "end"];
const RECORD = steps.indexOf("record");
const stepOf: Record<Stage, number> = {
  plan: 0,
  lease: RECORD,
  record: RECORD,
  objects: 3,
  begin: 3,
  move: 4,
  end: 5,
};

export interface StepView {
  step: Step;
  mark: MarkState;
  /** When it was reached. */
  at: string | null;
}

/**
 * The way of a release as six steps. None is made without its plan, nor with a preflight that blocks it. One that did not succeed shows where it broke off: the last step it had reached,
 * and the end.
 */
export function stepsOf(row: ReleaseRow, transitions: readonly Transition[]): StepView[] {
  const ended = hasEnded(row.state);
  const reached = transitions
    .filter(({ stage }) => stage !== "end")
    .reduce((far, { stage }) => Math.max(far, stepOf[stage]), 0);
  const here = ended ? Math.max(RECORD, reached) : stepOf[row.stage];
  const mark = (index: number): MarkState => {
    if (row.state === "succeeded") return "ok";
    if (index < Math.max(RECORD, here)) return "ok";
    if (index === here) return row.state === "planned" ? "rolling" : releaseMark(row.state);
    return ended && index === steps.length - 1 ? releaseMark(row.state) : "idle";
  };
  return steps.map((step, index) => ({
    step,
    mark: mark(index),
    at: transitions.find(({ stage }) => stepOf[stage] === index)?.at ?? null,
  }));
}

/** How a release is, in a word; in batches with the one it is in. */
export function stateWord(
  { row, batches, progress }: ReleaseView,
  text: Catalogue,
  format: Format,
): string {
  const words = text.release;
  if (progress.aborting !== null) return words.aborting;
  const say = {
    resting: words.batched.restsAfter,
    stopped: words.batched.stoppedIn,
    moving: words.batched.movesIn,
  };
  const { state } = row;
  if (batches.length === 0 || row.stage !== "move" || !(state in say)) return words.state[state];
  return say[state as keyof typeof say](
    format.number(progress.batch + 1),
    format.number(batches.length),
  );
}

/** What the transition at an index was, in a word. */
export function transitionWord(
  { row, transitions, batches }: ReleaseView,
  index: number,
  text: Catalogue,
  format: Format,
): string {
  const words = text.release.transition;
  const transition = transitions[index];
  if (!transition) return "";
  const before = transitions[index - 1];
  const { stage, state } = transition;
  if (batches.length > 0 && stage === "move" && (state === "resting" || state === "moving")) {
    if (isTakenOver(transition, before)) return words.takenOver;
    // Each rest is of the batch that began last before it.
    const begun = timesOf(transitions.slice(0, index + 1)).length;
    const number = format.number(begun);
    const batched = text.release.batched;
    if (state === "resting") {
      return index === transitions.length - 1 ? batched.rest(number) : batched.restDone(number);
    }
    if (before?.state !== "stopped") {
      const again = transitions.slice(0, index).some((one) => isBegun(one, transition.batch));
      return again ? batched.again(number) : batched.begun(number);
    }
  }
  if (isTakenOver(transition, before)) return words.takenOver;
  if (state === "stopped" || state === "resting") return words[state];
  if (state === "aborted" || state === "superseded") return words[state];
  if (state === "failed" || state === "succeeded") return words[state];
  if (stage === "move" && before?.state === "stopped") return words.continued;
  if (stage === "record" && row.seq !== null) return words.recordNamed(`r${row.seq}`);
  return words[stage];
}

/** Whether it is the beginning of a batch that is told by its number. */
function isBegun({ stage, state, batch }: Transition, which: number | undefined): boolean {
  return which !== undefined && stage === "move" && state === "moving" && batch === which;
}

/** Somebody did something, and it stands where it stood. */
function isTakenOver({ by, stage, state }: Transition, before: Transition | undefined): boolean {
  return by !== null && before?.stage === stage && before.state === state;
}

/** The mark of a transition in the timeline: what is over is not turning any more. */
export function transitionMark(transition: Transition, newest: boolean): MarkState {
  if (transition.state === "moving" || transition.state === "planned") {
    return newest && transition.state === "moving" ? "rolling" : "ok";
  }
  return releaseMark(transition.state);
}

/** What holds should this computer, or the one that drives, go away now. Nothing is promised about what is over. */
export function guaranteeOf(
  { row, batches, progress, hands, driver }: ReleaseView,
  text: Catalogue,
  format: Format,
): { title: string; text: string } | null {
  const words = text.release.guarantee;
  if (hasEnded(row.state) || hands === "adrift") return null;
  if (hands === "others") {
    const { others, othersText } = text.release.hands;
    return {
      title: others(visible(personOf(driver))),
      text: othersText(visible(driver.device)),
    };
  }
  if (progress.aborting !== null) {
    const asks = progress.below?.kind === "asked";
    return { title: words.begun, text: asks ? words.backAsks : words.back };
  }
  if (row.state === "stopped") return { title: words.stopped, text: words.stoppedText };
  if (row.state === "resting" && progress.rest) {
    const { count, new: fresh } = progress.rest.left;
    const say = batches[progress.batch]?.pace?.kind === "wait" ? words.restTimer : words.rest;
    return {
      title: words.begun,
      text: say(format.number(fresh), format.number(Math.max(0, count - fresh))),
    };
  }
  if (stepOf[row.stage] >= stepOf.move) {
    return { title: words.begun, text: batches.length > 0 ? words.batch : words.moving };
  }
  return {
    title: words.waiting,
    text: row.from_version ? words.waitingText(row.from_version) : words.waitingTextFirst,
  };
}

/** The facts behind the state word, joined by dots. Ready counts are null while nobody knows them. */
export function statusFacts(
  row: ReleaseRow,
  ready: { fresh: number; all: number; count: number } | null,
  since: string | null,
  now: Date,
  text: Catalogue,
  format: Format,
): string[] {
  const words = text.release;
  const n = (value: number) => format.number(value);
  const facts: string[] = [];
  switch (row.state) {
    case "moving":
      if (ready) facts.push(words.newReady(n(ready.fresh), n(ready.count)));
      if (since) facts.push(words.since(format.dateTime(since, now)));
      break;
    case "resting":
      // Since when it rests stands beside what it waits for.
      if (ready) facts.push(words.podsReady(n(ready.all), n(ready.count)));
      break;
    case "stopped":
      if (since) facts.push(words.at(format.dateTime(since, now)));
      if (ready) facts.push(words.podsReady(n(ready.all), n(ready.count)));
      facts.push(words.decide);
      break;
    case "planned":
      break;
    default:
      if (row.ended) facts.push(words.at(format.dateTime(row.ended, now)));
      if (row.ended) facts.push(words.took(format.duration(tookMs(row, now))));
      if (row.state === "superseded") facts.push(words.replacedBy);
      if (row.state === "failed") facts.push(words.endedWithout);
  }
  return facts;
}
