import { expect, it } from "vitest";
import { visible } from "./text";

it("shows control characters instead of obeying them", () => {
  expect(visible("a\u001b[31mred\u0007")).toBe("a␛[31mred␇");
  expect(visible("abc\u202egnp.exe")).toBe("abc<202E>gnp.exe");
  expect(visible("tab\tand\nline")).toBe("tab\tand\nline");
  expect(visible("分组 é 🚀")).toBe("分组 é 🚀");
});
