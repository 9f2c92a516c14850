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
    const pods = unit === "percent" ? amount : part(amount, count);
    return { ...step, size: sizeOf(pods, unit, count) };
  });
}

function part(percent: number, count: number): number {
  return Math.max(1, Math.ceil((percent / 100) * count));
}

/** How many pods a step takes, of so many; 0 where it is not a number yet. */
export function podsOf(size: string, count: number): number {
  const amount = Number(amountOf(size));
  if (amountOf(size) === "" || !Number.isFinite(amount)) return 0;
  return size.trim().endsWith("%") ? part(amount, count) : Math.max(1, Math.trunc(amount));
}

/** So many pods of a count as the size of a step. */
export function sizeOf(pods: number, unit: Unit, count: number): string {
  if (unit === "pods") return String(pods);
  return `${Math.max(1, Math.min(100, Math.floor((pods / count) * 100)))}%`;
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
