import { useState } from "react";
import { useOrder } from "~/data";
import { sayFieldError, useFormat, useText } from "~/i18n";
import { Dialog, ErrorState, Field, Input } from "~/kit";
import type { ClusterRow } from "~/wire/types";
import css from "./cluster.module.css";

/** The name stands only on this computer. */
export function RenameDialog({
  row,
  others,
  onClose,
}: {
  row: ClusterRow;
  others: ClusterRow[];
  onClose: () => void;
}) {
  const text = useText();
  const words = text.cluster;
  const [name, setName] = useState(row.link.name);
  const rename = useOrder("cluster_rename", { quiet: true, onDone: onClose });
  const wanted = name.trim();
  const taken = others.some(({ link }) => link.id !== row.link.id && link.name === wanted);
  // Another window may have been quicker.
  const refused = rename.error?.fields.find((one) => one.field === "name");
  const problem =
    wanted === ""
      ? words.nameEmpty
      : taken
        ? words.nameTaken(wanted)
        : refused && sayFieldError(refused, text);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.renameTitle(row.link.name)}
      description={words.renameText}
      action={{
        label: words.renameAction,
        busy: rename.pending,
        disabled: wanted === "" || taken,
        onAction: () => {
          if (wanted === row.link.name) onClose();
          else void rename.run({ id: row.link.id, name: wanted });
        },
      }}
    >
      <Field stacked label={words.name} error={problem}>
        <Input
          value={name}
          onChange={(value) => {
            rename.reset();
            setName(value);
          }}
          maxLength={100}
        />
      </Field>
      {rename.error && !refused ? <ErrorState compact error={rename.error} /> : null}
    </Dialog>
  );
}

/** Says what goes and what stays: nothing in the cluster, the credential here, and groups become read-only. */
export function UnlinkDialog({ row, onClose }: { row: ClusterRow; onClose: () => void }) {
  const text = useText();
  const format = useFormat();
  const words = text.cluster;
  const unlink = useOrder("cluster_unlink", { quiet: true, onDone: onClose });
  const { link, groups } = row;
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.unlinkTitle(link.name)}
      description={words.unlinkText}
      facts={words.unlinkBack}
      action={{
        label: words.unlinkAction(link.name),
        kind: "danger",
        busy: unlink.pending,
        onAction: () => void unlink.run(link.id),
      }}
    >
      <div className={css.text}>
        <p>{words.unlinkCredential}</p>
        {link.source.kind === "kubeconfig" ? <p>{words.unlinkFile(link.source.file)}</p> : null}
        {groups.length === 0 ? (
          <p>{words.unlinkNoGroups}</p>
        ) : (
          <>
            <p>{words.unlinkGroups(format.number(groups.length))}</p>
            <ul className={css.bullets}>
              {groups.map((one) => (
                <li key={one.group_id}>{words.groupOf(one.app, one.group)}</li>
              ))}
            </ul>
          </>
        )}
        {unlink.error ? <ErrorState compact error={unlink.error} /> : null}
      </div>
    </Dialog>
  );
}
