import { useState } from "react";
import { SecretInput } from "~/app/SecretInput";
import { useOrder } from "~/data";
import { useText } from "~/i18n";
import { Dialog, ErrorState, Field, Textarea, visible } from "~/kit";
import type { FileKey, GroupFiles, KeyValue } from "~/wire/types";
import { said } from "./values";

/** Sets the value of one key in one group, from where it stands in a file. */
export function SetValueDialog({
  app,
  group,
  of,
  onClose,
}: {
  app: string;
  group: GroupFiles;
  of: FileKey;
  onClose: () => void;
}) {
  const text = useText();
  const words = text.config.setValue;
  const set = useOrder("value_set", { quiet: true, onDone: onClose });
  const [typed, setTyped] = useState(of.value?.kind === "plain" ? of.value.text : "");
  const [secret, setSecret] = useState<string | null>(
    of.value?.kind === "sealed" ? of.value.id : null,
  );
  const fallback = of.default ? said(of.default) : of.inline;
  const value: KeyValue | null = of.sensitive
    ? secret === null
      ? null
      : { kind: "sealed", value: secret }
    : typed === ""
      ? null
      : { kind: "plain", value: typed };
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title(of.key)}
      description={words.text(group.name)}
      action={{
        label: words.action,
        busy: set.pending,
        onAction: () => void set.run({ app, key: of.key, group: group.id, value }),
      }}
    >
      <Field
        stacked
        label={text.config.value}
        hint={fallback === null ? words.noDefault : words.default(visible(fallback))}
      >
        {of.sensitive ? (
          <SecretInput secret={secret} onSecret={setSecret} label={words.title(of.key)} />
        ) : (
          <Textarea mono rows={typed.includes("\n") ? 5 : 1} value={typed} onChange={setTyped} />
        )}
      </Field>
      {set.error ? <ErrorState compact error={set.error} /> : null}
    </Dialog>
  );
}
