import { expect, it } from "vitest";
import { cellState, healthMark } from "./health";
import { parseLogLine } from "./logLine";

it("takes time and level apart where the line begins with them", () => {
  const line = parseLogLine("2025-11-20T14:45:42.263918Z ERROR fatal: no connection");
  expect(line.level).toBe("ERROR");
  expect(line.text).toBe("fatal: no connection");
  expect(line.time).toMatch(/^\d\d:\d\d:42\.263$/);
});

it("takes a time without a zone as it was written", () => {
  expect(parseLogLine("2026/11/25 15:52:41.639486 fatal: no data source")).toEqual({
    time: "15:52:41.639",
    text: "fatal: no data source",
  });
  expect(parseLogLine("2026-11-25 15:52:41,639 WARN slow")).toEqual({
    time: "15:52:41.639",
    level: "WARN",
    text: "slow",
  });
});

it("leaves alone what it does not recognise", () => {
  expect(parseLogLine("panic in the middle ERROR")).toEqual({ text: "panic in the middle ERROR" });
  expect(parseLogLine("Error 1040: Too many").text).toBe("Error 1040: Too many");
  expect(parseLogLine("informed guess")).toEqual({ text: "informed guess" });
  expect(parseLogLine("")).toEqual({ text: "" });
});

it("a time without a fraction has none made up but zeros", () => {
  expect(parseLogLine("2025-11-20T14:45:42+08:00 up").time).toMatch(/:42\.000$/);
});

it("a pod that nobody knows is never drawn as well", () => {
  const pod = { new: true, ready: true, health: "ok" } as const;
  expect(cellState(pod)).toBe("new");
  expect(cellState(pod, true)).toBe("unknown");
  expect(healthMark("ok", true)).toBe("stale");
  expect(cellState({ ...pod, health: "danger" })).toBe("failing");
  expect(cellState({ ...pod, ready: false })).toBe("unready");
  expect(cellState({ ...pod, new: false })).toBe("old");
});
