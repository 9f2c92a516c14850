import { expect, it } from "vitest";
import type { Environment, GroupCard, GroupLive } from "~/wire/types";
import { isDraft, isOf, matches, needsPerson, rowsOf } from "./groups";

const environments: Environment[] = [
  { id: "p", name: "production", order: 3, colour: "prod", protected: true },
  { id: "d", name: "development", order: 0, colour: "dev", protected: false },
];

function card(name: string, environment: string, part: Partial<GroupCard> = {}): GroupCard {
  return {
    id: name,
    name,
    note: "",
    environment,
    link: "l",
    link_name: "bj-prod",
    namespace: "shop",
    errors: 0,
    draft_version: null,
    count: "1",
    last_release: null,
    deleting: false,
    ...part,
  };
}

const live = (id: string, state: GroupLive["state"]): GroupLive => ({
  id,
  state,
  version: "2.14.0",
  from_version: null,
  desired: 1,
  ready: 1,
  cells: [],
  restarted: null,
  stale_since: null,
});

it("stands from development to production, then by name", () => {
  const rows = rowsOf(
    [card("z", "p"), card("a", "p"), card("m", "d"), card("lost", "x")],
    new Map(),
    environments,
  );
  expect(rows.map((row) => row.card.name)).toEqual(["m", "a", "z", "lost"]);
});

it("tells drafts and what needs a person apart", () => {
  const [fresh, running, missing, wrong] = rowsOf(
    [card("a", "d"), card("b", "d"), card("c", "d"), card("e", "d", { errors: 1 })],
    new Map([
      ["a", live("a", "absent")],
      ["b", live("b", "running")],
      ["c", live("c", "degraded")],
    ]),
    environments,
  );
  if (!fresh || !running || !missing || !wrong) throw new Error("four rows");
  expect([fresh, running, missing, wrong].map(isDraft)).toEqual([true, false, false, true]);
  expect([fresh, running, missing, wrong].map(needsPerson)).toEqual([false, false, true, true]);
  expect(isOf("drafts", fresh)).toBe(true);
  expect(isOf("needs", running)).toBe(false);
});

it("counts keys without a value, which wait for a person", () => {
  const [empty, whole] = rowsOf(
    [card("a", "d"), card("b", "d")],
    new Map(),
    environments,
    new Map(),
    new Map([["a", 2]]),
  );
  expect([empty?.empty, whole?.empty]).toEqual([2, 0]);
  expect([empty, whole].map((row) => row && needsPerson(row))).toEqual([true, false]);
});

it("is found by words in any order", () => {
  const [row] = rowsOf(
    [card("prod-sh-1", "p")],
    new Map([["prod-sh-1", live("prod-sh-1", "running")]]),
    environments,
  );
  if (!row) throw new Error("one row");
  expect(matches("2.14 sh", row, "Production")).toBe(true);
  expect(matches("bj-prod production", row, "Production")).toBe(true);
  expect(matches("staging", row, "Production")).toBe(false);
});
