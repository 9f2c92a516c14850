import { describe, expect, it } from "vitest";
import { en } from "~/i18n";
import type { KeyUse, MatrixKey, ValueCell, ValueMatrix } from "~/wire/types";
import { blockingOf, cellOf, countCells, DEFAULT, differs, filterKeys } from "./values";

const plain = (text: string) => ({ kind: "plain" as const, text });
const set = (text: string, pending = false): ValueCell => ({
  state: "set",
  value: plain(text),
  pending,
});
const bare = (state: ValueCell["state"]): ValueCell => ({ state, value: null, pending: false });
const use: KeyUse = { group: null, file: "f", name: "a.yaml", line: 21, inline: null };

function key(name: string, cells: ValueCell[], more: Partial<MatrixKey> = {}): MatrixKey {
  return { key: name, sensitive: false, default: null, cells, uses: [use], ...more };
}

const prod = {
  id: "prod",
  name: "production" as const,
  order: 3,
  colour: "prod" as const,
  protected: true,
};
const matrix: ValueMatrix = {
  app: "a",
  groups: [
    { id: "dev", name: "dev", environment: null },
    { id: "sh", name: "prod-sh-1", environment: prod },
    { id: "gz", name: "prod-gz-1", environment: prod },
  ],
  keys: [
    key("callback", [set("cb-dev"), set("cb-sh"), bare("empty")]),
    key("pool", [set("5"), bare("default"), set("20", true)], { default: plain("20") }),
    key("level", [bare("default"), bare("default"), bare("default")], { default: plain("INFO") }),
    key("password", [bare("none"), bare("none"), bare("empty")], { sensitive: true }),
  ],
};
const names = (which: Parameters<typeof filterKeys>[1], filter = "") =>
  filterKeys(matrix, which, filter).map((one) => one.key);

describe("keys", () => {
  it("are found by name and by value, and narrowed", () => {
    expect(names("all", "CB-SH")).toEqual(["callback"]);
    expect(names("all", "info")).toEqual(["level"]);
    expect(names("empty")).toEqual(["callback", "password"]);
    expect(names("pending")).toEqual(["pool"]);
    expect(names("differ")).toEqual(["callback", "pool"]);
    expect([countCells(matrix, "empty"), countCells(matrix, "pending")]).toEqual([2, 1]);
  });

  it("differ by what groups get, not by where they have it from", () => {
    const same = key("same", [set("20"), bare("default"), bare("none")], { default: plain("20") });
    expect(differs(same)).toBe(false);
  });
});

describe("a cell", () => {
  const words = en.config.matrix;
  it("shows the value, the default in its place, or that it blocks", () => {
    const [callback, pool] = matrix.keys as [MatrixKey, MatrixKey];
    expect(cellOf(pool, 0, words)).toMatchObject({ text: "5", state: "set" });
    expect(cellOf(pool, 1, words)).toMatchObject({ text: "20", state: "default" });
    expect(cellOf(pool, 2, words)).toMatchObject({ pending: true, note: "not running yet" });
    expect(cellOf(pool, DEFAULT, words)).toMatchObject({ text: "20", state: "set" });
    expect(cellOf(callback, 2, words)).toMatchObject({ text: "Empty", state: "empty" });
    expect(cellOf(callback, DEFAULT, words)).toMatchObject({ text: "none", state: "none" });
  });

  it("never shows a secret, and says where it is", () => {
    const sealed = (known: boolean): ValueCell => ({
      state: "set",
      value: { kind: "sealed", id: "s", known },
      pending: false,
    });
    const secret = key("token", [sealed(true), sealed(false)], { sensitive: true });
    expect(cellOf(secret, 0, words)).toMatchObject({ text: "••••••", note: words.isSecret });
    expect(cellOf(secret, 1, words)).toMatchObject({ note: words.isElsewhere, secret: true });
  });
});

it("a blocked group is told its first empty key, where it is needed, and who has a value", () => {
  expect(blockingOf(matrix)).toEqual([
    {
      group: "gz",
      groupName: "prod-gz-1",
      count: 2,
      key: "callback",
      sensitive: false,
      use,
      source: { id: "sh", name: "prod-sh-1", value: plain("cb-sh") },
    },
  ]);
});
