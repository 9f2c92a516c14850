import { describe, expect, it } from "vitest";
import { firstDraft } from "~/dev/draft";
import { en, zh } from "~/i18n";
import type { StepDraft } from "~/wire/types";
import { sayPath } from "./copy";
import { stopParts } from "./lifecycle";
import { sectionOf } from "./sections";
import { cellsAfter, firstSteps, inUnit, podsOf, sizeOf, unitOf } from "./strategy";

const pace = { approval: true, seconds: "600" };
const steps = (...sizes: string[]): StepDraft[] => sizes.map((size) => ({ size, pace }));
const sizes = (all: StepDraft[]) => all.map(({ size }) => size);

describe("explicit steps", () => {
  it("are in the unit of the first", () => {
    expect(unitOf(steps("10%", "4"))).toBe("percent");
    expect(unitOf(steps("1"))).toBe("pods");
    expect(unitOf([])).toBe("pods");
  });

  it("mean the same in another unit, and none becomes empty", () => {
    expect(sizes(inUnit(steps("1", "4"), "percent", 10))).toEqual(["10%", "40%"]);
    expect(sizes(inUnit(steps("10%", "1%"), "pods", 10))).toEqual(["1", "1"]);
    expect(sizes(inUnit(steps("2000"), "percent", 10))).toEqual(["100%"]);
    // 29 % of 7 would be 3 pods.
    expect(sizes(inUnit(steps("2"), "percent", 7))).toEqual(["28%"]);
    expect(sizes(inUnit(steps("28%"), "pods", 7))).toEqual(["2"]);
  });

  it("keep what is no number, and what no count tells", () => {
    expect(sizes(inUnit(steps("", "x"), "percent", 10))).toEqual(["%", "x%"]);
    expect(sizes(inUnit(steps("3"), "percent", 0))).toEqual(["3%"]);
    expect(sizes(inUnit(steps("30%"), "percent", 10))).toEqual(["30%"]);
  });

  it("begin with what an even split makes", () => {
    expect(sizes(firstSteps(firstDraft.strategy, [1, 4, 5]))).toEqual(["1", "4"]);
    expect(sizes(firstSteps(firstDraft.strategy, [7]))).toEqual(["1"]);
    expect(sizes(firstSteps(firstDraft.strategy, []))).toEqual(["1"]);
  });
});

it("takes pods for a size and back", () => {
  expect([podsOf("3", 10), podsOf("25%", 10), podsOf("", 10), podsOf("x%", 10)]).toEqual([
    3, 3, 0, 0,
  ]);
  expect([sizeOf(3, "pods", 10), sizeOf(3, "percent", 10)]).toEqual(["3", "30%"]);
  expect(podsOf(sizeOf(3, "percent", 7), 7)).toBe(3);
});

it("draws the group after a batch", () => {
  expect(cellsAfter(1, 3).map(({ state }) => state)).toEqual(["new", "old", "old"]);
  expect(cellsAfter(0, 0)).toEqual([]);
});

describe("the grace period", () => {
  const { before_stop: none } = firstDraft.lifecycle;
  const shell = (value: string) => ({
    ...none,
    kind: "command" as const,
    command: { kind: "shell" as const, value },
  });

  it("is all for the container without a hook", () => {
    expect(stopParts(none, 30)).toEqual({ hook: "none", seconds: 0, rest: 30 });
  });

  it("knows how long a plain sleep takes, at most all of it", () => {
    expect(stopParts(shell("sleep 15"), 45)).toEqual({ hook: "sleep", seconds: 15, rest: 30 });
    expect(stopParts(shell("sleep 99"), 45)).toEqual({ hook: "sleep", seconds: 45, rest: 0 });
    const list = {
      ...none,
      kind: "command" as const,
      command: { kind: "list" as const, value: ["sleep", "5"] },
    };
    expect(stopParts(list, 10)).toEqual({ hook: "sleep", seconds: 5, rest: 5 });
  });

  it("guesses nothing of another command", () => {
    expect(stopParts(shell("drain.sh 15"), 45)).toEqual({ hook: "unknown", seconds: 0, rest: 45 });
    expect(stopParts(shell("sleep 5; drain"), 45).hook).toBe("unknown");
    expect(stopParts({ ...none, kind: "http" }, 45).hook).toBe("unknown");
  });
});

it("knows in which section a field stands", () => {
  expect(sectionOf("strategy.steps.0.size")).toBe("strategy");
  expect(sectionOf("liveness.tcp")).toBe("health");
  expect(sectionOf("tolerations.2.key")).toBe("container");
  expect(sectionOf("link")).toBe("basics");
});

it("names a field of a draft by the words of the form, in both languages", () => {
  expect(sayPath("count", zh)).toBe("副本数");
  expect(sayPath("cpu.request", en)).toBe("CPU request");
  expect(sayPath("readiness.period_seconds", en)).toBe("Readiness every");
  expect(sayPath("ports.0.port", en)).toBe("Ports 0 port");
  expect(sayPath("unknown.thing", en)).toBe("unknown thing");
});
