import type { GroupMerge, MergeChoice, MergedField, MergedFile } from "~/wire/types";

/** What was decided, by the id of its conflict. */
export type Choices = ReadonlyMap<string, MergeChoice>;

/** A merge by what a person has to do about it. */
export interface MergeParts {
  conflicts: { fields: MergedField[]; files: MergedFile[] };
  comesIn: { fields: MergedField[]; files: MergedFile[] };
  stays: { fields: MergedField[]; files: MergedFile[] };
}

export function partsOf({ fields, files }: GroupMerge): MergeParts {
  const of = (...hows: MergedField["how"][]) => ({
    fields: fields.filter(({ how }) => hows.includes(how)),
    files: files.filter(({ how }) => hows.includes(how)),
  });
  return {
    conflicts: of("conflict"),
    comesIn: of("theirs", "merged"),
    stays: of("ours", "same"),
  };
}

/** Ids of the conflicts, in the order of the page. */
export function conflictsOf(merge: GroupMerge): string[] {
  const { fields, files } = partsOf(merge).conflicts;
  return [...fields, ...files].map(({ id }) => id);
}

/** Places of a file that come in from them. */
export function placesIn({ merge }: MergedFile): number {
  return merge?.parts.filter(({ kind }) => kind === "theirs").length ?? 0;
}
