import { expect, it } from "vitest";
import type { FieldChange, ForeignRow, ThreeCell, ThreeLine, ThreeView } from "~/wire/types";
import { livesAsReleased } from "./foreign";
import { sideOf, sideWord } from "./sides";
import { byOf, changesOf } from "./ThreeWay";

const cell = (text: string): ThreeCell => ({ number: 1, text, words: [] });

function line(live: string, foreign = true): ThreeLine {
  return {
    released: cell("x"),
    live: cell(live),
    saved: cell("x"),
    foreign,
    drafted: false,
    folded: 0,
  };
}

function field(name: string, live: string, manager: string | null): ForeignRow {
  return {
    path: name,
    field: name,
    section: "container",
    released: null,
    live,
    draft: null,
    manager,
    subresource: "",
    time: "2026-11-20T03:09:00Z",
    at_once: false,
    goes_back: false,
  };
}

it("names on a line who changed it", () => {
  const foreign = [
    field("spec.replicas", "8", "kubectl"),
    field("containers[app].resources.limits.memory", "768Mi", "kubectl-edit"),
    field("metadata.labels.on", "yes", null),
  ];
  const by = (text: string) => byOf(line(text), foreign, () => "11:09");
  expect(by("  replicas: 8")).toBe("kubectl, 11:09");
  expect(by("            memory: 768Mi")).toBe("kubectl-edit, 11:09");
  expect(by('    on: "yes"')).toBeUndefined();
  expect(by("  replicas: 9")).toBeUndefined();
});

it("knows that what nobody changed in the cluster is live as it was released", () => {
  const view = (foreign: ForeignRow[], live: ThreeCell | null = cell("x")) =>
    ({ foreign, objects: [{ role: "workload", lines: [{ ...line("x"), live }] }] }) as ThreeView;
  const change = (section: string, name: string) => ({ section, field: name }) as FieldChange;
  const image = change("container", "containers.app.image");
  const memory = field("spec.template.spec.containers[app].resources.limits.memory", "8", "k");
  expect(livesAsReleased(image, view([memory]))).toBe(true);
  expect(livesAsReleased(change("container", "memory"), view([memory]))).toBe(false);
  const probe = { ...field("spec.containers[app].readinessProbe.periodSeconds", "9", "k") };
  const health = { ...probe, section: "health" } as ForeignRow;
  expect(livesAsReleased(change("health", "readiness"), view([health]))).toBe(false);
  expect(livesAsReleased(image, view([], null))).toBe(false);
});

it("steps from one run of differing lines to the next", () => {
  const lines = [line("a", false), line("b"), line("c"), line("d", false), line("e")];
  expect(changesOf(lines)).toEqual([1, 4]);
});

it("keeps both sides in the address, also of another group", () => {
  const sides = [
    { group: "one", side: { kind: "saved" } },
    { group: "two", side: { kind: "live" } },
    { group: "two", side: { kind: "release", id: "r-1" } },
  ] as const;
  for (const side of sides) {
    expect(sideOf(sideWord(side, "one"), "one", { kind: "released" })).toEqual(side);
  }
  for (const wrong of [undefined, "", "nonsense", "two/nonsense"]) {
    expect(sideOf(wrong, "one", { kind: "released" })).toEqual({
      group: "one",
      side: { kind: "released" },
    });
  }
});
