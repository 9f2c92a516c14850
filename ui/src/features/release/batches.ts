import type { Catalogue, Format } from "~/i18n";
import { type MarkState, visible } from "~/kit";
import type { BatchView, Instance, ReleaseView, Transition } from "~/wire/types";

/** More batches than these stand in the way of a release as one step. */
export const BATCH_STEPS_MAX = 6;

/** A batch of a release, and how far it is. */
export interface Batch {
  /** From 1. */
  number: number;
  pods: number;
  mark: MarkState;
  begun: string | null;
  /** When it came to rest, or was done. */
  done: string | null;
  /** When the one after it began. */
  left: string | null;
}

/** Where a batch begins, and where it rests, as the transitions tell it. */
export interface Times {
  begun: string;
  done: string | null;
}

/** A rest is left for the batch that follows, or for the same one anew; a stop is left for the same one. */
export function timesOf(transitions: readonly Transition[]): Times[] {
  const times: Times[] = [];
  let rests = true;
  for (const { stage, state, at, batch } of transitions) {
    if (stage !== "move" && stage !== "end") continue;
    const now = times.at(-1);
    if (stage === "move" && state === "moving" && rests) {
      if (now && batch !== undefined && batch < times.length) now.done = null;
      else times.push({ begun: at, done: null });
      rests = false;
    } else if (state === "resting") {
      // The same rest is told again when the count changes.
      if (now && now.done === null) now.done = at;
      rests = true;
    } else if (state === "succeeded" && now) now.done ??= at;
  }
  return times;
}

/** What is known of a transition between batches: how far the group was, or the pods that it began with. */
export function transitionFacts(
  { transitions, batches, row, count }: ReleaseView,
  index: number,
  text: Catalogue,
  format: Format,
): string | null {
  const transition = transitions[index];
  if (transition?.stage !== "move") return null;
  const before = transitions[index - 1];
  const at = batchAt(transitions, index);
  const pods = batches[at]?.pods;
  if (pods === undefined) return null;
  const words = text.release.batched;
  if (transition.state === "resting" && transition.by === null) {
    const fresh = batches.slice(0, at + 1).reduce((sum, batch) => sum + batch.pods, 0);
    return words.reached(format.number(fresh), format.number(count), visible(row.to_version));
  }
  const begins = before?.stage !== "move" || before.state === "resting";
  return transition.state === "moving" && begins ? words.pods(format.number(pods)) : null;
}

/** What is said of a transition: its facts, who did it, and why. */
export function transitionText(
  view: ReleaseView,
  index: number,
  text: Catalogue,
  format: Format,
): string | undefined {
  const transition = view.transitions[index];
  const parts = [
    transitionFacts(view, index, text, format),
    transition?.by ? text.release.byWhom(visible(transition.by)) : null,
    transition?.note ? visible(transition.note) : null,
  ];
  return parts.filter(Boolean).join(" · ") || undefined;
}

/** The batch that a transition is of, from 0. */
export function batchAt(transitions: readonly Transition[], index: number): number {
  return transitions[index]?.batch ?? timesOf(transitions.slice(0, index + 1)).length - 1;
}

/** The batches of a release in their order; none when it is rolling. */
export function batchesOf(view: ReleaseView): Batch[] {
  const times = timesOf(view.transitions);
  const { state } = view.row;
  const here = view.progress.batch;
  const mark = (index: number): MarkState => {
    if (state === "succeeded" || index < here) return "ok";
    if (index > here || times.length === 0) return "idle";
    if (state === "resting") return "resting";
    return state === "moving" ? "rolling" : "danger";
  };
  return view.batches.map(({ pods }: BatchView, index) => ({
    number: index + 1,
    pods,
    mark: mark(index),
    begun: times[index]?.begun ?? null,
    done: times[index]?.done ?? null,
    left: times[index + 1]?.begun ?? null,
  }));
}

/**
 * Pods of each batch: the new ones in the order in which they were made, then the old ones that the later batches are
 * about to replace.
 */
export function podsOfBatches(
  batches: readonly Batch[],
  fresh: readonly Instance[],
  old: readonly Instance[],
): Instance[][] {
  const byAge = (a: Instance, b: Instance) =>
    (a.created ?? "").localeCompare(b.created ?? "") || a.name.localeCompare(b.name);
  const waiting = [...old].sort(byAge);
  const made = [...fresh].sort(byAge);
  return batches.map(({ pods, mark }) => {
    const own = made.splice(0, pods);
    return mark === "idle" && own.length === 0 ? waiting.splice(0, pods) : own;
  });
}

/** When the batch that follows begins by itself; null when a person has to say so, or nothing rests. */
export function nextBatchAt(view: ReleaseView): Date | null {
  const { rest, batch } = view.progress;
  const pace = view.batches[batch]?.pace;
  if (!rest || pace?.kind !== "wait") return null;
  return new Date(new Date(rest.since).getTime() + pace.seconds * 1000);
}

/** What the release waits for at its rest, in words; null when it does not rest. */
export function restFacts(
  view: ReleaseView,
  now: Date,
  text: Catalogue,
  format: Format,
): string | null {
  const { rest, batch } = view.progress;
  if (!rest) return null;
  const words = text.release.batched;
  const next = nextBatchAt(view);
  if (!next) {
    const waited = format.duration(Math.max(0, now.getTime() - new Date(rest.since).getTime()));
    return words.waitsSince(format.time(rest.since), waited);
  }
  const left = format.duration(Math.max(0, next.getTime() - now.getTime()));
  return words.nextAt(format.number(batch + 2), format.time(next.toISOString()), left);
}
