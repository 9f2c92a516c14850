import { useText } from "~/i18n";
import { Field, Input, visible } from "~/kit";
import type { HttpProbeDraft } from "~/wire/types";
import css from "./group.module.css";
import type { GroupForm } from "./useGroupForm";

/** What has to answer before a pod gets traffic, and before a release goes on. */
export function ReadinessField({ form }: { form: GroupForm }) {
  const text = useText();
  const words = text.group.edit;
  const { readiness, ports } = form.draft;
  const { error } = form.fieldProps("readiness.path", "readiness.port");
  const input = (part: keyof HttpProbeDraft, label: string, placeholder: string) => (
    <Input
      mono
      value={readiness[part]}
      inputMode={part === "port" ? "numeric" : undefined}
      prefix={label}
      placeholder={placeholder}
      aria-label={words.of(words.ready, label)}
      invalid={form.isWrong(`readiness.${part}`)}
      onChange={(value) =>
        form.set("readiness", { ...readiness, [part]: value }, `readiness.${part}`)
      }
    />
  );
  const [path, port] = [readiness.path.trim(), readiness.port.trim()];
  const hint =
    path === "" && port === ""
      ? words.readyNone
      : path !== "" && port !== ""
        ? words.readyWhen(visible(path), visible(port))
        : undefined;
  return (
    <Field group label={words.ready} error={error} hint={error ? undefined : hint}>
      <div className={css.probe}>
        {input("path", words.readyPath, "/readyz")}
        {input("port", words.readyPort, ports[0]?.port.trim() || "8080")}
      </div>
    </Field>
  );
}
