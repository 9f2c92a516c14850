import { expect, it } from "vitest";
import { above, joined, resolved, shown } from "./names";

it("shows every name on one line, and what it really is", () => {
  expect(shown("部署.log")).toBe("部署.log");
  expect(shown("a\nb\tc\u001b[31m\u202e")).toBe("a␊b␉c␛[31m<202E>");
  expect(shown("\uf7ff\uf780 x")).toBe("\\xff\\x80 x");
});

it("walks folders", () => {
  expect(joined("/", "etc")).toBe("/etc");
  expect(joined("/etc", "a b")).toBe("/etc/a b");
  expect(above("/export/app")).toEqual({ folder: "/export", name: "app" });
  expect(above("/export")).toEqual({ folder: "/", name: "export" });
  expect(above("/")).toBeNull();
});

it("understands what is typed", () => {
  expect(resolved("/var//log/", "/export")).toBe("/var/log");
  expect(resolved("../tmp", "/export/app")).toBe("/export/tmp");
  expect(resolved("logs", "/")).toBe("/logs");
  expect(resolved("../../..", "/a")).toBe("/");
});
