import { describe, expect, it } from "vitest";
import { en, Format, zh } from "~/i18n";
import type { PlanView, Verdict } from "~/wire/types";
import { podsOnTheWay, sayStrategy, sayVerdict } from "./plan";

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

describe("the pods on the way", () => {
  const plan = (facts: Partial<PlanView>) =>
    ({ count: 8, surge: 1, unavailable: 0, first: false, ...facts }) as PlanView;
  const drawn = (facts: Partial<PlanView>) =>
    podsOnTheWay(plan(facts)).map(({ key, pods }) => {
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

  it("the first release only creates", () => {
    expect(drawn({ first: true })).toEqual(["after 8+0+0"]);
  });
});

it("a plan says whether it rolls or goes in batches", () => {
  const plan = (sizes: number[]) =>
    ({ count: 10, batches: sizes.map((pods) => ({ pods, pace: null })) }) as unknown as PlanView;
  expect(sayStrategy(plan([]), en, new Format("en", en))).toBe("Rolling, by the cluster itself");
  expect(sayStrategy(plan([1, 4, 5]), en, new Format("en", en))).toBe("In batches: 10 → 1 · 4 · 5");
  expect(sayStrategy(plan([1, 4, 5]), zh, new Format("zh", zh))).toBe("多批次部署：10 → 1 · 4 · 5");
});
