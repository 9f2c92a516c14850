import { ask } from "~/data";
import { sayError, useText } from "~/i18n";
import { toast } from "~/kit";
import type { CellValue, KeyValue } from "~/wire/types";

/** Sets values of keys, of one group or the default of all. A secret goes into the vault first. */
export function useValueSet(app: string) {
  const text = useText();
  const failed = (thrown: unknown) => {
    const { title, why } = sayError(thrown, text);
    toast({ state: "danger", title, text: why });
  };
  const value = (key: string, group: string | null, next: KeyValue | null) =>
    ask("value_set", { app, key, group, value: next }).catch(failed);
  return {
    value,
    secret: (key: string, group: string | null, typed: string) =>
      ask("secret_put", { value: typed }).then(
        (id) => value(key, group, { kind: "sealed", value: id }),
        failed,
      ),
    copy: (key: string, group: string, from: CellValue) =>
      from.kind === "sealed"
        ? value(key, group, { kind: "sealed", value: from.id })
        : value(key, group, { kind: "plain", value: from.text }),
  };
}
