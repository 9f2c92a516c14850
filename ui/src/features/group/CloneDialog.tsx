import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { environmentWord, sayFieldError, useText } from "~/i18n";
import { Dialog, EnvTag, ErrorState, Field, Input, Select, toast } from "~/kit";
import type { GroupCard } from "~/wire/types";

/** Where the copy goes: what is fixed for a group's life is chosen anew. */
export function CloneDialog({
  app,
  card,
  onClose,
}: {
  app: string;
  card: GroupCard;
  onClose: () => void;
}) {
  const text = useText();
  const words = text.groupLife;
  const navigate = useNavigate();
  const environments = useCall("environment_list", null);
  const clusters = useCall("cluster_list", null);
  const [name, setName] = useState("");
  const [environment, setEnvironment] = useState(card.environment);
  const [link, setLink] = useState(card.link);
  const clone = useOrder("group_clone", {
    quiet: true,
    onDone: (group) => {
      toast({ state: "ok", title: words.cloned(name.trim()) });
      void navigate({ to: "/app/$app/groups/$group", params: { app, group } });
    },
  });
  const wrong = (field: string) => {
    const found = clone.error?.fields.find((one) => one.field === field);
    return found ? { error: sayFieldError(found, text) } : {};
  };
  /** What was refused is not what stands there now. */
  const change =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      clone.reset();
      set(value);
    };
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.cloneTitle(card.name)}
      description={words.cloneText}
      action={{
        label: clone.pending ? words.cloning : words.cloneAction,
        busy: clone.pending,
        disabled: name.trim() === "",
        onAction: () => void clone.run({ group: card.id, name: name.trim(), environment, link }),
      }}
    >
      <Field label={words.cloneName} {...wrong("name")}>
        <Input mono value={name} onChange={change(setName)} />
      </Field>
      <Field label={text.group.environment} {...wrong("environment")}>
        <Select
          value={environment}
          onChange={change(setEnvironment)}
          options={(environments.data ?? []).map((one) => ({
            value: one.id,
            label: environmentWord(one.name, text),
            content: <EnvTag colour={one.colour}>{environmentWord(one.name, text)}</EnvTag>,
          }))}
        />
      </Field>
      <Field label={text.group.edit.cluster} {...wrong("link")}>
        <Select
          value={link}
          onChange={change(setLink)}
          placeholder={text.group.edit.chooseCluster}
          options={(clusters.data ?? []).map((row) => ({
            value: row.link.id,
            label: row.link.name,
            note: row.link.namespace,
          }))}
        />
      </Field>
      {clone.error && clone.error.fields.length === 0 ? (
        <ErrorState compact error={clone.error} />
      ) : null}
    </Dialog>
  );
}
