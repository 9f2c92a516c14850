import { describe, expect, it } from "vitest";
import {
  feedOfGroups,
  groupMark,
  groupVersion,
  isKnown,
  type LiveGroup,
  podsOf,
  podTotals,
} from "./live";

const running: LiveGroup = {
  state: "running",
  version: "2.14.0",
  from_version: null,
  desired: 3,
  ready: 2,
  cells: [
    { new: true, ready: true, health: "ok" },
    { new: true, ready: false, health: "danger" },
    { new: false, ready: true, health: "ok" },
  ],
  stale_since: null,
};
const card = {
  draft_version: "2.15.0",
  count: "6",
  last_release: { from_version: "2.13.3", to_version: "2.13.4" },
};

describe("a feed of groups", () => {
  const feed = (rows: LiveGroup[]) => ({ state: { state: "live" } as const, rows });

  it("is live while all of them are", () => {
    expect(feedOfGroups(feed([running, running]))?.state.state).toBe("live");
  });

  it("is as old as the oldest of them", () => {
    const old = { ...running, stale_since: "2025-11-20T12:03:00Z" };
    const older = { ...running, stale_since: "2025-11-20T11:59:00Z" };
    expect(feedOfGroups(feed([running, old, older]))?.state).toMatchObject({
      state: "stale",
      since: "2025-11-20T11:59:00Z",
    });
  });
});

it("counts pods only where something is known", () => {
  const unknown = { ...running, state: "unknown" as const, desired: 0, ready: 0 };
  const loading = { ...unknown, state: "loading" as const };
  expect(feedOfGroups({ state: { state: "live" }, rows: [unknown, unknown] })).toBeUndefined();
  expect(podTotals([unknown, loading])).toBeUndefined();
  expect([running, unknown, loading].map(isKnown)).toEqual([true, false, false]);
  expect(podTotals([running, unknown, running])).toEqual({ ready: 4, desired: 6 });
});

describe("pods of a group", () => {
  it("are drawn as they run", () => {
    expect(podsOf(card, running).map(({ state }) => state)).toEqual(["new", "failing", "old"]);
  });

  it("are never shown as well once they are not current", () => {
    const stale = { ...running, stale_since: "2025-11-20T12:03:00Z" };
    expect(new Set(podsOf(card, stale).map(({ state }) => state))).toEqual(new Set(["unknown"]));
    expect(groupMark(stale)).toBe("stale");
  });

  it("are planned where nothing runs, and none before anything is known", () => {
    const absent = { ...running, state: "absent" as const, cells: [] };
    expect(podsOf(card, absent)).toEqual(Array.from({ length: 6 }, () => ({ state: "planned" })));
    expect(podsOf({ ...card, count: "x" }, absent)).toEqual([]);
    expect(podsOf(card, undefined)).toEqual([]);
    expect(groupMark(undefined)).toBe("idle");
  });

  it("are counted where they are too many to be sent one by one", () => {
    const many = { ...running, desired: 200, ready: 150 };
    const states = podsOf(card, many).map(({ state }) => state);
    expect(states.filter((state) => state === "old")).toHaveLength(150);
    expect(states.filter((state) => state === "unready")).toHaveLength(50);
  });
});

describe("the version of a group", () => {
  it("is a way while it moves, and one version at rest", () => {
    const moving = { ...running, state: "rolling" as const, from_version: "2.13.4" };
    expect(groupVersion(card, moving)).toMatchObject({ from: "2.13.4", moving: true });
    expect(groupVersion(card, { ...moving, state: "running" })).toMatchObject({ from: null });
    expect(groupVersion(card, { ...moving, state: "stopped" })).toMatchObject({
      from: "2.13.4",
      moving: false,
    });
  });

  it("is the last release's while nothing is known, and the draft's where nothing runs", () => {
    expect(groupVersion(card, undefined)).toMatchObject({ to: "2.13.4", planned: false });
    const absent = { ...running, state: "absent" as const, version: null };
    expect(groupVersion(card, absent)).toMatchObject({ to: "2.15.0", planned: true });
    expect(groupVersion({ ...card, draft_version: null }, absent)).toBeUndefined();
  });
});
