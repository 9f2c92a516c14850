import type { CommandDraft, GroupDraft } from "~/wire/types";

export type Preset = "small" | "medium" | "large";

type Amounts = Pick<GroupDraft, "cpu" | "memory">;

export const presets: Record<Preset, Amounts> = {
  small: { cpu: { request: "100m", limit: "500m" }, memory: { request: "128Mi", limit: "256Mi" } },
  medium: { cpu: { request: "200m", limit: "500m" }, memory: { request: "384Mi", limit: "512Mi" } },
  large: { cpu: { request: "500m", limit: "1" }, memory: { request: "1Gi", limit: "1Gi" } },
};

export function presetOf({ cpu, memory }: Amounts): Preset | undefined {
  const names: Preset[] = ["small", "medium", "large"];
  return names.find((name) => equal(presets[name], { cpu, memory }));
}

/** Drafts hold text and lists of text only, in the order of their type. */
export function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, at) => equal(one, b[at]));
  }
  if (typeof a === "object" && a !== null && typeof b === "object" && b !== null) {
    const [left, right] = [Object.entries(a), Object.entries(b)];
    return (
      left.length === right.length &&
      left.every(([key, value]) => equal(value, (b as Record<string, unknown>)[key]))
    );
  }
  return a === b;
}

/** A count as typed, for a control of numbers; null where it is none. */
export function numberOf(text: string): number | null {
  const typed = text.trim();
  const number = Number(typed);
  return typed === "" || !Number.isFinite(number) ? null : number;
}

/** Whether only a tag or digest was typed, which the app's repository is put before. */
export function isOfRepository(image: string): boolean {
  const typed = image.trim();
  return typed.startsWith("sha256:") || !/[/:@]/.test(typed);
}

/** What a typed image means, as the core reads it; empty when it can not be told. */
export function fullImage(image: string, repository: string): string {
  const typed = image.trim();
  if (typed === "" || !isOfRepository(typed)) return typed;
  if (repository === "") return "";
  return typed.startsWith("sha256:") ? `${repository}@${typed}` : `${repository}:${typed}`;
}

/** What Kubernetes runs; empty words leave it to the image. */
export function commandWords(command: CommandDraft): string[] {
  switch (command.kind) {
    case "image":
      return [];
    case "shell":
      return command.value.trim() === "" ? [] : ["/bin/sh", "-c", command.value];
    case "list":
      return command.value;
  }
}

/** A text of one word a line. Empty lines at its ends are no words; between others they are empty ones. */
export function wordsOf(text: string): string[] {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line !== "");
  const last = lines.findLastIndex((line) => line !== "");
  return first < 0 ? [] : lines.slice(first, last + 1);
}
