import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useOrder } from "~/data";
import { environmentWord, useText } from "~/i18n";
import { Dialog, EnvTag, ErrorState, Field, Input, toast } from "~/kit";
import css from "./group.module.css";
import type { GroupRow } from "./groups";

/** Says what goes and what stays. Where pods run or the environment is protected, the name has to be typed. */
export function DeleteDialog({
  app,
  row,
  onClose,
}: {
  app: string;
  row: GroupRow;
  onClose: () => void;
}) {
  const text = useText();
  const navigate = useNavigate();
  const words = text.group.remove;
  const { card, live, environment } = row;
  const [typed, setTyped] = useState("");
  const remove = useOrder("group_delete", {
    quiet: true,
    onDone: () => {
      toast({ state: "ok", title: words.done(card.name) });
      onClose();
    },
  });
  const named = environment?.protected || (live?.desired ?? 0) > 0;
  // What was released has a Deployment, and with it this group stays.
  const held =
    card.last_release !== null &&
    live !== undefined &&
    live.state !== "absent" &&
    live.state !== "loading";
  const facts = environment ? (
    <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
  ) : undefined;
  if (held) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={words.heldTitle(card.name)}
        description={words.heldText(card.link_name ?? "")}
        facts={facts}
        action={{
          label: text.group.list.running,
          kind: "default",
          onAction: () =>
            void navigate({
              to: "/app/$app/running/$group",
              params: { app, group: card.id },
            }),
        }}
      />
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title(card.name)}
      description={words.text}
      facts={facts}
      action={{
        label: remove.pending ? words.doing : words.action(card.name),
        kind: "danger",
        busy: remove.pending,
        disabled: named && typed.trim() !== card.name,
        onAction: () => void remove.run(card.id),
      }}
    >
      <div className={css.text}>
        <h3>{words.goes}</h3>
        <ul className={css.bullets}>
          <li>{words.goesSettings}</li>
          {card.last_release ? <li>{words.goesReleases}</li> : null}
        </ul>
        <h3>{words.stays}</h3>
        <ul className={css.bullets}>
          <li>{words.staysImages}</li>
        </ul>
        {named ? (
          <Field stacked label={words.typeName(card.name)}>
            <Input mono value={typed} onChange={setTyped} />
          </Field>
        ) : null}
        {remove.error ? <ErrorState compact error={remove.error} /> : null}
      </div>
    </Dialog>
  );
}
