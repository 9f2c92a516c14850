import { MergePlaces, useMerging } from "~/app/MergePlaces";
import { useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import { Button, visible } from "~/kit";
import type { FolderConflict, FolderKeep } from "~/wire/types";
import css from "./folder.module.css";

/** A file that both sides changed in the same places: one side as a whole, or a result of both. */
export function FolderConflictView({ app, conflict }: { app: string; conflict: FolderConflict }) {
  const text = useText();
  const words = text.folder;
  const settle = useOrder("folder_settle", { quiet: true });
  const keep = (side: FolderKeep) => void settle.run({ app, file: conflict.file, keep: side });
  const parts = conflict.merge?.parts ?? [];
  const merging = useMerging(parts);
  const { result } = merging;
  const [error] = settle.error?.fields ?? [];
  return (
    <div className={css.conflict}>
      <header className={css.head}>
        <code>{visible(conflict.place)}</code>
        <span className={css.buttons}>
          <Button small disabled={settle.pending} onClick={() => keep({ kind: "slipway" })}>
            {settle.pending ? words.deciding : words.keepOurs}
          </Button>
          <Button small disabled={settle.pending} onClick={() => keep({ kind: "folder" })}>
            {words.keepTheirs}
          </Button>
          {conflict.merge === null ? null : (
            <Button
              small
              kind="filled"
              disabled={settle.pending || result === null}
              onClick={() => result !== null && keep({ kind: "merged", text: result })}
            >
              {words.keepMerged}
            </Button>
          )}
        </span>
      </header>
      {settle.error ? (
        <p className={css.refused} role="alert">
          {error ? sayFieldError(error, text) : settle.error.detail}
        </p>
      ) : null}
      {conflict.merge === null ? (
        <p className={css.subtle}>{words.binary}</p>
      ) : (
        <MergePlaces
          parts={parts}
          path={conflict.path}
          names={words}
          resultLabel={words.result}
          merging={merging}
        />
      )}
    </div>
  );
}
