import { Lock } from "lucide-react";
import { useEffect, useRef } from "react";
import { sayFieldError, useText } from "~/i18n";
import { ErrorState, Field, Icon, Input } from "~/kit";
import { focusFirstInvalid } from "~/kit/form";
import type { AppDraft } from "~/wire/types";
import css from "./app.module.css";
import type { AppForm } from "./useAppForm";

/** The fields of an app. Its name is fixed once it exists, because it stands in selectors. */
export function AppFields({
  form,
  fixed,
  focus,
}: {
  form: AppForm;
  fixed: boolean;
  focus?: boolean;
}) {
  const text = useText();
  const words = text.app;
  const root = useRef<HTMLDivElement>(null);
  const { refused } = form;
  useEffect(() => {
    if (refused) focusFirstInvalid(root.current);
  }, [refused]);

  const fieldProps = (field: keyof AppDraft) => {
    const error = form.errorOf(field);
    const fix = error?.fix;
    return {
      error: error ? sayFieldError(error, text) : undefined,
      fix: fix ? { label: words.fixWith(fix), onFix: () => form.set(field, fix) } : undefined,
    };
  };
  const inputProps = (field: keyof AppDraft) => ({
    value: form.draft[field],
    onChange: (value: string) => form.set(field, value),
  });
  return (
    <div ref={root} className={css.fields}>
      {fixed ? (
        <Field group label={words.slug}>
          <p className={css.fixed}>
            <code>{form.draft.slug}</code>
            <Icon of={Lock} size={14} /> {words.slugFixed}
          </p>
        </Field>
      ) : (
        <Field label={words.slug} hint={words.slugHint} {...fieldProps("slug")}>
          <Input {...inputProps("slug")} mono placeholder="checkout-api" autoFocus={focus} />
        </Field>
      )}
      <Field label={words.title} hint={words.titleHint} {...fieldProps("title")}>
        <Input {...inputProps("title")} placeholder={form.draft.slug} />
      </Field>
      <Field label={words.repository} hint={words.repositoryHint} {...fieldProps("repository")}>
        <Input
          {...inputProps("repository")}
          mono
          placeholder="registry.example.com/shop/checkout-api"
        />
      </Field>
      <Field label={words.deployPath} hint={words.deployPathHint} {...fieldProps("deploy_path")}>
        <Input {...inputProps("deploy_path")} mono placeholder="/export/app/" />
      </Field>
      {form.error ? <ErrorState compact error={form.error} /> : null}
    </div>
  );
}
