import { describe, expect, it } from "vitest";
import { commandWords, equal, fullImage, presetOf, presets, wordsOf } from "./draft";

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
