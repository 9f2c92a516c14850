import { Link, useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useView } from "~/app/page";
import { useTransfer } from "~/app/transfer";
import { useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Dialog, ErrorState, Field, IconButton, Input, Menu, toast } from "~/kit";
import type { App, GroupCard } from "~/wire/types";
import { AppFields } from "./AppFields";
import css from "./app.module.css";
import { useAppForm } from "./useAppForm";

/** What can be done to the app as a whole; the dialog that is open stands in the address. */
export function AppActions({ app, groups }: { app: App; groups: GroupCard[] }) {
  const text = useText();
  const words = text.app;
  const navigate = useNavigate();
  const { exportApp } = useTransfer();
  const [dialog, setDialog] = useView("dialog");
  const close = () => setDialog(undefined, { replace: true });
  return (
    <>
      <Menu
        align="end"
        trigger={<IconButton icon={Ellipsis} label={words.actionsOf(app.title)} />}
        items={[
          {
            key: "group",
            label: words.newGroup,
            onSelect: () => void navigate({ to: "/app/$app/groups/new", params: { app: app.id } }),
          },
          { key: "edit", label: words.edit, onSelect: () => setDialog("edit") },
          { key: "export", label: words.export, onSelect: () => exportApp(app.id) },
          {
            key: "delete",
            label: words.delete,
            danger: true,
            separated: true,
            onSelect: () => setDialog("delete"),
          },
        ]}
      />
      {dialog === "edit" ? <EditDialog app={app} onClose={close} /> : null}
      {dialog === "delete" ? <DeleteDialog app={app} groups={groups} onClose={close} /> : null}
    </>
  );
}

function EditDialog({ app, onClose }: { app: App; onClose: () => void }) {
  const text = useText();
  const words = text.app;
  const form = useAppForm(app, onClose);
  return (
    <Dialog
      open
      width={700}
      onClose={onClose}
      title={words.editTitle(app.title)}
      facts={words.keptHere}
      action={{
        label: form.pending ? words.saving : words.save,
        busy: form.pending,
        onAction: form.submit,
      }}
    >
      <AppFields form={form} fixed />
    </Dialog>
  );
}

/** Only an app without groups can go; with groups the dialog names them and the way there. */
function DeleteDialog({
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
