import { describe, expect, it } from "vitest";
import { en, Format } from "~/i18n";
import { view as releaseOf } from "~/test/release";
import type { ReleaseRow, ReleaseState, TrainView, Transition } from "~/wire/types";
import { eventsOf } from "./events";

const format = new Format("en", en);
const at = (minute: number) => new Date(Date.UTC(2025, 10, 25, 13, minute)).toISOString();
const approval = { kind: "approval" } as const;

/** A group of ten pods that went so far; of each step its minute, its state and who did it. */
function eventsAfter(
  state: ReleaseState,
  ...way: [minute: number, state: ReleaseState, by?: string | undefined, batch?: number][]
) {
  const author = { identity: "li-hua", display: "Li Hua", device: "lihua-mbp" };
  const ended = state === "aborted" ? at(way.at(-1)?.[0] ?? 0) : null;
  const row = {
    id: "release-1",
    seq: 42,
    state,
    author,
    to_version: "2.14.1",
    created: at(0),
    ended,
  } as ReleaseRow;
  const transitions = way.map(
    ([minute, to, by, batch], index): Transition => ({
      at: at(minute),
      stage: ended && index === way.length - 1 ? "end" : "move",
      state: to,
      by: by ?? null,
      note: null,
      ...(batch === undefined ? {} : { batch }),
    }),
  );
  const release = releaseOf(row, {
    count: 10,
    batches: [
      { pods: 1, pace: approval },
      { pods: 4, pace: { kind: "wait", seconds: 60 } },
      { pods: 5, pace: null },
    ],
    transitions,
  });
  const train = {
    row: { created: at(0), author },
    cars: [{ group: "g", name: "prod-bj-1", release: row }],
    decided: [],
  } as unknown as TrainView;
  return eventsOf(train, new Map([[row.id, release]]), en, format)
    .slice(0, -2)
    .map(({ title, text, state: mark }) => `${mark} ${title}: ${text}`);
}

describe("the timeline of a train", () => {
  it("tells a rest that waits for a person, and one that does not", () => {
    expect(eventsAfter("resting", [1, "moving"], [3, "resting"])).toEqual([
      "resting prod-bj-1 · Batch 1 ready: 1 of 10 pods on 2.14.1 · waits for approval",
    ]);
    expect(
      eventsAfter(
        "resting",
        [1, "moving"],
        [3, "resting"],
        [9, "moving", "Chen Wei"],
        [12, "resting"],
      ),
    ).toEqual([
      "resting prod-bj-1 · Batch 2 ready: 5 of 10 pods on 2.14.1",
      "ok prod-bj-1 · Batch 2 begun: 4 pods · by Chen Wei",
      "ok prod-bj-1 · Batch 1 ready: 1 of 10 pods on 2.14.1",
    ]);
  });

  it("tells a rest once, though the count changed in it, and who took it over there", () => {
    const told = eventsAfter(
      "resting",
      [1, "moving"],
      [3, "resting"],
      [5, "resting"],
      [6, "resting", "Chen Wei"],
    );
    expect(told).toEqual([
      "resting prod-bj-1 · Taken over: by Chen Wei",
      "ok prod-bj-1 · Batch 1 ready: 1 of 10 pods on 2.14.1",
    ]);
  });

  it("tells a stop, who went on after it, and a batch that is done once more", () => {
    const told = eventsAfter(
      "moving",
      [1, "moving", undefined, 0],
      [2, "stopped", undefined, 0],
      [4, "moving", "Li Hua", 0],
      [5, "resting", undefined, 0],
      [6, "moving", undefined, 0],
    );
    expect(told).toEqual([
      "rolling prod-bj-1 · New pods were taken away: batch 1 once more: 1 pod",
      "ok prod-bj-1 · Batch 1 ready: 1 of 10 pods on 2.14.1",
      "ok prod-bj-1 · Continued: by Li Hua",
      "danger prod-bj-1 · Stopped: undefined",
    ]);
  });

  it("tells who took it back, and lets nothing turn after that", () => {
    const told = eventsAfter(
      "aborted",
      [1, "moving"],
      [3, "resting"],
      [9, "moving", "Li Hua"],
      [11, "aborted", "Chen Wei"],
    );
    expect(told).toEqual([
      "aborted prod-bj-1: aborted: r42 · took 11 min · by Chen Wei",
      "ok prod-bj-1 · Batch 2 begun: 4 pods · by Li Hua",
      "ok prod-bj-1 · Batch 1 ready: 1 of 10 pods on 2.14.1",
    ]);
  });
});
