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

/** Rows from one to another are drawn, of so many. */
function want(pages: LogPages, from: number, until: number, end: number): void {
  pages.grow({ base: 0, first: 0, end, follows: false });
  pages.show(from, until);
}

/** The end is followed. */
function follow(pages: LogPages, end: number): void {
  pages.grow({ base: 0, first: 0, end, follows: true });
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
  want(pages, 110, 150, end);
  await vi.waitFor(() => expect(pages.read().at(149)?.text).toBe("line 149"));
  expect(asked).toEqual([[100, 50]]);
  expect(pages.read().at(99)).toBeUndefined();
  end = 160;
  want(pages, 120, 160, end);
  // What is known stays until the answer comes.
  expect(pages.read().at(149)?.text).toBe("line 149");
  await vi.waitFor(() => expect(pages.read().at(159)?.text).toBe("line 159"));
  expect(asked).toHaveLength(2);
  // Nothing is asked again that is known.
  want(pages, 120, 160, end);
  expect(asked).toHaveLength(2);
});

it("keeps little, however far somebody scrolls", async () => {
  const pages = new LogPages(async (from, count) => ({
    from,
    rows: Array.from({ length: count }, (_, at) => line(from + at)),
  }));
  const last = 10_000_000;
  for (let from = 0; from < 1_000_000; from += 10_000) want(pages, from, from + 50, last);
  want(pages, last - 50, last, last);
  await vi.waitFor(() => expect(pages.read().at(last - 1)?.number).toBe(last - 1));
  expect(pages.read().at(0)).toBeUndefined();
});

it("asks anew for what may stand elsewhere", async () => {
  let shift = 0;
  const pages = new LogPages(async (from, count) => ({
    from,
    rows: Array.from({ length: count }, (_, at) => line(from + at + shift)),
  }));
  want(pages, 0, 10, 10);
  await vi.waitFor(() => expect(pages.read().at(0)?.number).toBe(0));
  shift = 5;
  pages.forget();
  await vi.waitFor(() => expect(pages.read().at(0)?.number).toBe(5));
});

it("follows with one question at a time, and knows no row that is not there", async () => {
  const asked: [number, number][] = [];
  const answers: (() => void)[] = [];
  const pages = new LogPages((from, count) => {
    asked.push([from, count]);
    const rows = Array.from({ length: count }, (_, at) => line(from + at));
    return new Promise((done) => answers.push(() => done({ from, rows })));
  });
  expect(pages.read().end).toBe(0);
  follow(pages, 100);
  // Faster than it is answered: what came between is passed over.
  follow(pages, 5_100);
  follow(pages, 9_100);
  expect(asked).toEqual([[60, 40]]);
  answers.shift()?.();
  await vi.waitFor(() => expect(pages.read().end).toBe(100));
  expect(pages.read().at(99)?.number).toBe(99);
  expect(asked).toEqual([
    [60, 40],
    [9_060, 40],
  ]);
  answers.shift()?.();
  await vi.waitFor(() => expect(pages.read().end).toBe(9_100));
  follow(pages, 9_100);
  expect(asked).toHaveLength(2);
  // Whoever scrolls away from it finds it there until pages have come.
  want(pages, 9_050, 9_090, 9_100);
  expect(pages.read().at(9_080)?.number).toBe(9_080);
});

it("asks anew for what it follows once that may stand elsewhere, or an answer has failed", async () => {
  let fails = true;
  let shift = 0;
  const pages = new LogPages(async (from, count) => {
    if (fails) throw new Error("refused");
    return { from, rows: Array.from({ length: count }, (_, at) => line(from + at + shift)) };
  });
  follow(pages, 10);
  await Promise.resolve();
  expect(pages.read().end).toBe(0);
  fails = false;
  await vi.waitFor(() => {
    follow(pages, 10);
    expect(pages.read().at(9)?.number).toBe(9);
  });
  shift = 5;
  pages.forget();
  await vi.waitFor(() => expect(pages.read().at(9)?.number).toBe(14));
});

it("draws lines that nobody could have read no oftener than ten times a second", async () => {
  vi.useFakeTimers();
  try {
    const asked: number[] = [];
    const pages = new LogPages(async (from, count) => {
      asked.push(from);
      return { from, rows: Array.from({ length: count }, (_, at) => line(from + at)) };
    });
    follow(pages, 100);
    await vi.advanceTimersByTimeAsync(0);
    // So few that they are in sight with what was there: at once.
    follow(pages, 110);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([60, 70]);
    follow(pages, 1_000);
    await vi.advanceTimersByTimeAsync(0);
    follow(pages, 2_000);
    follow(pages, 3_000);
    await vi.advanceTimersByTimeAsync(99);
    expect(asked).toEqual([60, 70, 960]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([60, 70, 960, 2_960]);
  } finally {
    vi.useRealTimers();
  }
});
