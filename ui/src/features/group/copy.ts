import type { Catalogue } from "~/i18n";
import type { GroupDraft } from "~/wire/types";
import { type FormSection, sectionOf, sections } from "./sections";

/** What a section of another group would change. */
export interface Difference {
  section: FormSection;
  fields: { path: string; was: string; becomes: string }[];
}

/** What makes a group this one, and what nobody types. */
const own: readonly string[] = ["name", "environment", "link", "adopted"];

/** The fields of a draft that belong to a section and may be another group's. */
export function partOf(draft: GroupDraft, section: FormSection): Partial<GroupDraft> {
  const entries = Object.entries(draft);
  return Object.fromEntries(
    entries.filter(([key]) => !own.includes(key) && sectionOf(key) === section),
  );
}

/** Sections that another draft has otherwise, with every field that differs. */
export function differences(here: GroupDraft, there: GroupDraft): Difference[] {
  return sections.flatMap((section) => {
    const [was, becomes] = [leaves(partOf(here, section)), leaves(partOf(there, section))];
    const paths = [...new Set([...was.keys(), ...becomes.keys()])];
    const fields = paths
      .filter((path) => was.get(path) !== becomes.get(path))
      .map((path) => ({ path, was: shown(path, was), becomes: shown(path, becomes) }));
    return fields.length === 0 ? [] : [{ section, fields }];
  });
}

/** A field by the words of the form, as far as it has some: `cpu.request` is the request of the CPU. */
export function sayPath(path: string, text: Catalogue): string {
  const [first = "", ...rest] = path.split(".");
  const { edit } = text.group;
  const form = text.groupForm;
  const named: Record<string, string> = {
    note: edit.note,
    image: edit.image,
    count: edit.count,
    cpu: edit.cpu,
    memory: edit.memory,
    command: edit.command,
    args: edit.args,
    ports: edit.ports,
    working_dir: form.workingDir,
    pull_secret: form.pullSecret,
    service_account: form.serviceAccount,
    node_selector: form.nodeSelector,
    tolerations: form.tolerations,
    readiness: form.probe.readiness,
    liveness: form.probe.liveness,
    startup: form.probe.startup,
    strategy: form.section.strategy,
    lifecycle: form.section.lifecycle,
    gpu: form.section.gpu,
    variables: form.section.variables,
    patch: form.section.patch,
  };
  const labels: Record<string, string> = text.value.label;
  return [named[first] ?? first, ...rest.map((part) => labels[part] ?? part)].join(" ");
}

/** Ids of sensitive values are nothing that anybody reads. */
function shown(path: string, of: Map<string, string>): string {
  const value = of.get(path) ?? "";
  return value !== "" && path.endsWith(".secret") ? "••••••••" : value;
}

/** Every value that is no object, by its path. */
function leaves(part: unknown, path = "", found = new Map<string, string>()): Map<string, string> {
  if (typeof part === "object" && part !== null) {
    for (const [key, value] of Object.entries(part)) {
      leaves(value, path === "" ? key : `${path}.${key}`, found);
    }
  } else if (part !== null && part !== undefined) {
    found.set(path, String(part));
  }
  return found;
}
