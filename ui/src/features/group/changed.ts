import type { Catalogue } from "~/i18n";
import type { CommandDraft, GroupDraft } from "~/wire/types";
import { commandWords, equal } from "./draft";
import { type DraftPath, valueAt } from "./path";

/**
 * Those of some fields that were saved as something else, and what they were. A list of which rows came or went is one
 * field; the rows of one that only changed in place are each their own.
 */
export function changedFields(
  base: GroupDraft,
  draft: GroupDraft,
  paths: string[],
  text: Catalogue,
): { path: DraftPath; was: string }[] {
  return paths.flatMap((each) => {
    const path = each as DraftPath;
    const [was, is]: [unknown, unknown] = [valueAt(base, path), valueAt(draft, path)];
    if (was === undefined || is === undefined || equal(was, is) || inOther(base, draft, each)) {
      return [];
    }
    const rows = Array.isArray(was) && Array.isArray(is) && typeof (was[0] ?? is[0]) === "object";
    if (rows && was.length === is.length) return [];
    return [{ path, was: say(path, was, text) }];
  });
}

/** Whether a path leads through a list that says itself what it was. */
function inOther(base: GroupDraft, draft: GroupDraft, path: string): boolean {
  const parts = path.split(".");
  return parts.some((part, at) => {
    if (!/^\d+$/.test(part)) return false;
    const list = parts.slice(0, at).join(".") as DraftPath;
    const [was, is]: [unknown, unknown] = [valueAt(base, list), valueAt(draft, list)];
    if (!Array.isArray(was) || !Array.isArray(is)) return true;
    return was.length !== is.length || typeof was[0] === "string";
  });
}

function say(path: string, value: unknown, text: Catalogue): string {
  const words = text.groupForm;
  if (typeof value === "boolean") return value ? words.approval : words.wait;
  if (Array.isArray(value)) return value.map(sayRow).join(", ") || words.none;
  if (typeof value === "object" && value !== null) {
    const command = value as CommandDraft;
    if (command.kind === "shell") return command.value.trim() || text.diff.unset;
    return commandWords(command).join(" ") || words.ofTheImage;
  }
  const typed = String(value);
  if (/\.(kind|split)$/.test(path)) return kinds(text)[typed] ?? typed;
  const [first = "", ...more] = typed.trim().split("\n");
  return first === "" ? text.diff.unset : more.length > 0 ? `${first} …` : first;
}

/** A row by what names it; a sensitive value is nothing of that. */
function sayRow(row: unknown): string {
  if (typeof row === "string") return row;
  const { name, key, port, size } = row as Record<string, string | undefined>;
  return [name, key, port, size].filter(Boolean).join(" ") || "–";
}

function kinds({ groupForm: words }: Catalogue): Record<string, string> {
  return {
    none: words.none,
    command: words.command,
    http: "HTTP",
    tcp: "TCP",
    wait: words.waitForUrl,
    rolling: words.rolling,
    batches: words.batches,
    even: words.even,
    explicit: words.explicit,
  };
}
