import { expect, it } from "vitest";
import { shortEnd, visible } from "./text";

it("shows control characters instead of obeying them", () => {
  expect(visible("a\u001b[31mred\u0007")).toBe("a␛[31mred␇");
  expect(visible("abc\u202egnp.exe")).toBe("abc<202E>gnp.exe");
  expect(visible("tab\tand\nline")).toBe("tab\tand\nline");
  expect(visible("分组 é 🚀")).toBe("分组 é 🚀");
});

it("leaves out of a new version what it shares with the old one", () => {
  expect(shortEnd("2.15.0-dev.6", "2.15.0-dev.7")).toBe("dev.7");
  expect(shortEnd("2.14.0", "2.14.1-rc.1")).toBe("2.14.1-rc.1");
  expect(shortEnd("2.14.1-rc.1", "2.14.1")).toBe("2.14.1");
  expect(shortEnd("v1", "v2")).toBe("v2");
});
