import type { CellState } from "~/kit";
import type { StepDraft, StrategyDraft } from "~/wire/types";

export type Unit = "pods" | "percent";

/** In what the steps are typed: the first one says it. */
export function unitOf(steps: readonly StepDraft[]): Unit {
  return steps[0]?.size.trim().endsWith("%") ? "percent" : "pods";
}

/** The digits of a size, without its unit. */
export function amountOf(size: string): string {
  return size.trim().replace(/\s*%$/, "");
}

/**
 * The same steps in another unit, for a count of pods; none becomes empty. A percentage of pods is rounded up, so that
 * one for some pods is rounded down.
 */
export function inUnit(steps: readonly StepDraft[], unit: Unit, count: number): StepDraft[] {
  if (unitOf(steps) === unit) return [...steps];
  return steps.map((step) => {
    const amount = Number(amountOf(step.size));
    if (amountOf(step.size) === "" || !Number.isFinite(amount) || count === 0) {
      return {
        ...step,
        size: unit === "percent" ? `${amountOf(step.size)}%` : amountOf(step.size),
      };
    }
    const size =
      unit === "percent"
        ? `${Math.max(1, Math.min(100, Math.floor((amount / count) * 100)))}%`
        : String(Math.max(1, Math.ceil((amount / 100) * count)));
    return { ...step, size };
  });
}

/** What explicit steps begin with: the batches that an even split makes, as far as they are known. */
export function firstSteps(strategy: StrategyDraft, batches: readonly number[]): StepDraft[] {
  const sizes = batches.slice(0, -1);
  const pace = strategy.pace;
  return (sizes.length === 0 ? [1] : sizes).map((size) => ({ size: String(size), pace }));
}

/** How the group looks once `done` of `count` pods have been replaced. */
export function cellsAfter(done: number, count: number): { state: CellState }[] {
  return Array.from({ length: count }, (_, at) => ({ state: at < done ? "new" : "old" }));
}
