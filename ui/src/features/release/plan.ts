import type { Catalogue, Format } from "~/i18n";
import { withDashes } from "~/i18n/params";
import { type Pod, visible } from "~/kit";
import type { PlanView, Verdict } from "~/wire/types";

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

/** How it moves: `10 → 1 · 4 · 5` in batches. */
export function sayStrategy(plan: PlanView, text: Catalogue, format: Format): string {
  const { rolling, inBatches } = text.release.plan;
  if (plan.batches.length === 0) return rolling;
  const sizes = plan.batches.map(({ pods }) => format.number(pods)).join(" · ");
  return inBatches(`${format.number(plan.count)} → ${sizes}`);
}

export interface Moment {
  key: "now" | "between" | "after";
  pods: Pod[];
}

/** The group before the release, at its fullest while it moves, and after it. */
export function podsOnTheWay(plan: PlanView): Moment[] {
  const pods = (state: Pod["state"], count: number) =>
    Array.from({ length: Math.max(0, count) }, (): Pod => ({ state }));
  const after: Moment = { key: "after", pods: pods("new", plan.count) };
  if (plan.first) return [after];
  const coming = Math.min(plan.count, plan.surge + plan.unavailable);
  return [
    { key: "now", pods: pods("old", plan.count) },
    {
      key: "between",
      pods: [...pods("unready", coming), ...pods("old", plan.count - plan.unavailable)],
    },
    after,
  ];
}
