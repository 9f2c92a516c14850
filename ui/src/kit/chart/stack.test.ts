import { expect, it } from "vitest";
import { stack } from "./StackChart";

it("lays each on those below it, and leaves gaps where nothing is known", () => {
  const layer = (key: string, values: (number | null)[]) => ({ key, tone: "old" as const, values });
  const [below, above] = stack([layer("a", [1, 2, null, 4]), layer("b", [10, null, 30, 40])], 4);
  expect(below).toEqual([
    [
      { at: 0, from: 0, to: 1 },
      { at: 1, from: 0, to: 2 },
    ],
    [{ at: 3, from: 0, to: 4 }],
  ]);
  expect(above).toEqual([
    [{ at: 0, from: 1, to: 11 }],
    [
      { at: 2, from: 0, to: 30 },
      { at: 3, from: 4, to: 44 },
    ],
  ]);
});
