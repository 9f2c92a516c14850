import { expect, it, vi } from "vitest";
import type { LogLine } from "~/wire/types";
import { LogPages } from "./pages";

function line(number: number): LogLine {
  return {
    number,
    at: "2025-11-20T14:45:42Z",
    source: 0,
    level: "none",
    text: `line ${number}`,
    mark: null,
    places: [],
    more: 0,
    left_out: 0,
    broken: false,
  };
}

it("asks only for what is shown, and for more of a page as it grows", async () => {
  let end = 150;
  const asked: [number, number][] = [];
  const pages = new LogPages(async (from, count) => {
    asked.push([from, count]);
    const rows = Array.from({ length: Math.max(0, Math.min(count, end - from)) }, (_, at) =>
      line(from + at),
    );
    return { from, rows };
  });
  pages.want(110, 150, end);
  await vi.waitFor(() => expect(pages.read().at(149)?.text).toBe("line 149"));
  expect(asked).toEqual([[100, 50]]);
  expect(pages.read().at(99)).toBeUndefined();
  end = 160;
  pages.want(120, 160, end);
  // What is known stays until the answer comes.
  expect(pages.read().at(149)?.text).toBe("line 149");
  await vi.waitFor(() => expect(pages.read().at(159)?.text).toBe("line 159"));
  expect(asked).toHaveLength(2);
  // Nothing is asked again that is known.
  pages.want(120, 160, end);
  expect(asked).toHaveLength(2);
});

it("keeps little, however far somebody scrolls", async () => {
  const pages = new LogPages(async (from, count) => ({
    from,
    rows: Array.from({ length: count }, (_, at) => line(from + at)),
  }));
  const last = 10_000_000;
  for (let from = 0; from < 1_000_000; from += 10_000) pages.want(from, from + 50, last);
  pages.want(last - 50, last, last);
  await vi.waitFor(() => expect(pages.read().at(last - 1)?.number).toBe(last - 1));
  expect(pages.read().at(0)).toBeUndefined();
});

it("asks anew for what may stand elsewhere", async () => {
  let shift = 0;
  const pages = new LogPages(async (from, count) => ({
    from,
    rows: Array.from({ length: count }, (_, at) => line(from + at + shift)),
  }));
  pages.want(0, 10, 10);
  await vi.waitFor(() => expect(pages.read().at(0)?.number).toBe(0));
  shift = 5;
  pages.forget();
  await vi.waitFor(() => expect(pages.read().at(0)?.number).toBe(5));
});
