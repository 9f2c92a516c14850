import { describe, expect, it } from "vitest";
import { en, Format } from "~/i18n";
import { view, went } from "~/test/release";
import type { Instance, ReleaseRow, ReleaseState, Stage, Transition } from "~/wire/types";
import { batchesOf, nextBatchAt, podsOfBatches, restFacts, timesOf } from "./batches";
import { guaranteeOf, stateWord, transitionWord } from "./state";

const format = new Format("en", en);
const approval = { kind: "approval" } as const;
const three = [
  { pods: 1, pace: approval },
  { pods: 4, pace: { kind: "wait", seconds: 600 } as const },
  { pods: 5, pace: null },
];

function release(state: ReleaseState, batch: number, ...way: [Stage, ReleaseState][]) {
  const transitions = went(...way);
  const row = { id: "r", app: "a", group: "g", seq: 41, state, stage: "move" } as ReleaseRow;
  const since = transitions.at(-1)?.at ?? "";
  const left = { count: 10, new: batch === 0 ? 1 : 5 };
  return view(row, {
    count: 10,
    batches: three,
    transitions,
    progress: {
      batch,
      rest: state === "resting" ? { left, since } : null,
      count: 10,
      aborting: null,
      below: null,
      driver: null,
    },
  });
}

const begun: [Stage, ReleaseState] = ["move", "moving"];
const rests: [Stage, ReleaseState] = ["move", "resting"];
const marks = (of: ReturnType<typeof release>) => batchesOf(of).map(({ mark }) => mark);

describe("batches of a release", () => {
  it("one that begins anew stays the same one", () => {
    const times = timesOf(
      went(begun, rests, begun, rests, begun).map((one, at) => ({
        ...one,
        batch: [0, 0, 0, 0, 1][at],
      })) as Transition[],
    );
    expect(times.map(({ done }) => done === null)).toEqual([false, true]);
  });

  it("are behind it, under way, or before it", () => {
    expect(marks(release("moving", 0, ["begin", "moving"]))).toEqual(["idle", "idle", "idle"]);
    expect(marks(release("moving", 0, begun))).toEqual(["rolling", "idle", "idle"]);
    expect(marks(release("resting", 0, begun, rests))).toEqual(["resting", "idle", "idle"]);
    expect(marks(release("moving", 1, begun, rests, begun))).toEqual(["ok", "rolling", "idle"]);
    expect(marks(release("stopped", 1, begun, rests, begun, ["move", "stopped"]))).toEqual([
      "ok",
      "danger",
      "idle",
    ]);
    expect(marks(release("succeeded", 2, begun, rests, begun, rests, begun))).toEqual([
      "ok",
      "ok",
      "ok",
    ]);
  });

  it("say which of them it is that moves, rests or stopped", () => {
    const said = (state: ReleaseState, batch: number) =>
      stateWord(release(state, batch, begun), en, format);
    expect(said("moving", 0)).toBe("Rolling, batch 1 of 3");
    expect(said("resting", 1)).toBe("Rests after batch 2 of 3");
    expect(said("stopped", 1)).toBe("Stopped in batch 2 of 3");
    expect(said("succeeded", 2)).toBe("Succeeded");
  });

  it("know when they began and rested, through a stop and a count that changed", () => {
    const way = release(
      "resting",
      1,
      begun,
      rests,
      rests,
      begun,
      ["move", "stopped"],
      begun,
      rests,
    );
    const [first, second, third] = batchesOf(way);
    const at = (minute: number) => `2025-11-20T14:${30 + minute}:00.000Z`;
    expect(first).toMatchObject({ begun: at(0), done: at(1), left: at(3) });
    expect(second).toMatchObject({ begun: at(3), done: at(6), left: null });
    expect(third).toMatchObject({ begun: null, done: null, left: null });
    const words = way.transitions.map((_, index) => transitionWord(way, index, en, format));
    expect(words).toEqual([
      "Batch 1 begun",
      "Rested after batch 1",
      "Rested after batch 1",
      "Batch 2 begun",
      "Stopped",
      "Continued",
      "Rests after batch 2",
    ]);
  });

  it("have the new pods in their order, and the old ones that wait", () => {
    const pod = (name: string, created: string) => ({ name, created }) as Instance;
    const fresh = [pod("b", "2"), pod("a", "1"), pod("c", "3")];
    const old = Array.from({ length: 7 }, (_, at) => pod(`old-${at}`, "0"));
    const names = podsOfBatches(
      batchesOf(release("moving", 1, begun, rests, begun)),
      fresh,
      old,
    ).map((pods) => pods.map(({ name }) => name));
    expect(names).toEqual([["a"], ["b", "c"], ["old-0", "old-1", "old-2", "old-3", "old-4"]]);
  });

  it("wait for a person, or for their time", () => {
    const first = release("resting", 0, begun, rests);
    const now = new Date("2025-11-20T14:34:00Z");
    expect(nextBatchAt(first)).toBeNull();
    expect(restFacts(first, now, en, format)).toMatch(/^waits for approval since .*, 3 min$/);
    expect(guaranteeOf(first, en, format)?.text).toMatch(/keeps 1 new and 9 old pods.*continue/);
    const second = release("resting", 1, begun, rests, begun, rests);
    expect(nextBatchAt(second)?.toISOString()).toBe("2025-11-20T14:43:00.000Z");
    expect(restFacts(second, now, en, format)).toMatch(/^batch 3 begins at .*, in 9 min$/);
    expect(guaranteeOf(second, en, format)?.text).toMatch(/only once a deployer takes over/);
    expect(restFacts(release("moving", 0, begun), now, en, format)).toBeNull();
  });
});
