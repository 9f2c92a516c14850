import { FilePlus2, FileText, Trash2, Upload } from "lucide-react";
import { useState } from "react";
import { useView } from "~/app/page";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, EmptyState, later } from "~/kit";
import type { ConfigTree } from "~/wire/types";
import css from "./config.module.css";
import { FilePane } from "./FilePane";
import { FileTree } from "./FileTree";
import { pendingFiles } from "./tree";
import type { SaveState } from "./useFileText";
import { useSelectFile } from "./useSelectFile";

const DeletedDialog = later(async () => (await import("./DeletedDialog")).DeletedDialog);
const ImportDialog = later(async () => (await import("./ImportDialog")).ImportDialog);
const NewFileDialog = later(async () => (await import("./NewFileDialog")).NewFileDialog);

/** Files left, the chosen one right. Which one, and in whose eyes, stands in the URL. */
export function FilesView({
  app,
  tree,
  onState,
}: {
  app: string;
  tree: ConfigTree;
  onState: (state: SaveState | null) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.empty;
  const [dialog, setDialog] = useView("dialog");
  const deleted = useCall("config_deleted", app).data?.length ?? 0;
  const [open] = useView("open");
  const [of] = useView("group");
  const select = useSelectFile();
  const pending = useCall("app_pending", app);
  /** Whose new file is asked for; undefined: none. */
  const [adding, setAdding] = useState<string | null | undefined>(undefined);
  const group = tree.groups.find(({ id }) => id === of) ?? null;
  const first = group?.files[0]?.file ?? tree.files[0];
  const file = open ?? first?.id;
  const changes = group ? pendingFiles(pending.data, group.id) : 0;
  const diff = useCall(
    "group_diff",
    {
      from: { group: group?.id ?? "", side: { kind: "released" } },
      to: { group: group?.id ?? "", side: { kind: "saved" } },
    },
    { enabled: group !== null && changes > 0 },
  );
  const changed = new Set(
    (diff.data?.objects ?? [])
      .filter(({ role }) => role.startsWith("file:"))
      .map(({ role }) => role.slice("file:".length)),
  );
  const nothing = tree.files.length === 0 && tree.groups.every(({ files }) => files.length === 0);
  return (
    <div className={css.files}>
      <div className={css.side}>
        <FileTree
          tree={tree}
          pending={pending.data}
          changed={changed}
          selected={file === undefined ? null : { group: group?.id ?? null, file }}
          onSelect={select}
          onNew={setAdding}
        />
        {deleted > 0 ? (
          <Button
            kind="ghost"
            small
            icon={Trash2}
            className={css.bin}
            onClick={() => setDialog("deleted")}
          >
            {text.config.deleted.open(format.number(deleted))}
          </Button>
        ) : null}
      </div>
      <div className={css.right}>
        {file !== undefined ? (
          <FilePane
            app={app}
            file={file}
            group={group}
            groups={tree.groups}
            deployPath={tree.deploy_path}
            changes={changes}
            onSelect={select}
            onState={onState}
          />
        ) : nothing ? (
          <EmptyState
            icon={FilePlus2}
            title={words.title}
            action={
              <>
                <Button kind="filled" icon={FilePlus2} onClick={() => setAdding(null)}>
                  {words.action}
                </Button>
                <Button icon={Upload} onClick={() => setDialog("import")}>
                  {text.config.import.open}
                </Button>
              </>
            }
          >
            {words.text}
          </EmptyState>
        ) : (
          <EmptyState icon={FileText} title={words.chooseTitle}>
            {words.chooseText}
          </EmptyState>
        )}
      </div>
      {dialog === "deleted" ? (
        <DeletedDialog
          app={app}
          groups={tree.groups}
          onClose={() => setDialog(undefined)}
          onBack={select}
        />
      ) : null}
      {dialog === "import" ? (
        <ImportDialog
          app={app}
          group={group?.id ?? null}
          groups={tree.groups}
          deployPath={tree.deploy_path}
          onClose={() => setDialog(undefined)}
        />
      ) : null}
      {adding !== undefined ? (
        <NewFileDialog
          app={app}
          group={tree.groups.find(({ id }) => id === adding) ?? null}
          deployPath={tree.deploy_path}
          onClose={() => setAdding(undefined)}
          onCreated={(id) => {
            setAdding(undefined);
            select(adding, id);
          }}
        />
      ) : null}
    </div>
  );
}
