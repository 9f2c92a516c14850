import { useText } from "~/i18n";
import { Field, Input, visible } from "~/kit";
import css from "./group.module.css";
import type { GroupForm } from "./useGroupForm";

/** What has to answer before a pod gets traffic, and before a release goes on. */
export function ReadinessField({ form }: { form: GroupForm }) {
  const text = useText();
  const words = text.group.edit;
  const { readiness, ports } = form.draft;
  const { error } = form.fieldProps("readiness.http.path", "readiness.http.port");
  const input = (part: "path" | "port", label: string, placeholder: string) => (
    <Input
      mono
      value={readiness.http[part]}
      inputMode={part === "port" ? "numeric" : undefined}
      prefix={label}
      placeholder={placeholder}
      aria-label={words.of(words.ready, label)}
      invalid={form.isWrong(`readiness.http.${part}`)}
      onChange={(value) => {
        const http = { ...readiness.http, [part]: value };
        const kind = http.path.trim() || http.port.trim() ? "http" : "none";
        form.set("readiness", { ...readiness, kind, http }, `readiness.http.${part}`);
      }}
    />
  );
  const [path, port] = [readiness.http.path.trim(), readiness.http.port.trim()];
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
