import { expect, it } from "vitest";
import type { UsagePoint } from "~/wire/types";
import { changeOf, linesOf, unitOf } from "./usage";

const point = (minute: number, fresh: boolean, cpu: number | null, mib = 100): UsagePoint => ({
  at: new Date(Date.UTC(2026, 1, 18, 22, minute)).toISOString(),
  new: fresh,
  pods: 5,
  ready: 5,
  restarts: 0,
  oom_kills: 0,
  cpu_milli: cpu,
  memory_bytes: cpu === null ? null : mib * 2 ** 20,
  traffic: null,
});

const cpu = (point: UsagePoint) => point.cpu_milli;

it("puts both versions on one clock, with gaps where one was not there", () => {
  const lines = linesOf([point(1, true, 90), point(0, false, 100), point(1, false, 110)], cpu);
  expect(lines.times.map((at) => at.getUTCMinutes())).toEqual([0, 1]);
  expect(lines.old).toEqual([100, 110]);
  expect(lines.fresh).toEqual([null, 90]);
});

it("compares the same minutes while both run", () => {
  const lines = linesOf(
    [point(0, false, 500), point(1, false, 100), point(1, true, 92), point(2, true, 10)],
    cpu,
  );
  const change = changeOf(lines);
  expect(change?.together).toBe(true);
  expect(change?.share).toBeCloseTo(-0.08);
});

it("compares after with before where they never ran together", () => {
  const change = changeOf(linesOf([point(0, false, 100), point(1, true, 150)], cpu));
  expect(change).toEqual({ share: 0.5, together: false });
});

it("says nothing of a change that nobody measured", () => {
  expect(changeOf(linesOf([point(0, false, 100)], cpu))).toBeNull();
  expect(changeOf(linesOf([point(0, false, 0), point(1, true, 5)], cpu))).toBeNull();
  expect(changeOf(linesOf([point(0, false, null), point(1, true, 5)], cpu))).toBeNull();
});

it("draws memory in one unit", () => {
  expect(unitOf([point(0, false, 1, 300)])).toBe(2 ** 20);
  expect(unitOf([point(0, false, 1, 300), point(1, true, 1, 4096)])).toBe(2 ** 30);
  const memory = (one: UsagePoint) => (one.memory_bytes ?? 0) / 2 ** 20;
  expect(linesOf([point(0, false, 1, 300)], memory).old).toEqual([300]);
});
