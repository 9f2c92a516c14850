import { expect, it } from "vitest";
import type { MergePart } from "~/wire/types";
import { merged } from "./merge";

const parts: MergePart[] = [
  { kind: "same", text: "a\n" },
  { kind: "ours", text: "b\n" },
  { kind: "conflict", base: "c\n", ours: "c1\n", theirs: "c2\n" },
  { kind: "same", text: "d\n" },
  { kind: "conflict", base: "", ours: "e1", theirs: "e2\n" },
];

it("makes a text of both sides once every place is decided", () => {
  expect(merged(parts, new Map())).toBeNull();
  expect(merged(parts, new Map([[2, "ours"]]))).toBeNull();
  expect(
    merged(
      parts,
      new Map([
        [2, "theirs"],
        [4, "both"],
      ]),
    ),
  ).toBe("a\nb\nc2\nd\ne1\ne2\n");
  expect(merged(parts.slice(0, 2), new Map())).toBe("a\nb\n");
});
