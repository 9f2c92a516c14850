import { expect, it } from "vitest";
import { afterRemoval, errorOf, touch, untouched } from "./form";

const errors = [
  { field: "name", code: "required" },
  { field: "ports.1.port", code: "not_a_number" },
];

it("tells nobody off for a field they have not reached", () => {
  expect(errorOf(errors, untouched, "name")).toBeUndefined();
  expect(errorOf(errors, touch(untouched, "name"), "name")?.code).toBe("required");
  expect(errorOf(errors, touch(untouched, "name"), "ports.1.port")).toBeUndefined();
  expect(errorOf(errors, { ...untouched, all: true }, "ports.1.port")?.code).toBe("not_a_number");
});

it("moves what is known of rows along when one above them goes", () => {
  let touched = untouched;
  for (const path of ["name", "ports.0.port", "ports.1.name", "ports.2.port", "variables.2.name"]) {
    touched = touch(touched, path);
  }
  expect([...afterRemoval(touched, "ports", 1).paths]).toEqual([
    "name",
    "ports.0.port",
    "ports.1.port",
    "variables.2.name",
  ]);
});

it("knows the rows of a list within a list", () => {
  const touched = touch(touch(untouched, "a.rows.1.name"), "a.rowless");
  expect([...afterRemoval(touched, "a.rows", 0).paths]).toEqual(["a.rows.0.name", "a.rowless"]);
});
