import { describe, expect, it } from "vitest";
import { en, Format, zh } from "~/i18n";
import type { PlanView, Verdict } from "~/wire/types";
import { podsOnTheWay, saySizes, sayStrategy, sayVerdict } from "./plan";

const verdict = (facts: Partial<Verdict>): Verdict => ({
  check: "alone",
  level: "ok",
  code: "ok",
  params: {},
  ...facts,
});

describe("a verdict", () => {
  it("is a sentence with its parameters, in both languages", () => {
    const running = verdict({ level: "blocks", code: "running", params: { seq: "r19", by: "Li" } });
    expect(sayVerdict(running, en)).toBe("r19 by Li moves");
    expect(sayVerdict(running, zh)).toBe("Li 的 r19 正在进行");
  });

  it("of an unknown code still says its level and its facts", () => {
    const other = verdict({ level: "warning", code: "new", params: { node: "n1" } });
    expect(sayVerdict(other, en)).toBe("to be looked at: n1");
    expect(sayVerdict(verdict({ code: "new" }), zh)).toBe("通过");
  });

  it("with a missing parameter shows a dash, never undefined", () => {
    expect(sayVerdict(verdict({ code: "running" }), en)).toBe("– by – moves");
  });

  it("every code of one language is there in the other", () => {
    for (const check of Object.keys(en.release.plan.found) as Verdict["check"][]) {
      expect(Object.keys(zh.release.plan.found[check])).toEqual(
        Object.keys(en.release.plan.found[check]),
      );
    }
  });
});

const format = new Format("en", en);

describe("the pods on the way", () => {
  const plan = (facts: Partial<PlanView>) =>
    ({
      count: 8,
      surge: 1,
      unavailable: 0,
      first: false,
      batches: [],
      ...facts,
    }) as unknown as PlanView;
  const drawn = (facts: Partial<PlanView>) =>
    podsOnTheWay(plan(facts), en, format).map(({ key, pods }) => {
      const count = (state: string) => pods.filter((pod) => pod.state === state).length;
      return `${key} ${count("new")}+${count("unready")}+${count("old")}`;
    });

  it("one more at most, never fewer", () => {
    expect(drawn({})).toEqual(["now 0+0+8", "between 0+1+8", "after 8+0+0"]);
  });

  it("without surge old ones go first", () => {
    expect(drawn({ surge: 0, unavailable: 2 })[1]).toBe("between 0+2+6");
  });

  it("never more new ones than there will be", () => {
    expect(drawn({ count: 1, surge: 3 })[1]).toBe("between 0+1+1");
  });

  it("after each batch, and what it waits for", () => {
    const batches: PlanView["batches"] = [
      { pods: 1, pace: { kind: "approval" } },
      { pods: 3, pace: { kind: "wait", seconds: 600 } },
      { pods: 4, pace: null },
    ];
    expect(drawn({ batches })).toEqual(["0 1+0+7", "1 4+0+4", "2 8+0+0"]);
    const said = podsOnTheWay(plan({ batches }), en, format).map(
      ({ caption, next }) => `${caption}: ${next}`,
    );
    expect(said).toEqual([
      "After batch 1: waits for approval",
      "After batch 2: waits 10 min",
      "After batch 3: then done",
    ]);
  });

  it("of many batches the first ones and the last", () => {
    const batches = Array.from({ length: 8 }, () => ({ pods: 1, pace: null }));
    expect(drawn({ batches })).toEqual(["0 1+0+7", "1 2+0+6", "2 3+0+5", "gap 0+0+0", "7 8+0+0"]);
  });

  it("the first release only creates", () => {
    expect(drawn({ first: true })).toEqual(["after 8+0+0"]);
  });
});

it("a plan says whether it rolls or goes in batches, and what those wait for", () => {
  const plan = (...paces: (number | null)[]) =>
    ({
      count: 10,
      batches: paces.map((seconds, at) => ({
        pods: at + 1,
        pace: seconds === null ? { kind: "approval" } : { kind: "wait", seconds },
      })),
    }) as unknown as PlanView;
  expect(sayStrategy(plan(), en, format)).toBe("Rolling, by the cluster itself");
  expect(saySizes(plan(), format)).toBeNull();
  expect(saySizes(plan(null, null, null), format)).toBe("10 → 1 · 2 · 3");
  expect(sayStrategy(plan(null, null, null), en, format)).toBe("3 batches, approval after each");
  expect(sayStrategy(plan(60, 60, null), zh, new Format("zh", zh))).toBe(
    "3 批，每批之后等待 1 分钟",
  );
  expect(sayStrategy(plan(60, null, null), en, format)).toBe("3 batches");
});
