import { describe, expect, it } from "vitest";
import {
  commandWords,
  equal,
  fullImage,
  parseVariables,
  presetOf,
  presets,
  withPasted,
  wordsOf,
} from "./draft";

describe("pasted variables", () => {
  it("are read as .env files and shells have them", () => {
    const text = [
      "# database",
      "DB_HOST=mysql.internal",
      "export DB_POOL = 60",
      'GREETING="a \\"b\\"\\nc"',
      "LITERAL='$HOME\\n'",
      "EMPTY=",
      "URL=http://a/?x=1&y=2",
      "",
      "not a variable",
      "1BAD=x",
    ].join("\r\n");
    expect(parseVariables(text)).toEqual({
      variables: [
        { name: "DB_HOST", value: "mysql.internal" },
        { name: "DB_POOL", value: "60" },
        { name: "GREETING", value: 'a "b"\nc' },
        { name: "LITERAL", value: "$HOME\\n" },
        { name: "EMPTY", value: "" },
        { name: "URL", value: "http://a/?x=1&y=2" },
      ],
      skipped: ["not a variable", "1BAD=x"],
    });
  });

  it("are left to the field when there is none", () => {
    expect(parseVariables("just text")).toBeUndefined();
    expect(parseVariables("")).toBeUndefined();
  });

  it("take the place of the empty row, and a known name takes the new value", () => {
    const rows = [
      { name: "A", value: "1" },
      { name: "", value: "" },
    ];
    const pasted = [
      { name: "A", value: "2" },
      { name: "B", value: "3" },
    ];
    expect(withPasted(rows, 1, pasted)).toEqual(pasted);
  });
});

describe("image", () => {
  const repository = "registry.example.com/shop/api";
  it.each([
    ["2.14.0", `${repository}:2.14.0`],
    ["sha256:ab", `${repository}@sha256:ab`],
    ["nginx:1.27", "nginx:1.27"],
    ["a/b@sha256:ab", "a/b@sha256:ab"],
    ["  ", ""],
  ])("%s means %s", (typed, full) => {
    expect(fullImage(typed, repository)).toBe(full);
  });

  it("can not be told from a tag without a repository", () => {
    expect(fullImage("2.14.0", "")).toBe("");
  });
});

describe("command", () => {
  it("becomes the words that Kubernetes runs", () => {
    expect(commandWords({ kind: "image" })).toEqual([]);
    expect(commandWords({ kind: "shell", value: " " })).toEqual([]);
    expect(commandWords({ kind: "shell", value: "exec java" })).toEqual([
      "/bin/sh",
      "-c",
      "exec java",
    ]);
    expect(commandWords({ kind: "list", value: ["a", "b c"] })).toEqual(["a", "b c"]);
  });

  it("has empty words only between others", () => {
    expect(wordsOf("\n--a\n\nb\n\n")).toEqual(["--a", "", "b"]);
    expect(wordsOf("\n\n")).toEqual([]);
  });
});

it("knows a preset from amounts of one's own", () => {
  expect(presetOf(structuredClone(presets.medium))).toBe("medium");
  expect(presetOf({ ...presets.medium, cpu: { request: "201m", limit: "500m" } })).toBeUndefined();
});

it("compares drafts by what is in them", () => {
  expect(equal({ a: ["x"], b: { c: "y" } }, { a: ["x"], b: { c: "y" } })).toBe(true);
  expect(equal({ a: ["x"] }, { a: ["x", ""] })).toBe(false);
  expect(equal({ a: "x" }, { a: "x", b: "" })).toBe(false);
});
