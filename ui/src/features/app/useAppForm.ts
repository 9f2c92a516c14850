import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { errorOf, type Touched, touch, untouched, useSettled } from "~/kit/form";
import type { App, AppDraft, FieldError } from "~/wire/types";

const CHECK_AFTER_MS = 200;

const empty: AppDraft = { slug: "", title: "", repository: "", deploy_path: "" };

function draftOf(app: App): AppDraft {
  const { slug, title, repository, deploy_path } = app;
  return { slug, title, repository, deploy_path };
}

/** An app as typed, checked by the core while it is typed. */
export function useAppForm(app: App | null, onDone: (app: App) => void) {
  const [draft, setDraft] = useState<AppDraft>(app ? draftOf(app) : empty);
  const [touched, setTouched] = useState<Touched>(untouched);
  const id = app?.id ?? null;
  const settled = useSettled(draft, CHECK_AFTER_MS);
  const check = useCall("app_check", { id, draft: settled }, { keep: true });
  const create = useOrder("app_create", { quiet: true, onDone });
  const update = useOrder("app_update", { quiet: true, onDone });
  const order = app ? update : create;
  const refused = order.error?.code === "invalid" ? order.error.fields : [];
  // A refusal names every wrong field of this very draft; the check may still be about an older one.
  const errors = refused.length > 0 ? refused : (check.data ?? []);

  return {
    draft,
    pending: order.pending,
    /** What no field can say. */
    error: order.error && refused.length === 0 ? order.error : null,
    refused: refused.length > 0,
    errorOf: (field: keyof AppDraft): FieldError | undefined => errorOf(errors, touched, field),
    set: (field: keyof AppDraft, value: string) => {
      order.reset();
      setDraft({ ...draft, [field]: value });
      setTouched(touch(touched, field));
    },
    submit: () => {
      setTouched({ ...touched, all: true });
      if (app) void update.run({ id: app.id, draft });
      else void create.run(draft);
    },
  };
}

export type AppForm = ReturnType<typeof useAppForm>;
