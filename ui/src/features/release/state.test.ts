import { describe, expect, it } from "vitest";
import { en, Format, zh } from "~/i18n";
import { view, went } from "~/test/release";
import type { ReleaseRow, ReleaseState, ReleaseView, Stage, Transition } from "~/wire/types";
import { mergeRows } from "./history";
import { guaranteeOf, statusFacts, stepsOf, tookMs, transitionWord } from "./state";

const format = new Format("en", en);

function row(state: ReleaseState, stage: Stage, facts: Partial<ReleaseRow> = {}): ReleaseRow {
  return {
    id: "r",
    app: "a",
    group: "g",
    group_name: "prod-sh-1",
    environment: { id: "p", name: "production", order: 3, colour: "prod", protected: true },
    seq: 28,
    state,
    stage,
    from_version: "2.13.4",
    to_version: "2.14.0",
    back_to: null,
    train: null,
    author: { identity: "li-hua", display: "Li Hua", device: "lihua-mbp" },
    note: "",
    created: "2025-11-20T14:34:00Z",
    ended: null,
    ...facts,
  };
}

const begun = went(
  ["plan", "planned"],
  ["lease", "planned"],
  ["record", "planned"],
  ["objects", "moving"],
  ["begin", "moving"],
  ["move", "moving"],
);
const marks = (of: ReleaseRow, transitions: Transition[]) =>
  stepsOf(of, transitions).map(({ mark }) => mark);

describe("the steps of a release", () => {
  it("turns where it moves", () => {
    expect(marks(row("moving", "move"), begun)).toEqual([
      "ok",
      "ok",
      "ok",
      "ok",
      "rolling",
      "idle",
    ]);
  });

  it("shows the red mark where it stopped", () => {
    expect(marks(row("stopped", "move"), begun)[4]).toBe("danger");
  });

  it("a planned one has only its plan behind it", () => {
    const planned = marks(row("planned", "plan"), went(["plan", "planned"]));
    expect(planned).toEqual(["ok", "ok", "idle", "idle", "idle", "idle"]);
  });

  it("one that succeeded is through, whatever is known of its way", () => {
    expect(new Set(marks(row("succeeded", "end"), []))).toEqual(new Set(["ok"]));
  });

  it("one refused at its beginning breaks off there, and was never rolling", () => {
    const refused = [...begun.slice(0, 3), ...went(["end", "failed"])];
    expect(marks(row("failed", "end"), refused)).toEqual([
      "ok",
      "ok",
      "danger",
      "idle",
      "idle",
      "danger",
    ]);
  });

  it("an aborted one broke off while rolling", () => {
    const aborted = [...begun, ...went(["end", "aborted"])];
    expect(marks(row("aborted", "end"), aborted).slice(4)).toEqual(["aborted", "aborted"]);
  });

  it("a step has the time it was first reached", () => {
    expect(stepsOf(row("moving", "move"), begun)[2]?.at).toBe("2025-11-20T14:31:00.000Z");
    expect(stepsOf(row("moving", "move"), begun)[5]?.at).toBeNull();
  });
});

describe("what is promised", () => {
  it.each<[ReleaseState, Stage, string | null]>([
    ["planned", "plan", en.release.guarantee.waiting],
    ["moving", "begin", en.release.guarantee.waiting],
    ["moving", "move", en.release.guarantee.begun],
    ["stopped", "move", en.release.guarantee.stopped],
    ["succeeded", "end", null],
    ["aborted", "end", null],
    ["failed", "end", null],
    ["superseded", "end", null],
  ])("%s at %s", (state, stage, title) => {
    expect(guaranteeOf(view(row(state, stage)), en, format)?.title ?? null).toBe(title);
  });

  it("the first release of a group keeps no version", () => {
    const first = guaranteeOf(view(row("moving", "record", { from_version: null })), en, format);
    expect(first?.text).toBe(en.release.guarantee.waitingTextFirst);
  });
});

describe("the facts behind the state", () => {
  const now = new Date("2025-11-20T14:50:00Z");
  const ready = { fresh: 2, all: 8, count: 8 };

  it("says nothing of pods while nobody knows them", () => {
    expect(statusFacts(row("stopped", "move"), null, null, now, en, format)).toEqual([
      "nothing moves until you decide",
    ]);
  });

  it("counts the new ones while it moves, all when it stopped", () => {
    expect(statusFacts(row("moving", "move"), ready, null, now, en, format)).toEqual([
      "2 of 8 new pods ready",
    ]);
    expect(statusFacts(row("stopped", "move"), ready, null, now, zh, format)[0]).toBe(
      "8/8 个 Pod 就绪",
    );
  });

  it("says how long it took once it is over", () => {
    const done = row("succeeded", "end", { ended: "2025-11-20T14:38:00Z" });
    expect(statusFacts(done, null, null, now, en, format)).toContain("took 4 min");
    expect(tookMs(done, now)).toBe(240_000);
    expect(tookMs(row("moving", "move"), now)).toBe(16 * 60_000);
  });
});

it("a transition is told by what it meant", () => {
  const said = (index: number, ...way: [Stage, ReleaseState][]) =>
    transitionWord(view(row("moving", "move"), { transitions: went(...way) }), index, en, format);
  expect(said(1, ["move", "stopped"], ["move", "moving"])).toBe("Continued");
  expect(said(0, ["move", "moving"])).toBe("Pods are being replaced");
  expect(said(0, ["record", "planned"])).toBe("Record r28 created");
});

it("pages read before stay below a first page that moves on", () => {
  const rows = (...ids: string[]) => ids.map((id) => row("succeeded", "end", { id }));
  const merged = mergeRows(rows("5", "4"), rows("4", "3", "2"));
  expect(merged.map(({ id }) => id)).toEqual(["5", "4", "3", "2"]);
});

it("who did something that changed no state took it over", () => {
  const way = went(
    ["move", "moving"],
    ["move", "moving"],
    ["move", "resting"],
    ["move", "resting"],
  );
  const by = (index: number) => ({ ...way[index], by: "Chen Wei" }) as Transition;
  const transitions = [way[0] as Transition, by(1), way[2] as Transition, by(3)];
  const said = (batches: ReleaseView["batches"]) =>
    transitions.map((_, at) =>
      transitionWord(view(row("resting", "move"), { transitions, batches }), at, en, format),
    );
  const batches: ReleaseView["batches"] = [
    { pods: 4, pace: { kind: "wait", seconds: 60 } },
    { pods: 4, pace: null },
  ];
  expect(said([])[1]).toBe("Taken over");
  expect(said(batches)).toEqual([
    "Batch 1 begun",
    "Taken over",
    "Rested after batch 1",
    "Taken over",
  ]);
});

it("what another computer drives promises nothing of this one", () => {
  const driver = { identity: "chen-wei", display: "Chen Wei", device: "chenwei-x1" };
  const of = (hands: ReleaseView["hands"]) =>
    guaranteeOf(view(row("moving", "move"), { hands, driver }), en, format);
  expect(of("others")?.title).toBe("Chen Wei drives it.");
  expect(of("others")?.text).toContain("From chenwei-x1");
  expect(of("adrift")).toBeNull();
});
