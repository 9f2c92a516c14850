import { describe, expect, it } from "vitest";
import { en, Format, statusWord, zh } from "~/i18n";
import type { Instance, VersionShare } from "~/wire/types";
import { nextOrder, orderOf, partOf } from "./list";
import { age, exitWords, podSentence, shareName } from "./pods";

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

const share = (key: string, release: string): VersionShare => ({
  key,
  version: key.replace("+", ""),
  release,
  new: key.endsWith("+"),
  pods: 1,
  ready: 1,
  failing: 0,
  cells: [],
});

it("tells the same version apart by its release", () => {
  const names = (shares: VersionShare[]) => shares.map((one) => shareName(one, shares, en));
  expect(names([share("2.13.4+", "r28"), share("2.13.4", "r27")])).toEqual([
    "2.13.4 · r28",
    "2.13.4 · r27",
  ]);
  expect(names([share("2.14.0+", "r28"), share("2.13.4", "r27")])).toEqual(["2.14.0", "2.13.4"]);
});

it("says how a container ended, without words that say no more than the code", () => {
  const exit = { message: "", started: null, finished: "2025-11-20T14:42:56Z" };
  const said = (code: number, reason: string) =>
    exitWords({ ...exit, code, reason }, now, en, format);
  expect(said(137, "OOMKilled")).toBe("Exit code 137, OOM killed, 3 min ago");
  expect(said(1, "Error")).toBe("Exit code 1, 3 min ago");
});

describe("the order of the list", () => {
  it("goes up, down, and back to the usual one; figures begin with the highest", () => {
    expect(nextOrder(undefined, "node")).toBe("node");
    expect(nextOrder(orderOf("node"), "node")).toBe("-node");
    expect(nextOrder(orderOf("-node"), "node")).toBeUndefined();
    expect(nextOrder(orderOf("node"), "cpu")).toBe("-cpu");
    expect(nextOrder(orderOf("-cpu"), "cpu")).toBe("cpu");
    expect(nextOrder(orderOf("cpu"), "cpu")).toBeUndefined();
  });

  it("is none where the address names none", () => {
    expect(orderOf("-memory")).toEqual({ key: "memory", descending: true });
    expect(orderOf("shoe-size")).toBeUndefined();
  });
});

it("asks for the rows in sight with some around them, in steps", () => {
  expect(partOf(0, 20)).toEqual({ from: 0, most: 100 });
  expect(partOf(120, 150)).toEqual({ from: 50, most: 200 });
  expect(partOf(130, 149)).toEqual(partOf(120, 149));
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
