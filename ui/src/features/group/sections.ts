import type { GroupSection } from "~/wire/types";

/** The sections of the form, in the order of the page. */
export const sections = [
  "basics",
  "container",
  "strategy",
  "health",
  "lifecycle",
  "gpu",
  "variables",
  "patch",
] as const satisfies GroupSection[];

export type FormSection = (typeof sections)[number];

const others: Record<string, FormSection> = {
  name: "basics",
  environment: "basics",
  link: "basics",
  note: "basics",
  strategy: "strategy",
  readiness: "health",
  liveness: "health",
  startup: "health",
  lifecycle: "lifecycle",
  gpu: "gpu",
  variables: "variables",
  patch: "patch",
};

/** Where a field stands, by its path. */
export function sectionOf(field: string): FormSection {
  return others[field.split(".")[0] ?? ""] ?? "container";
}
