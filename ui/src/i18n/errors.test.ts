import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ApiError, Code, FieldCode } from "~/wire/types";
import { en, sayError, sayFieldError, zh } from ".";

const wire = readFileSync(join(import.meta.dirname, "../wire/types.ts"), "utf8");

/** The words of a union in the generated contract: what the core can really send. */
function wordsOf(type: string): string[] {
  const union = new RegExp(`export type ${type} = ([^;]+);`).exec(wire)?.[1] ?? "";
  return [...union.matchAll(/"([^"]+)"/g)].map(([, word = ""]) => word);
}

function error(code: string, params: Record<string, string> = {}): ApiError {
  return { code: code as Code, params, detail: "x", hints: [], retryable: false, fields: [] };
}

it("reads the contract", () => {
  expect(wordsOf("Code")).toContain("wrong_ca");
  expect(wordsOf("Code").length).toBeGreaterThan(40);
  expect(wordsOf("Hint").length).toBeGreaterThan(20);
  expect(wordsOf("FieldCode").length).toBeGreaterThan(15);
});

describe.each([
  ["en", en],
  ["zh", zh],
])("%s", (_, text) => {
  it.each(wordsOf("Code"))("says what %s is and why", (code) => {
    expect(Object.keys(text.error.title)).toContain(code);
    expect(Object.keys(text.error.why)).toContain(code);
    // Without a single parameter it is still a sentence.
    for (const params of [{}, { what: "app", name: "", server: "s", reason: "r", path: "p" }]) {
      const said = sayError(error(code, params), text);
      expect(said.title.trim()).not.toBe("");
      expect(`${said.title} ${said.why ?? ""}`).not.toMatch(/undefined|null|NaN|\{/);
    }
  });

  it.each(wordsOf("Hint"))("says what to do: %s", (hint) => {
    expect(text.error.hint[hint as keyof typeof text.error.hint]).toMatch(/[.。]$/);
  });

  it.each(wordsOf("FieldCode"))("says what is wrong with a field: %s", (code) => {
    const said = sayFieldError(
      { field: "x", code: code as FieldCode, params: {}, fix: null },
      text,
    );
    expect(said.trim()).not.toBe("");
    expect(said).not.toMatch(/undefined/);
  });

  it.each(["repository", "tag", "digest", "no_tag"])(
    "says which part of an image is wrong: %s",
    (reason) => {
      const said = sayFieldError(
        { field: "image", code: "not_an_image", params: { reason }, fix: null },
        text,
      );
      // The core's word is for the catalogue, not for people.
      expect(said).not.toContain(`: ${reason}`);
      expect(said.length).toBeGreaterThan(15);
    },
  );
});

it("says no sentence of another language", () => {
  const chinese = /\p{Script=Han}/u;
  for (const code of wordsOf("Code")) {
    expect(sayError(error(code), en).title, code).not.toMatch(chinese);
    expect(sayError(error(code), zh).title, code).toMatch(chinese);
  }
});

describe("parameters", () => {
  it("name the kind of thing where its name is not known", () => {
    const gone = error("not_found", { what: "group", name: "" });
    expect(sayError(gone, en).title).toBe("The group does not exist any more");
    expect(sayError(gone, zh).title).toBe("分组已不存在");
  });

  it("name the groups that keep an environment, and count those of an app", () => {
    const inside = { what: "environment", name: "shop / prod", count: "1" };
    expect(sayError(error("in_use", inside), en).why).toContain("shop / prod");
    expect(sayError(error("in_use", { what: "app", count: "3" }), en).why).toContain("3 groups");
  });

  it("turn moments of the core into moments of a person", () => {
    const said = sayError(error("code_expired", { at: "2026-02-18T09:30:00Z" }), en);
    expect(said.why).toContain("Feb 18, 2026");
    expect(said.why).not.toContain("T09");
  });

  it("do not say a right that the server did not name", () => {
    expect(sayError(error("forbidden", { verb: "", resource: "" }), en).why).not.toContain("  ");
  });
});
