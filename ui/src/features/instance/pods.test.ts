import { describe, expect, it } from "vitest";
import { en, Format, zh } from "~/i18n";
import type { Instance, ReleaseRow } from "~/wire/types";
import {
  age,
  byHealth,
  byVersion,
  filterPods,
  movingLabel,
  podSentence,
  shareName,
  sortPods,
  statusWord,
} from "./pods";

const format = new Format("en", en);
const now = new Date("2025-11-20T14:45:56Z");

function pod(name: string, facts: Partial<Instance> = {}): Instance {
  return {
    id: name,
    name,
    health: "ok",
    status: "Running",
    reason: null,
    version: "2.13.4",
    release: "r27",
    image: "",
    ready: true,
    ready_containers: 1,
    containers: 1,
    container: "app",
    restarts: 0,
    last_exit: null,
    ip: "10.0.0.1",
    host_ip: "",
    node: "node-1",
    replica_set: "",
    created: null,
    ready_since: null,
    cpu_milli: null,
    memory_bytes: null,
    ...facts,
  };
}

const fresh = { version: "2.14.0", release: "r28" };
const pods = [
  pod("old-b"),
  pod("old-a"),
  pod("new-a", fresh),
  pod("new-x", { ...fresh, health: "danger", ready: false, status: "CrashLoopBackOff" }),
];

describe("which version is the new one", () => {
  const release = (state: ReleaseRow["state"], seq: number | null = 28) =>
    ({ state, seq }) as ReleaseRow;

  it("only while a release is not over", () => {
    expect(movingLabel(release("moving"))).toBe("r28");
    expect(movingLabel(release("stopped"))).toBe("r28");
    expect(movingLabel(release("succeeded"))).toBeNull();
    expect(movingLabel(release("moving", null))).toBeNull();
    expect(movingLabel(null)).toBeNull();
  });

  it("splits the pods, new ones first, with ready counts", () => {
    const shares = byVersion(pods, "r28");
    expect(
      shares.map(({ version, role, ready, pods: of }) => [version, role, ready, of.length]),
    ).toEqual([
      ["2.14.0", "new", 1, 2],
      ["2.13.4", "old", 2, 2],
    ]);
  });

  it("tells the same version apart by its release", () => {
    const same = [pod("a"), pod("b", { release: "r28" })];
    const shares = byVersion(same, "r28");
    expect(shares.map((share) => shareName(share, shares, en))).toEqual([
      "2.13.4 · r28",
      "2.13.4 · r27",
    ]);
    expect(byVersion(same, null)).toHaveLength(1);
  });
});

describe("the list", () => {
  it("has failing ones on top, then new, then old, each by name", () => {
    expect(sortPods(pods, "r28").map(({ name }) => name)).toEqual([
      "new-x",
      "new-a",
      "old-a",
      "old-b",
    ]);
  });

  it("counts states, worst first, without those nobody is in", () => {
    expect(byHealth(pods)).toEqual([
      { health: "danger", count: 1 },
      { health: "ok", count: 3 },
    ]);
  });

  it("filters by words in any order, by state and by version", () => {
    const names = (filter: Parameters<typeof filterPods>[1]) =>
      filterPods(pods, filter, "r28").map(({ name }) => name);
    expect(names({ text: "NODE-1 crash" })).toEqual(["new-x"]);
    expect(names({ health: "danger" })).toEqual(["new-x"]);
    expect(names({ version: "2.14.0+" })).toEqual(["new-a", "new-x"]);
    expect(names({ version: "2.13.4", text: "b" })).toEqual(["old-b"]);
    expect(names({})).toHaveLength(4);
  });
});

describe("the status word", () => {
  it("is ours where there is one, else kubectl's own", () => {
    expect(statusWord("Running", false, zh)).toBe("运行中");
    expect(statusWord("CrashLoopBackOff", false, zh)).toBe("CrashLoopBackOff");
  });

  it("of what is not current is told in the past", () => {
    expect(statusWord("Running", true, en)).toBe("Was running");
    expect(statusWord("CrashLoopBackOff", true, en)).toBe("Was CrashLoopBackOff");
  });
});

describe("the sentence of a pod", () => {
  const exit = { code: 1, reason: "Error", message: "", started: null };

  it.each<[string, Partial<Instance>]>([
    [
      "Exits with code 1; the kubelet started it again 4 times.",
      {
        health: "danger",
        restarts: 4,
        reason: { container: "app", code: 1, message: "" },
      },
    ],
    ["It can not start or does not stay up.", { health: "danger" }],
    [
      "Runs again after it exited with code 1, 14 sec ago.",
      {
        health: "warn",
        restarts: 1,
        last_exit: { ...exit, finished: "2025-11-20T14:45:42Z" },
      },
    ],
    ["It is being ended and takes no new traffic.", { health: "progress", status: "Terminating" }],
    ["On its way: it takes no traffic yet.", { health: "progress" }],
    ["Runs and takes traffic.", {}],
    ["Its node does not answer, so nobody knows how it is.", { health: "unknown" }],
    ["It ended on purpose.", { health: "done" }],
  ])("%s", (sentence, facts) => {
    expect(podSentence(pod("p", facts), now, en, format)).toBe(sentence);
  });
});

it("an age has one unit", () => {
  const of = (seconds: number) =>
    age(new Date(now.getTime() - seconds * 1000).toISOString(), now, format);
  expect([of(3), of(200), of(4000), of(200_000)]).toEqual(["3 sec", "3 min", "1 hr", "2 days"]);
});
