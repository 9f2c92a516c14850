import { expect, it } from "vitest";
import type {
  ClusterLive,
  GroupCard,
  GroupLive,
  ReleaseRow,
  ReleaseState,
  SessionState,
} from "~/wire/types";
import { waitingOf } from "./waiting";

function card(name: string, state: ReleaseState | null, errors = 0): GroupCard {
  const release: ReleaseRow | null = state && {
    id: `r-${name}`,
    app: "a",
    group: name,
    group_name: name,
    environment: { id: "d", name: "test", order: 1, colour: "test", protected: false },
    seq: 7,
    state,
    stage: "move",
    from_version: "1",
    to_version: "2",
    back_to: null,
    train: null,
    author: { identity: "i", display: "d", device: "c" },
    note: "",
    created: "2025-11-20T22:14:00Z",
    ended: null,
  };
  return {
    id: name,
    name,
    note: "",
    environment: "d",
    link: `link-${name}`,
    link_name: name,
    namespace: "shop",
    errors,
    draft_version: null,
    count: "2",
    last_release: release,
    deleting: false,
  };
}

function live(id: string, part: Partial<GroupLive>): GroupLive {
  return {
    id,
    state: "running",
    version: "1",
    from_version: null,
    desired: 2,
    ready: 2,
    cells: [],
    restarted: null,
    stale_since: null,
    ...part,
  };
}

const cluster = (id: string, session: SessionState): ClusterLive => ({
  id,
  name: id,
  session,
  server_version: null,
});

it("tells what stopped first and what moves by itself last; what goes well is not told", () => {
  const cards = [
    card("moves", "moving"),
    card("fine", "succeeded"),
    card("rests", "resting"),
    card("stops", "stopped"),
    card("wrong", "aborted", 2),
  ];
  const waiting = waitingOf(cards, new Map(), []);
  expect(waiting.map(({ kind }) => kind)).toEqual(["stopped", "resting", "draft", "moving"]);
});

it("says once why pods are missing", () => {
  const cards = [card("stops", "stopped"), card("short", "succeeded"), card("old", null)];
  const rows = new Map([
    ["stops", live("stops", { state: "degraded", ready: 1 })],
    ["short", live("short", { state: "degraded", ready: 1 })],
    ["old", live("old", { state: "degraded", ready: 1, stale_since: "2025-11-20T12:03:00Z" })],
  ]);
  expect(
    waitingOf(cards, rows, []).map((one) => [one.kind, "group" in one && one.group.name]),
  ).toEqual([
    ["stopped", "stops"],
    ["degraded", "short"],
  ]);
});

it("names a cluster that needs the person, only where groups of this app are in it", () => {
  const cards = [card("a", "succeeded")];
  const away: SessionState = { state: "unreachable", since: "x", retry_at: null, reason: "" };
  expect(
    waitingOf(cards, new Map(), [
      cluster("link-a", { state: "sign_in_needed", reason: "" }),
      cluster("elsewhere", away),
    ]),
  ).toMatchObject([{ kind: "cluster", groups: 1 }]);
  expect(
    waitingOf(cards, new Map(), [cluster("link-a", { state: "ready", latency_ms: 9 })]),
  ).toEqual([]);
});

it("tells of empty values after drafts, before what is degraded", () => {
  const found = waitingOf(
    [card("a", null), card("b", null, 1)],
    new Map(),
    [],
    new Map([["a", ["db.host", "db.port"]]]),
  );
  expect(found.map((one) => [one.kind, "keys" in one ? one.keys : []])).toEqual([
    ["draft", []],
    ["empty", ["db.host", "db.port"]],
  ]);
});
