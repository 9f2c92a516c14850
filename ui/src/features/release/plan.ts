import type { Catalogue, Format } from "~/i18n";
import { withDashes } from "~/i18n/params";
import { type Pod, visible } from "~/kit";
import type { Pace, PlanView, Verdict } from "~/wire/types";

/** What a check found, in a sentence; a code without one is said by its level and its parameters. */
export function sayVerdict(verdict: Verdict, text: Catalogue): string {
  const words = text.release.plan;
  const params = Object.fromEntries(
    Object.entries(verdict.params).map(([key, value]) => [key, visible(value)]),
  );
  const say = words.found[verdict.check][verdict.code];
  if (say) return say(withDashes(params));
  const values = Object.values(params).filter(Boolean);
  const level = words.level[verdict.level];
  return values.length > 0 ? `${level}: ${values.join(", ")}` : level;
}

/** How it moves: by the cluster, or in batches and what they wait for. */
export function sayStrategy(
  { batches }: Pick<PlanView, "batches">,
  text: Catalogue,
  format: Format,
): string {
  if (batches.length === 0) return text.release.plan.rolling;
  const words = text.value;
  const count = words.batches(batches.length, format.number(batches.length));
  const paces = batches.slice(0, -1).map(({ pace }) => {
    if (pace === null) return "";
    return pace.kind === "approval"
      ? words.approval
      : words.wait(format.duration(pace.seconds * 1000));
  });
  const [first] = paces;
  const alike = first !== undefined && first !== "" && paces.every((pace) => pace === first);
  return alike ? [count, words.afterEach(first)].join(words.comma) : count;
}

/** `10 → 1 · 4 · 5`; null when it is rolling. */
export function saySizes(
  { batches, count }: Pick<PlanView, "batches" | "count">,
  format: Format,
): string | null {
  if (batches.length === 0) return null;
  return `${format.number(count)} → ${batches.map(({ pods }) => format.number(pods)).join(" · ")}`;
}

/** What a rest between two batches waits for. */
function restOf(pace: Pace | null, text: Catalogue, format: Format): string {
  const words = text.release.plan;
  if (pace === null) return "";
  return pace.kind === "approval"
    ? words.waitsApproval
    : words.waitsFor(format.duration(pace.seconds * 1000));
}

export interface Moment {
  key: string;
  pods: Pod[];
  caption: string;
  /** What follows. */
  next: string;
}

/** More rests than these are not drawn each. */
const RESTS_MAX = 4;

/**
 * The group before the release, at its fullest while it moves, and after it; in batches, as it is after each of them. Of
 * many batches the first ones and the last are drawn.
 */
export function podsOnTheWay(plan: PlanView, text: Catalogue, format: Format): Moment[] {
  const words = text.release.plan;
  const pods = (state: Pod["state"], count: number) =>
    Array.from({ length: Math.max(0, count) }, (): Pod => ({ state }));
  const after: Moment = {
    key: "after",
    pods: pods("new", plan.count),
    caption: words.after,
    next: "",
  };
  if (plan.first) return [after];
  if (plan.batches.length > 0) {
    let fresh = 0;
    const rests = plan.batches.map(({ pods: size, pace }, at): Moment => {
      fresh += size;
      const last = at === plan.batches.length - 1;
      return {
        key: String(at),
        pods: [...pods("new", fresh), ...pods("old", plan.count - fresh)],
        caption: words.afterBatch(format.number(at + 1)),
        next: last ? words.thenDone : restOf(pace, text, format),
      };
    });
    if (rests.length <= RESTS_MAX) return rests;
    const left = rests.length - RESTS_MAX;
    const gap = { key: "gap", pods: [], caption: words.more(format.number(left)), next: "" };
    return [...rests.slice(0, RESTS_MAX - 1), gap, ...rests.slice(-1)];
  }
  const coming = Math.min(plan.count, plan.surge + plan.unavailable);
  return [
    { key: "now", pods: pods("old", plan.count), caption: words.now, next: "" },
    {
      key: "between",
      pods: [...pods("unready", coming), ...pods("old", plan.count - plan.unavailable)],
      caption: words.between,
      next: "",
    },
    after,
  ];
}
