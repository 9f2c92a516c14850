import { useState } from "react";
import { SecretInput } from "~/app/SecretInput";
import { ask, useOrder } from "~/data";
import { sayFieldError, useFormat, useText } from "~/i18n";
import { Checkbox, Dialog, ErrorState, Field, Input } from "~/kit";
import type { MatrixKey } from "~/wire/types";

/** Adds a key before any file uses it. */
export function AddKeyDialog({
  app,
  known,
  onClose,
}: {
  app: string;
  known: string[];
  onClose: () => void;
}) {
  const text = useText();
  const words = text.config.key;
  const [key, setKey] = useState("");
  const [sensitive, setSensitive] = useState(false);
  const [typed, setTyped] = useState("");
  const [secret, setSecret] = useState<string | null>(null);
  const value = sensitive
    ? secret === null
      ? null
      : ({ kind: "sealed", value: secret } as const)
    : typed === ""
      ? null
      : ({ kind: "plain", value: typed } as const);
  const add = useOrder("key_set", {
    quiet: true,
    onDone: () => {
      if (value === null) onClose();
      else void ask("value_set", { app, key: key.trim(), group: null, value }).then(onClose);
    },
  });
  const fields = add.error?.code === "invalid" ? add.error.fields : [];
  const taken = known.includes(key.trim());
  const error = fields[0];
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.addTitle}
      description={words.addText}
      action={{
        label: words.add,
        busy: add.pending,
        disabled: taken,
        onAction: () => void add.run({ app, key: key.trim(), sensitive }),
      }}
    >
      <Field
        label={words.name}
        hint={words.nameHint}
        error={taken ? words.taken : error ? sayFieldError(error, text) : undefined}
      >
        <Input
          mono
          value={key}
          onChange={(next) => {
            add.reset();
            setKey(next);
          }}
        />
      </Field>
      <Field label={words.default} hint={words.defaultHint}>
        {sensitive ? (
          <SecretInput secret={secret} onSecret={setSecret} label={words.default} />
        ) : (
          <Input mono value={typed} onChange={setTyped} />
        )}
      </Field>
      <Field group label="">
        <Checkbox checked={sensitive} onChange={setSensitive}>
          {words.sensitive}
        </Checkbox>
        <span>{words.sensitiveHint}</span>
      </Field>
      {add.error && fields.length === 0 ? <ErrorState compact error={add.error} /> : null}
    </Dialog>
  );
}

/** Sensitivity belongs to the key: all its values change with it. */
export function SensitiveDialog({
  app,
  of,
  onClose,
}: {
  app: string;
  of: MatrixKey;
  onClose: () => void;
}) {
  const words = useText().config.key;
  const set = useOrder("key_set", { quiet: true, onDone: onClose });
  const { key, sensitive } = of;
  return (
    <Dialog
      open
      onClose={onClose}
      title={sensitive ? words.plainTitle(key) : words.sensitiveTitle(key)}
      description={sensitive ? words.plainText : words.sensitiveText}
      action={{
        label: sensitive ? words.makePlain : words.makeSensitive,
        kind: sensitive ? "danger" : "filled",
        busy: set.pending,
        onAction: () => void set.run({ app, key, sensitive: !sensitive }),
      }}
    >
      {set.error ? <ErrorState compact error={set.error} /> : null}
    </Dialog>
  );
}

export function DeleteKeyDialog({
  app,
  of,
  onClose,
}: {
  app: string;
  of: MatrixKey;
  onClose: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.key;
  const remove = useOrder("key_delete", { quiet: true, onDone: onClose });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.deleteTitle(of.key)}
      description={words.deleteText(format.number(of.uses.length))}
      action={{
        label: words.delete,
        kind: "danger",
        busy: remove.pending,
        onAction: () => void remove.run({ app, key: of.key }),
      }}
    >
      {remove.error ? <ErrorState compact error={remove.error} /> : null}
    </Dialog>
  );
}
