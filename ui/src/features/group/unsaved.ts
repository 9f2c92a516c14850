import type { GroupDraft } from "~/wire/types";

/** What was typed and not saved yet, and what it was typed over. */
export interface Unsaved {
  draft: GroupDraft;
  base: GroupDraft;
}

/** The one form of an app for a group that does not exist yet. */
export const NEW = "new";

const keyOf = (app: string, group: string) => `slipway.unsaved.group.${app}.${group}`;

/** What was typed here before, also in an earlier run. */
export function readUnsaved(app: string, group: string): Unsaved | undefined {
  try {
    const kept: Partial<Unsaved> | null = JSON.parse(
      localStorage.getItem(keyOf(app, group)) ?? "null",
    );
    const { draft, base } = kept ?? {};
    return typeof draft?.name === "string" && base ? { draft, base } : undefined;
  } catch {
    // Without storage, or with something else in it, the form begins from what is saved.
    return undefined;
  }
}

/**
 * Whether a kept draft has the fields that drafts have now. One of another version may lack some, and is worth less
 * than a form that works.
 */
export function fits(kept: unknown, now: unknown): boolean {
  if (Array.isArray(now)) return Array.isArray(kept);
  if (typeof now !== "object" || now === null) return typeof kept === typeof now;
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return false;
  // Kinds of a choice have fields of their own.
  if ("kind" in now && Object.keys(now).every((key) => key === "kind" || key === "value")) {
    return "kind" in kept;
  }
  return Object.entries(now).every(([key, value]) =>
    fits((kept as Record<string, unknown>)[key], value),
  );
}

export function keepUnsaved(app: string, group: string, unsaved: Unsaved): void {
  try {
    localStorage.setItem(keyOf(app, group), JSON.stringify(unsaved));
  } catch {
    // A full or missing storage costs the copy only; the form itself goes on.
  }
}

export function forgetUnsaved(app: string, group: string): void {
  try {
    localStorage.removeItem(keyOf(app, group));
  } catch {
    // Nothing was kept.
  }
}
