import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Dialog, ErrorState, Field, Input, toast } from "~/kit";
import type { App, GroupCard } from "~/wire/types";
import css from "./app.module.css";

/** Only an app without groups can go; with groups the dialog names them and the way there. */
export function DeleteAppDialog({
  app,
  groups,
  onClose,
}: {
  app: App;
  groups: GroupCard[];
  onClose: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.app;
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const remove = useOrder("app_delete", {
    quiet: true,
    onDone: () => {
      toast({ state: "ok", title: words.deleted(app.title) });
      void navigate({ to: "/", search: {} });
    },
  });
  const blocked = groups.length > 0;
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.deleteTitle(app.title)}
      description={words.deleteText}
      action={{
        label: remove.pending ? words.deleting : words.deleteAction(app.slug),
        kind: "danger",
        busy: remove.pending,
        disabled: blocked || typed.trim() !== app.slug,
        onAction: () => void remove.run(app.id),
      }}
    >
      <div className={css.text}>
        {blocked ? (
          <>
            <p>{words.deleteBlocked(format.number(groups.length))}</p>
            <ul className={css.bullets}>
              {groups.map((group) => (
                <li key={group.id}>{group.name}</li>
              ))}
            </ul>
            <Link to="/app/$app/groups" params={{ app: app.id }}>
              {words.toGroups}
            </Link>
          </>
        ) : (
          <>
            <h3>{words.goes}</h3>
            <ul className={css.bullets}>
              <li>{words.goesApp(app.slug)}</li>
              <li>{words.goesHistory}</li>
            </ul>
            <h3>{words.stays}</h3>
            <ul className={css.bullets}>
              <li>{words.staysImages}</li>
              <li>{words.staysClusters}</li>
            </ul>
            <Field stacked label={words.typeName(app.slug)}>
              <Input value={typed} onChange={setTyped} mono />
            </Field>
          </>
        )}
        {remove.error ? <ErrorState compact error={remove.error} /> : null}
      </div>
    </Dialog>
  );
}
