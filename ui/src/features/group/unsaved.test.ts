import { beforeEach, expect, it } from "vitest";
import type { GroupDraft } from "~/wire/types";
import { fits, forgetUnsaved, keepUnsaved, readUnsaved } from "./unsaved";

beforeEach(() => localStorage.clear());

const draft = {
  name: "prod-gz-9",
  cpu: { request: "", limit: "" },
  ports: [],
} as unknown as GroupDraft;

it("keeps a form for its own app and group only", () => {
  keepUnsaved("a", "new", { draft, base: draft });
  expect(readUnsaved("a", "new")?.draft.name).toBe("prod-gz-9");
  expect(readUnsaved("b", "new")).toBeUndefined();
  expect(readUnsaved("a", "g")).toBeUndefined();
  forgetUnsaved("a", "new");
  expect(readUnsaved("a", "new")).toBeUndefined();
});

it.each(["", "{", "7", "null", "[]", '{"draft":{}}'])("begins anew where %j is kept", (text) => {
  localStorage.setItem("slipway.unsaved.group.a.new", text);
  expect(readUnsaved("a", "new")).toBeUndefined();
});

it("does not take a form that lacks fields of today", () => {
  expect(fits(draft, draft)).toBe(true);
  expect(fits(draft, { ...draft, readiness: { kind: "none" } })).toBe(false);
  expect(fits({ ...draft, cpu: { request: "" } }, draft)).toBe(false);
  expect(fits({ ...draft, ports: {} }, draft)).toBe(false);
  const command = { kind: "shell", value: "x" };
  expect(fits({ ...draft, command: { kind: "image" } }, { ...draft, command })).toBe(true);
});
