import type { FieldChange, GroupSection, ThreeView } from "~/wire/types";

/** Sections whose fields the form keeps as one, and the cluster as many. */
const WHOLE: readonly GroupSection[] = ["health", "lifecycle", "strategy", "gpu"];

/**
 * Whether a field that the draft changes is live as it was released: nobody changed it in the cluster. Where somebody may
 * have, their row says what is live.
 */
export function livesAsReleased({ section, field }: FieldChange, view: ThreeView): boolean {
  const workload = view.objects.find(({ role }) => role === "workload");
  const runs = workload?.lines.some(({ live, folded }) => live !== null || folded > 0) ?? false;
  const name = wordsOf(field).at(-1);
  return (
    runs &&
    !view.foreign.some(
      (row) =>
        row.section === section &&
        (WHOLE.includes(section) || wordsOf(row.path).some((word) => word === name)),
    )
  );
}

function wordsOf(path: string): string[] {
  return path.split(/[.[\]]+/).filter(Boolean);
}
