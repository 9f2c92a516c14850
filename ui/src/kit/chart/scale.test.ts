import { expect, it } from "vitest";
import { apart, grid, timesOf } from "./scale";

it.each([
  [0, [0, 1]],
  [205, [0, 80, 160, 240]],
  [231, [0, 100, 200, 300]],
  [0.42, [0, 0.2, 0.4, 0.6]],
  [970, [0, 400, 800, 1200]],
])("draws round lines for values up to %d", (most, lines) => {
  const drawn = grid(most);
  expect(drawn).toHaveLength(lines.length);
  for (const [at, line] of lines.entries()) expect(drawn[at]).toBeCloseTo(line);
});

it("names few round times", () => {
  const at = (minute: number, second = 0) => new Date(2026, 1, 18, 21, minute, second).getTime();
  const said = timesOf(at(52, 30), at(74), 5).map((time) => new Date(time).getMinutes());
  expect(said).toEqual([55, 0, 5, 10]);
  expect(timesOf(at(0), at(0, 30), 5)).toEqual([at(0)]);
});

it("keeps the names of lines apart, and moves none that has room", () => {
  expect(apart([100, 104], 15)).toEqual([94.5, 109.5]);
  expect(apart([104, 100], 15)).toEqual([109.5, 94.5]);
  expect(apart([10, 60], 15)).toEqual([10, 60]);
  expect(apart([], 15)).toEqual([]);
});
