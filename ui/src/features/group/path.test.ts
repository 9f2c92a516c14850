import { expect, it } from "vitest";
import type { GroupDraft } from "~/wire/types";
import { valueAt, withValue } from "./path";

const draft = {
  cpu: { request: "1", limit: "2" },
  ports: [
    { name: "http", port: "80", protocol: "TCP" },
    { name: "admin", port: "81", protocol: "TCP" },
  ],
} as GroupDraft;

it("reads what stands at a path", () => {
  expect(valueAt(draft, "cpu.limit")).toBe("2");
  expect(valueAt(draft, "ports.1.port")).toBe("81");
  expect(valueAt(draft, "ports.7.port")).toBeUndefined();
});

it("changes one place and leaves what is beside it", () => {
  const next = withValue(draft, "ports.1.port", "8081");
  expect(next.ports.map(({ port }) => port)).toEqual(["80", "8081"]);
  expect(next.ports[0]).toBe(draft.ports[0]);
  expect(next.cpu).toBe(draft.cpu);
  expect(draft.ports[1]?.port).toBe("81");
});

it("puts no row where there is none", () => {
  expect(withValue(draft, "ports.7.port", "1").ports).toHaveLength(2);
});
