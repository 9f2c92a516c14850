import { expect, it } from "vitest";
import { hits, score } from "./match";

it("takes words in any order, the exact name first", () => {
  expect(score("prod-sh-1", "prod-sh-1")).toBe(0);
  expect(score("prod", "prod-sh-1")).toBe(1);
  expect(score("sh prod", "prod-sh-1")).toBe(2);
  expect(score("log sh", "prod-sh-1", "logs")).toBe(3);
  expect(score("gz", "prod-sh-1", "logs")).toBeUndefined();
});

it("marks what was typed, without overlaps", () => {
  expect(hits("sh log", "Logs of prod-sh-1")).toEqual([
    [0, 3],
    [13, 15],
  ]);
  expect(hits("pro prod", "prod")).toEqual([[0, 4]]);
  expect(hits("", "prod")).toEqual([]);
});
