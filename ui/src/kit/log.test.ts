import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LogBuffer } from "./log";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("shows lines at a fixed deadline although more keep coming", () => {
  const buffer = new LogBuffer();
  const seen: number[] = [];
  buffer.subscribe(() => seen.push(buffer.length));
  // 30 lines a second for a second: a deadline moved by every line would show nothing.
  for (let line = 0; line < 30; line++) {
    void buffer.append([{ text: `line ${line}` }]);
    vi.advanceTimersByTime(33);
  }
  expect(seen.length).toBeGreaterThan(10);
  expect(seen[0]).toBeLessThanOrEqual(2);
});

it("says when a batch is on the screen, so that it can be acknowledged", async () => {
  const buffer = new LogBuffer();
  let shown = false;
  const done = buffer.append([{ text: "a" }]).then(() => {
    shown = true;
  });
  await Promise.resolve();
  expect(shown).toBe(false);
  vi.advanceTimersByTime(50);
  await done;
  expect(buffer.length).toBe(1);
});

it("loses nothing without counting it", () => {
  const buffer = new LogBuffer(100);
  for (let line = 0; line < 250; line++) void buffer.append([{ text: `line ${line}` }]);
  void buffer.append([{ text: "left out", skipped: 7 }]);
  vi.advanceTimersByTime(50);
  expect(buffer.length).toBe(100);
  expect(buffer.skipped).toBe(151 + 7);
  expect(buffer.at(0)?.text).toBe("line 151");
});
