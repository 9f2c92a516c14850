import { describe, expect, it } from "vitest";
import type { Monitor, PodSeries } from "~/wire/types";
import {
  averagesOf,
  boundsOf,
  byVersion,
  figuresOf,
  podsAt,
  spanOfRelease,
  sumAt,
} from "./monitor";

function pod(name: string, cpu: (number | null)[], facts: Partial<PodSeries> = {}): PodSeries {
  return {
    pod: name,
    pods: 1,
    release: "r1",
    version: "1.0",
    new: false,
    cpu,
    memory: cpu.map(() => null),
    restarts: 0,
    oom_kills: 0,
    ...facts,
  };
}

const monitor: Monitor = {
  times: ["2025-11-20T14:00:00Z", "2025-11-20T14:01:00Z"],
  to: "2025-11-20T14:02:00Z",
  pods: [],
  bounds: { cpu_request: 200, cpu_limit: null, memory_request: null, memory_limit: 512 },
  releases: [],
  restarts: [],
  source: null,
  since: null,
  every_seconds: 15,
  missing: null,
  no_prometheus: null,
};

describe("figures of several pods", () => {
  const pods = [
    pod("new-a", [null, 90], { new: true, release: "r2", version: "2.0" }),
    pod("old-a", [100, 110]),
    // Stands for three.
    pod("", [300, null], { pods: 3 }),
  ];

  it("are summed where they are known, and nothing is not zero", () => {
    expect([sumAt(pods, "cpu", 0), sumAt(pods, "cpu", 1), sumAt(pods, "memory", 0)]).toEqual([
      400,
      200,
      null,
    ]);
    expect([podsAt(pods, 0), podsAt(pods, 1)]).toEqual([4, 2]);
  });

  it("are told by version, with the mean of a pod", () => {
    expect(byVersion(pods).map(({ name }) => name)).toEqual(["2.0", "1.0"]);
    expect(averagesOf(monitor, pods, "cpu", 1)).toEqual([
      { name: "2.0", tone: "new", values: [null, 90] },
      { name: "1.0", tone: "old", values: [100, 110] },
    ]);
  });

  it("have bounds as often as there are pods, and none where none is set", () => {
    const say = (kind: string, amount: number) => `${kind} ${amount}`;
    expect(boundsOf(monitor, "cpu", 4, 1000, say)).toEqual([
      { kind: "request", value: 0.8, label: "request 800" },
    ]);
    expect(boundsOf(monitor, "memory", 2, 1, say).map(({ label }) => label)).toEqual([
      "limit 1024",
    ]);
    expect(boundsOf(monitor, "cpu", 0, 1, say)).toEqual([]);
  });
});

it("a figure of now is that of the last two stretches, or none", () => {
  expect(figuresOf(pod("a", [50, 100, null]), "cpu")).toEqual({ now: 100, mean: 75, most: 100 });
  expect(figuresOf(pod("a", [50, null, null]), "cpu").now).toBeNull();
});

it("a release that goes on reaches to the end, and one from before begins at the left", () => {
  const release = {
    id: "r",
    seq: 2,
    version: "2.0",
    state: "moving" as const,
    from: "2025-11-20T13:00:00Z",
    to: null,
    back_to: null,
  };
  const [from, to] = [Date.parse("2025-11-20T14:00:00Z"), Date.parse("2025-11-20T15:00:00Z")];
  expect(spanOfRelease(release, from, to)).toEqual({ begin: 0, end: 1 });
  const ended = { ...release, from: "2025-11-20T14:30:00Z", to: "2025-11-20T14:45:00Z" };
  expect(spanOfRelease(ended, from, to)).toEqual({ begin: 0.5, end: 0.75 });
});
