import type { GroupDraft } from "~/wire/types";

type PathOf<Part> = Part extends readonly (infer Row)[]
  ? `${number}` | `${number}.${PathOf<Row>}`
  : Part extends object
    ? {
        [Key in keyof Part & string]-?: Key | `${Key}.${PathOf<NonNullable<Part[Key]>>}`;
      }[keyof Part & string]
    : never;

type ValueAt<Part, Path extends string> = Path extends `${infer Head}.${infer Rest}`
  ? ValueAt<Step<Part, Head>, Rest>
  : Step<Part, Path>;

type Step<Part, Key extends string> = Part extends readonly (infer Row)[]
  ? Row
  : Key extends keyof Part
    ? Part[Key]
    : never;

/** A field of a draft as the core names it where it is wrong: `ports.1.port`. */
export type DraftPath = PathOf<GroupDraft>;
export type DraftValue<Path extends DraftPath> = ValueAt<GroupDraft, Path>;

export function valueAt<Path extends DraftPath>(draft: GroupDraft, path: Path): DraftValue<Path> {
  let part: unknown = draft;
  for (const key of path.split(".")) part = (part as Record<string, unknown> | undefined)?.[key];
  return part as DraftValue<Path>;
}

/** The draft with another value in one place; what is beside it stays the same object. */
export function withValue<Path extends DraftPath>(
  draft: GroupDraft,
  path: Path,
  value: DraftValue<Path>,
): GroupDraft {
  return put(draft, path.split("."), value) as GroupDraft;
}

function put(part: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(part)) {
    return part.map((row, at) => (at === Number(key) ? put(row, rest, value) : row));
  }
  const held = part as Record<string, unknown>;
  return { ...held, [key]: put(held[key], rest, value) };
}
