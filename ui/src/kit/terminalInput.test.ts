import { expect, it } from "vitest";
import { committedOnce } from "./terminalInput";

it("types what an input method commits once, however often it is told", () => {
  const once = committedOnce();
  once.committed("部署");
  expect([once.takes("部署"), once.takes("部署")]).toEqual([true, false]);
  once.committed("部署");
  expect(once.takes("部署"), "committed again, it is typed again").toBe(true);
  expect(once.takes("\r"), "other text is nobody's double").toBe(true);
});

it("lets through what is typed by keys, also the same letters", () => {
  const once = committedOnce();
  once.committed("a");
  expect(once.takes("a")).toBe(true);
  once.pressed();
  expect([once.takes("a"), once.takes("a")]).toEqual([true, true]);
});
