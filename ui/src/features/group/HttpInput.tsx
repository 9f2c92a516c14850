import { useText } from "~/i18n";
import { Input, Select } from "~/kit";
import type { Scheme } from "~/wire/types";
import css from "./fields.module.css";
import type { DraftPath } from "./path";
import type { GroupForm } from "./useGroupForm";

type HttpPath = Extract<DraftPath, `${string}.http`>;

const schemes: Scheme[] = ["HTTP", "HTTPS"];

export function httpPaths(path: HttpPath): string[] {
  return [`${path}.scheme`, `${path}.port`, `${path}.path`];
}

/** A GET on the pod's own address: scheme, port, path. */
export function HttpInput({
  form,
  path,
  label,
}: {
  form: GroupForm;
  path: HttpPath;
  label: string;
}) {
  const words = useText().groupForm;
  return (
    <div className={css.http}>
      <Select<Scheme>
        label={words.schemeOf(label)}
        value={form.at(path).scheme}
        onChange={(scheme) => form.set(`${path}.scheme`, scheme)}
        options={schemes.map((value) => ({ value, label: value }))}
      />
      <Input
        mono
        placeholder={words.port}
        aria-label={words.portOf(label)}
        {...form.input(`${path}.port`)}
      />
      <Input
        mono
        placeholder="/healthz"
        aria-label={words.pathOf(label)}
        {...form.input(`${path}.path`)}
      />
    </div>
  );
}
