import { useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Dialog, ErrorState, toast } from "~/kit";
import type { FileView, GroupFiles } from "~/wire/types";
import css from "./config.module.css";

/** Says from where a file goes, and that it can come back. */
export function DeleteFileDialog({
  view,
  groups,
  onClose,
  onDeleted,
}: {
  view: FileView;
  groups: GroupFiles[];
  onClose: () => void;
  onDeleted: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.remove;
  const { file } = view;
  const back = useOrder("config_undelete");
  const remove = useOrder("config_delete", {
    quiet: true,
    onDone: () => {
      toast({
        state: "ok",
        title: words.done(file.path),
        action: { label: words.undo, onAction: () => void back.run(file.id) },
      });
      onDeleted();
    },
  });
  const owner = groups.find(({ id }) => id === view.group);
  const inherits = view.in_group?.choice === "override";
  const heirs = groups.filter((group) =>
    group.files.some(({ file: row, choice }) => row.id === file.id && choice !== "own"),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title(file.path)}
      action={{
        label: remove.pending ? words.doing : words.action,
        kind: "danger",
        busy: remove.pending,
        onAction: () => void remove.run(file.id),
      }}
    >
      <div className={css.said}>
        {owner ? (
          <p>{inherits ? words.back(owner.name) : words.ofGroup(owner.name)}</p>
        ) : (
          <p>
            {words.ofApp}{" "}
            {heirs.length === 0 ? words.nobody : format.list(heirs.map(({ name }) => name))}
          </p>
        )}
        <p>{words.pods}</p>
        <p>{words.versions}</p>
        {remove.error ? <ErrorState compact error={remove.error} /> : null}
      </div>
    </Dialog>
  );
}
