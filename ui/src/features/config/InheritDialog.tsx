import { useOrder } from "~/data";
import { useText } from "~/i18n";
import { Dialog, ErrorState } from "~/kit";
import type { FileInGroup, FileRow, GroupFiles } from "~/wire/types";
import css from "./config.module.css";

/** Says what goes when a group takes the app's file as it is again. */
export function InheritDialog({
  group,
  file,
  appFile,
  inGroup,
  onClose,
  onDone,
}: {
  group: GroupFiles;
  file: FileRow;
  appFile: string;
  inGroup: FileInGroup;
  onClose: () => void;
  onDone: () => void;
}) {
  const words = useText().config.toInherit;
  const choose = useOrder("config_choose", {
    quiet: true,
    onDone: () => {
      onClose();
      onDone();
    },
  });
  const keys = inGroup.keys.filter(({ value }) => value !== null);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title(file.path)}
      description={words.text(group.name)}
      action={{
        label: words.action,
        kind: "danger",
        busy: choose.pending,
        onAction: () => void choose.run({ id: appFile, group: group.id, choice: "inherit" }),
      }}
    >
      {inGroup.choice === "override" ? <p>{words.goesFile}</p> : null}
      {keys.length > 0 ? (
        <>
          <p>{words.goesValues}</p>
          <ul className={css.bullets}>
            {keys.map(({ key }) => (
              <li key={key}>
                <code>{key}</code>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {choose.error ? <ErrorState compact error={choose.error} /> : null}
    </Dialog>
  );
}
