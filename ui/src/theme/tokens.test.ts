import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");
const palette = new Map(
  [...css.matchAll(/--([a-z]+-\d+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]),
);
const meanings = new Map(
  [
    ...css.matchAll(/--([a-z0-9-]+): light-dark\(var\(--([a-z]+-\d+)\), var\(--([a-z]+-\d+)\)\);/g),
  ].map(([, name, light, dark]) => [name, { light, dark }]),
);
const themes = ["light", "dark"] as const;
type Theme = (typeof themes)[number];

function colour(token: string, theme: Theme): string {
  const hex = palette.get(meanings.get(token)?.[theme]);
  if (!hex) throw new Error(`${token} has no colour in ${theme}`);
  return hex;
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(first: string, second: string, theme: Theme): number {
  const a = luminance(colour(first, theme));
  const b = luminance(colour(second, theme));
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const grounds = ["surface", "canvas", "surface-raised", "surface-sunken", "hover", "selected"];
const texts = [
  "text",
  "text-muted",
  "text-subtle",
  "accent",
  "status-ok",
  "status-warn",
  "status-danger",
  "status-idle",
];
const onTint: [string, string][] = [
  ["accent", "accent-tint"],
  ["text", "accent-tint"],
  ["status-ok", "status-ok-tint"],
  ["status-warn", "status-warn-tint"],
  ["text", "status-warn-tint"],
  ["text-muted", "status-warn-tint"],
  ["status-danger", "status-danger-tint"],
  ["text", "status-danger-tint"],
  ["text-muted", "status-danger-tint"],
  ["text-muted", "status-idle-tint"],
  ["env-dev", "env-dev-tint"],
  ["env-test", "env-test-tint"],
  ["env-staging", "env-staging-tint"],
  ["env-prod", "env-prod-tint"],
  ["env-prod-on", "env-prod-fill"],
  ["env-prod-on", "env-prod-fill-hover"],
  ["accent-on", "accent-fill"],
  ["accent-on", "accent-fill-hover"],
  ["ver-old-text", "surface"],
  ["ver-new-text", "surface"],
  ["ver-new-on", "ver-new"],
  ["add-text", "add"],
  ["del-text", "del"],
  ["add-text", "add-word"],
  ["del-text", "del-word"],
  ["text", "hit"],
  ["hit-on-text", "hit-on"],
  ...["key", "str", "num", "placeholder", "comment"].map((part): [string, string] => [
    `code-${part}`,
    "term",
  ]),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((pod): [string, string] => [`p${pod}`, "term"]),
];
const marks = [
  "status-ok",
  "status-warn-mark",
  "status-danger",
  "status-progress",
  "status-idle",
  "border-input",
  "ver-old",
  "ver-new",
  "focus",
];

describe.each(themes)("contrast in %s", (theme) => {
  it("reads every token", () => expect(meanings.size).toBeGreaterThan(70));

  it.each(grounds.flatMap((ground) => texts.map((text) => [text, ground])))(
    "text %s on %s is AA",
    (text = "", ground = "") => {
      expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.49);
    },
  );

  it.each(onTint)("text %s on %s is AA", (text, ground) => {
    expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.49);
  });

  it.each(marks)("mark %s on surface is seen", (mark) => {
    expect(contrast(mark, "surface", theme)).toBeGreaterThanOrEqual(3);
  });

  it("keeps the computed values of the design", () => {
    const table: [string, number, number][] = [
      ["text", 17.2, 14.6],
      ["text-muted", 8.0, 8.5],
      ["text-subtle", 5.5, 5.8],
      ["accent", 6.2, 8.5],
      ["status-ok", 5.8, 8.4],
      ["status-warn", 6.2, 8.8],
      ["status-danger", 5.9, 7.4],
    ];
    for (const [token, light, dark] of table) {
      const wanted = theme === "light" ? light : dark;
      expect(Math.abs(contrast(token, "surface", theme) - wanted), token).toBeLessThan(0.1);
    }
  });
});
