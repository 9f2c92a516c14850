import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");

interface Import {
  file: string;
  to: string;
}

/** Every import of our own sources, with `~/` and relative paths resolved to paths from src. */
const imports: Import[] = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
  .flatMap((file) => {
    const source = readFileSync(join(root, file), "utf8");
    return [...source.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, to = ""]) => ({
      file,
      to: to.startsWith("~/")
        ? to.slice(2)
        : to.startsWith(".")
          ? relative(root, resolve(root, dirname(file), to))
          : to,
    }));
  });

const violations = (rule: (file: string, to: string) => boolean) =>
  imports.filter(({ file, to }) => rule(file, to)).map(({ file, to }) => `${file} → ${to}`);

it("sees the sources", () => {
  expect(imports.length).toBeGreaterThan(100);
  expect(violations((file, to) => file === "main.tsx" && to === "app/App")).toHaveLength(1);
});

it("a feature imports no other feature", () => {
  expect(
    violations((file, to) => {
      const own = /^features\/([^/]+)/.exec(file)?.[1];
      const other = /^features\/([^/]+)/.exec(to)?.[1];
      return own !== undefined && other !== undefined && own !== other;
    }),
  ).toEqual([]);
});

it("the kit imports nothing of ours", () => {
  expect(
    violations(
      (file, to) =>
        file.startsWith("kit/") && /^(app|data|dev|features|i18n|platform|wire)\//.test(`${to}/`),
    ),
  ).toEqual([]);
});

it("only the platform knows Tauri", () => {
  expect(
    violations((file, to) => to.startsWith("@tauri-apps/") && !file.startsWith("platform/")),
  ).toEqual([]);
});

it("data, text and platform know nothing of what is drawn", () => {
  expect(
    violations(
      (file, to) => /^(data|i18n|platform)\//.test(file) && /^(app|features|kit)\//.test(`${to}/`),
    ),
  ).toEqual([]);
});

it("what is bundled never holds the demo", () => {
  expect(
    violations((file, to) => /^dev\//.test(to) && !/^(dev\/|main\.tsx$|test\/)/.test(file)),
  ).toEqual([]);
});
