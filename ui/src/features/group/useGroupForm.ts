import { useEffect, useState } from "react";
import { useCall, useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import { afterRemoval, errorOf, type Touched, touch, untouched, useSettled } from "~/kit/form";
import type { App, FieldError, GroupDraft, GroupSection } from "~/wire/types";
import { changedFields } from "./changed";
import { equal } from "./draft";
import { type DraftPath, type DraftValue, valueAt, withValue } from "./path";
import { sectionOf } from "./sections";
import { fits, forgetUnsaved, keepUnsaved, NEW, readUnsaved } from "./unsaved";

const CHECK_AFTER_MS = 200;

/** A part of the draft that holds rows. */
export type Rows = {
  [Path in DraftPath]: DraftValue<Path> extends readonly object[] ? Path : never;
}[DraftPath];

/**
 * A group as typed. What is not saved is kept outside the page until it is saved or discarded, so that neither leaving
 * the page nor quitting loses it.
 */
export function useGroupForm({
  app,
  group,
  base,
}: {
  app: App;
  /** Undefined while the group does not exist. */
  group: string | undefined;
  /** What is saved, or what a new group begins with. */
  base: GroupDraft;
}) {
  const text = useText();
  const place = group ?? NEW;
  // Nobody is told off in an empty form; what was saved wrong is said at once.
  const first: Touched = { ...untouched, all: group !== undefined };
  const [kept] = useState(() => {
    const found = readUnsaved(app.id, place);
    return found && fits(found.draft, base) ? found : undefined;
  });
  const [draft, setDraft] = useState<GroupDraft>(kept?.draft ?? base);
  const [restored, setRestored] = useState<"no" | "same" | "older">(
    !kept ? "no" : group === undefined || equal(kept.base, base) ? "same" : "older",
  );
  const [touched, setTouched] = useState<Touched>(first);
  /** Fields that keep their own text begin anew with it. */
  const [generation, setGeneration] = useState(0);
  const [attempts, setAttempts] = useState(0);
  const dirty = !equal(draft, base);

  useEffect(() => {
    if (dirty) keepUnsaved(app.id, place, { draft, base });
    else forgetUnsaved(app.id, place);
  }, [app.id, place, draft, base, dirty]);

  const settled = useSettled(draft, CHECK_AFTER_MS);
  const check = useCall(
    "group_check",
    { app: app.id, id: group ?? null, draft: settled },
    { keep: true },
  );
  const create = useOrder("group_create", {
    quiet: true,
    onDone: () => forgetUnsaved(app.id, NEW),
  });
  const update = useOrder("group_update", { quiet: true, onDone: () => setRestored("no") });
  const order = group === undefined ? create : update;
  const refused = order.error?.code === "invalid" ? order.error.fields : [];
  // A refusal names every wrong field of this very draft; the check may still be about an older one.
  const errors: FieldError[] = refused.length > 0 ? refused : (check.data ?? []);

  const put = (next: GroupDraft, now: Touched) => {
    create.reset();
    update.reset();
    setDraft(next);
    setTouched(now);
  };
  const set = <Path extends DraftPath>(path: Path, value: DraftValue<Path>) =>
    put(withValue(draft, path, value), touch(touched, path));
  const isWrong = (path: string) => errorOf(errors, touched, path) !== undefined;

  return {
    draft,
    dirty,
    restored,
    generation,
    pending: order.pending,
    /** What no field can say. */
    error: order.error && refused.length === 0 ? order.error : null,
    refused: refused.length > 0,
    /** Rises with each attempt to save. */
    attempts,
    /** Fields known to be wrong, whether it is time to say so or not. */
    errors: check.data,
    checking: check.data === undefined || settled !== draft,
    at: <Path extends DraftPath>(path: Path) => valueAt(draft, path),
    set,
    /** Several fields at once, as one thing that was done. */
    setAll: (part: Partial<GroupDraft>, path: string) =>
      put({ ...draft, ...part }, touch(touched, path)),
    addRow: <List extends Rows>(list: List, row: DraftValue<List>[number]) =>
      set(list, [...(valueAt(draft, list) as object[]), row] as never),
    removeRow: (list: Rows, at: number) => {
      const rows = (valueAt(draft, list) as object[]).filter((_, index) => index !== at);
      put(withValue(draft, list, rows as never), afterRemoval(touched, list, at));
    },
    /** What a control of one line of text needs. */
    input: (path: DraftPath) => ({
      value: valueAt(draft, path) as string,
      invalid: isWrong(path),
      onChange: (value: string) => set(path, value as never),
    }),
    /** What a `Field` needs to say what is wrong with one of these paths, the first that is, and to mend it. */
    fieldProps: (...paths: string[]) => {
      const error = paths.map((path) => errorOf(errors, touched, path)).find(Boolean);
      const fix = error?.fix ?? undefined;
      const changed = group === undefined ? [] : changedFields(base, draft, paths, text);
      return {
        error: error ? sayFieldError(error, text) : undefined,
        fix:
          error === undefined || fix === undefined
            ? undefined
            : {
                label: text.group.edit.fixWith(fix),
                onFix: () => set(error.field as DraftPath, fix as never),
              },
        changed:
          changed.length === 0
            ? undefined
            : {
                was: text.groupForm.was(changed.map(({ was }) => was).join(" · ")),
                undo: text.groupForm.undo,
                onUndo: () => {
                  const undone = changed.reduce(
                    (all, { path }) => withValue(all, path, valueAt(base, path) as never),
                    draft,
                  );
                  put(
                    undone,
                    changed.reduce((now, { path }) => touch(now, path), touched),
                  );
                },
              },
      };
    },
    isWrong,
    /** The first error of a part of the form, whether it is time to say so or not. */
    wrongOf: (part: string) => errors.find(({ field }) => field.startsWith(`${part}.`)),
    /** How many it is time to speak of, of all or of a section. */
    wrong: (section?: GroupSection) =>
      errors.filter(
        ({ field }) =>
          errorOf(errors, touched, field) &&
          (section === undefined || sectionOf(field) === section),
      ).length,
    /** Undefined where it was refused. */
    save: async (): Promise<string | undefined> => {
      setTouched({ ...touched, all: true });
      setAttempts(attempts + 1);
      if (group === undefined) return create.run({ app: app.id, draft });
      const done = await update.run({ id: group, draft });
      return done === undefined ? undefined : group;
    },
    discard: () => {
      create.reset();
      update.reset();
      setDraft(base);
      setRestored("no");
      setTouched(first);
      setGeneration(generation + 1);
    },
  };
}

export type GroupForm = ReturnType<typeof useGroupForm>;
