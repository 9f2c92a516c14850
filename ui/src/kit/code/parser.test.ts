import { expect, it, vi } from "vitest";
import { parsed } from "./parser";

const lines = (count: number) =>
  Array.from({ length: count }, (_, at) => `setting-${at}: ${at}`).join("\n");

it("colours each line by itself, from its first sign on", async () => {
  const colours = await parsed("port: 80\n\n# why\nname: web", "yaml", async () => true);
  const parts = (line: number) => colours?.(line).map(([from, to]) => [from, to]);
  expect(parts(0)).toEqual([
    [0, 4],
    [6, 8],
  ]);
  expect(parts(1)).toEqual([]);
  expect(parts(2)).toEqual([[0, 5]]);
  expect(parts(3)?.[0]).toEqual([0, 4]);
  expect(parts(4)).toEqual([]);
});

it("rests while it parses a long text, and ends when nobody waits any more", async () => {
  const whole = vi.fn(async () => true);
  const colours = await parsed(lines(10_000), "yaml", whole);
  expect(colours?.(9_999)[0]?.slice(0, 2)).toEqual([0, 12]);
  expect(whole.mock.calls.length).toBeGreaterThan(1);
  const left = vi.fn(async () => false);
  expect(await parsed(lines(10_000), "yaml", left)).toBeUndefined();
  expect(left).toHaveBeenCalledTimes(1);
});

it("has no colours for plain text", async () => {
  expect(await parsed("a: 1", "plain", async () => true)).toBeUndefined();
});
