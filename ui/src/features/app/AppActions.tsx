import { useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useView } from "~/app/page";
import { useTransfer } from "~/app/transfer";
import { useText } from "~/i18n";
import { IconButton, later, Menu } from "~/kit";
import type { App, GroupCard } from "~/wire/types";

const EditAppDialog = later(async () => (await import("./EditAppDialog")).EditAppDialog);
const DeleteAppDialog = later(async () => (await import("./DeleteAppDialog")).DeleteAppDialog);

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
      {dialog === "edit" ? <EditAppDialog app={app} onClose={close} /> : null}
      {dialog === "delete" ? <DeleteAppDialog app={app} groups={groups} onClose={close} /> : null}
    </>
  );
}
