import { useState } from "react";
import { sayFieldError, useFormat, useText } from "~/i18n";
import {
  Button,
  Checkbox,
  Dialog,
  ErrorState,
  Field,
  Input,
  Select,
  Status,
  toast,
  visible,
} from "~/kit";
import type { GroupFiles, ImportRow } from "~/wire/types";
import css from "./config.module.css";
import { useImport } from "./useImport";

/** The owner that no group is. */
const APP = "";

/** Files, a folder or an archive of this computer become config files: looked at first, then written together. */
export function ImportDialog({
  app,
  group,
  groups,
  deployPath,
  onClose,
}: {
  app: string;
  group: string | null;
  groups: readonly GroupFiles[];
  deployPath: string;
  onClose: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.import;
  const [owner, setOwner] = useState(group ?? APP);
  const [folder, setFolder] = useState("");
  const of = useImport(app, owner === APP ? null : owner, folder, () => {
    toast({ state: "ok", title: words.done(format.number(of.count)) });
    onClose();
  });
  const { files, not_picked: not } = of.picked;
  return (
    <Dialog
      open
      width={700}
      onClose={onClose}
      title={words.title}
      description={words.text}
      facts={files.length > 0 ? words.facts : undefined}
      action={{
        label: of.write.pending ? words.doing : words.action(format.number(of.count)),
        busy: of.write.pending,
        disabled: of.count === 0 || of.wrong,
        onAction: of.run,
      }}
    >
      <Field group label={words.from}>
        <span className={css.pick}>
          <Button busy={of.pick.pending} onClick={() => void of.pick.run("files")}>
            {words.files}
          </Button>
          <Button disabled={of.pick.pending} onClick={() => void of.pick.run("folder")}>
            {words.folder}
          </Button>
        </span>
      </Field>
      <Field label={words.owner}>
        <Select
          label={words.owner}
          value={owner}
          onChange={setOwner}
          options={[
            { value: APP, label: words.ofApp },
            ...groups.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      </Field>
      <Field label={words.below} hint={words.belowHint(deployPath)}>
        <Input mono value={folder} onChange={setFolder} placeholder="conf/" />
      </Field>
      {of.pick.error && of.pick.error.code !== "dismissed" ? (
        <ErrorState compact error={of.pick.error} />
      ) : null}
      {of.write.error ? <ErrorState compact error={of.write.error} /> : null}
      {files.length + not.length > 0 ? (
        <ul className={css.imported} aria-label={words.list}>
          {files.map((file, at) => {
            const row = of.rows[at];
            return (
              <li key={file.name} className={css.version}>
                <Checkbox
                  label={visible(file.name)}
                  checked={!of.left.has(file.name) && !row?.same}
                  disabled={row?.same ?? true}
                  onChange={(on) => of.leave(file.name, !on)}
                />
                <span className={css.versionText}>
                  <code>{visible(row?.path ?? file.name)}</code>
                  <Becomes row={row} binary={file.content.kind === "binary"} size={file.size} />
                </span>
              </li>
            );
          })}
          {not.map(({ name, error, reason }) => (
            <li key={name} className={css.version}>
              <span className={css.versionText}>
                <code>{visible(name)}</code>
                <Status state="warn" tone="plain">
                  {words.notRead} {error ? sayFieldError(error, text) : visible(reason)}
                </Status>
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </Dialog>
  );
}

function Becomes({
  row,
  binary,
  size,
}: {
  row: ImportRow | undefined;
  binary: boolean;
  size: number;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.import;
  if (!row) return <span className={css.subtle}>{text.common.loading}</span>;
  const [error] = row.errors;
  if (error) {
    return (
      <Status state="danger" tone="plain">
        {sayFieldError(error, text)}
      </Status>
    );
  }
  const what = row.same ? words.same : row.replaces ? words.replaces : words.isNew;
  return (
    <span className={css.subtle}>
      {[what, binary ? text.config.file.binary : null, text.config.file.size(format.number(size))]
        .filter(Boolean)
        .join(" · ")}
    </span>
  );
}
