import { useEffect, useState } from "react";
import { useCall, useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import { afterRemoval, errorOf, type Touched, touch, untouched, useSettled } from "~/kit/form";
import type { App, FieldError, GroupDraft } from "~/wire/types";
import { equal } from "./draft";
import { fits, forgetUnsaved, keepUnsaved, NEW, readUnsaved } from "./unsaved";

const CHECK_AFTER_MS = 200;

/** A part of the draft that holds rows. */
export type Rows = "ports" | "variables";

/**
 * A group as typed. What is not saved is kept outside the page until it is saved or discarded, so that neither leaving
 * the page nor quitting loses it.
 */
export function useGroupForm({
  app,
  group,
  base,
  onCreated,
}: {
  app: App;
  /** Undefined while the group does not exist. */
  group: string | undefined;
  /** What is saved, or what a new group begins with. */
  base: GroupDraft;
  onCreated: (group: string, draft: GroupDraft) => void;
}) {
  const text = useText();
  const place = group ?? NEW;
  const [kept] = useState(() => {
    const found = readUnsaved(app.id, place);
    return found && fits(found.draft, base) ? found : undefined;
  });
  const [draft, setDraft] = useState<GroupDraft>(kept?.draft ?? base);
  const [restored, setRestored] = useState<"no" | "same" | "older">(
    !kept ? "no" : group === undefined || equal(kept.base, base) ? "same" : "older",
  );
  const [touched, setTouched] = useState<Touched>(untouched);
  /** Fields that keep their own text begin anew with it. */
  const [generation, setGeneration] = useState(0);
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
    onDone: (id, { draft: created }) => {
      forgetUnsaved(app.id, NEW);
      onCreated(id, created);
    },
  });
  const update = useOrder("group_update", { quiet: true, onDone: () => setRestored("no") });
  const order = group === undefined ? create : update;
  const refused = order.error?.code === "invalid" ? order.error.fields : [];
  // A refusal names every wrong field of this very draft; the check may still be about an older one.
  const errors: FieldError[] = refused.length > 0 ? refused : (check.data ?? []);

  const put = (next: GroupDraft, path: string) => {
    create.reset();
    update.reset();
    setDraft(next);
    setTouched(touch(touched, path));
  };

  return {
    draft,
    dirty,
    restored,
    generation,
    pending: order.pending,
    /** What no field can say. */
    error: order.error && refused.length === 0 ? order.error : null,
    /** Rises with each refused attempt to save. */
    refused: refused.length > 0,
    /** Fields known to be wrong, whether it is time to say so or not. */
    errors: check.data,
    checking: check.data === undefined || settled !== draft,
    set: <Key extends keyof GroupDraft>(key: Key, value: GroupDraft[Key], path: string = key) =>
      put({ ...draft, [key]: value }, path),
    setAmounts: (amounts: Pick<GroupDraft, "cpu" | "memory">) =>
      put({ ...draft, ...amounts }, "cpu"),
    removeRow: (list: Rows, at: number) => {
      create.reset();
      update.reset();
      setDraft({ ...draft, [list]: draft[list].filter((_, index: number) => index !== at) });
      setTouched(afterRemoval(touched, list, at));
    },
    /** What a `Field` needs to say what is wrong with one of these paths, the first that is. */
    fieldProps: (...paths: string[]) => {
      const error = paths.map((path) => errorOf(errors, touched, path)).find(Boolean);
      return {
        error: error ? sayFieldError(error, text) : undefined,
        errorPath: error?.field,
        fixTo: error?.fix ?? undefined,
      };
    },
    isWrong: (path: string) => errorOf(errors, touched, path) !== undefined,
    wrong: touched.all ? errors.length : 0,
    save: () => {
      setTouched({ ...touched, all: true });
      if (group === undefined) void create.run({ app: app.id, draft });
      else void update.run({ id: group, draft });
    },
    discard: () => {
      create.reset();
      update.reset();
      setDraft(base);
      setRestored("no");
      setTouched(untouched);
      setGeneration(generation + 1);
    },
  };
}

export type GroupForm = ReturnType<typeof useGroupForm>;
