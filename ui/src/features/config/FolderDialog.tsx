import type { ReactNode } from "react";
import { useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, Copyable, Dialog, Diff, diffLines, languageOfPath, visible } from "~/kit";
import type { FolderChange, FolderView } from "~/wire/types";
import { FolderConflictView } from "./FolderConflictView";
import css from "./folder.module.css";

/** How an app stands with its folder: what editors changed, what a person has to decide, what is not in step. */
export function FolderDialog({ view, onClose }: { view: FolderView; onClose: () => void }) {
  const text = useText();
  const format = useFormat();
  const words = text.folder;
  const close = useOrder("folder_close", { onDone: onClose });
  const write = useOrder("folder_write");
  const add = useOrder("folder_add");
  const { app, conflicts, problems, changes } = view;
  const again = (
    <Button small busy={write.pending} onClick={() => void write.run(app)}>
      {write.pending ? words.writing : words.write}
    </Button>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      width={760}
      title={words.title}
      description={words.text}
      facts={words.stays}
      cancel={text.common.close}
      action={{
        label: close.pending ? words.closing : words.close,
        kind: "default",
        busy: close.pending,
        onAction: () => void close.run(app),
      }}
    >
      <p className={css.where}>
        <Copyable text={view.path} label={words.path} />
        <span className={css.subtle}>{words.same(format.number(view.files))}</span>
      </p>
      {view.gone ? (
        <Part title={words.gone} end={again}>
          <p>{words.goneText}</p>
        </Part>
      ) : null}
      {view.unwatched !== null ? (
        <Part title={words.unwatched}>
          <p className={css.subtle}>{visible(view.unwatched)}</p>
        </Part>
      ) : null}
      {conflicts.length > 0 ? (
        <Part title={words.conflicts(format.number(conflicts.length))}>
          <p className={css.subtle}>
            {words.conflictText} {words.kept}
          </p>
          {conflicts.map((conflict) => (
            <FolderConflictView key={conflict.file} app={app} conflict={conflict} />
          ))}
        </Part>
      ) : null}
      {problems.length > 0 ? (
        <Part
          title={words.problems}
          end={problems.some(({ what }) => what === "missing") ? again : null}
        >
          <ul className={css.list}>
            {problems.map(({ file, place, what, reason }) => (
              <li key={file}>
                <code>{visible(place)}</code>
                <span>
                  {words.trouble[what]} <span className={css.subtle}>{visible(reason)}</span>
                </span>
              </li>
            ))}
          </ul>
        </Part>
      ) : null}
      <Part title={words.changes}>
        {changes.length === 0 ? <p className={css.subtle}>{words.none}</p> : null}
        {changes.map((change) => (
          <Change key={`${change.file} ${change.at}`} change={change} />
        ))}
      </Part>
      {view.left_out.length > 0 ? (
        <Part title={words.leftOutTitle}>
          <ul className={css.list}>
            {view.left_out.map(({ file, path, why }) => (
              <li key={file}>
                <code>{visible(path)}</code>
                <span className={css.subtle}>{words.leftOut[why]}</span>
              </li>
            ))}
          </ul>
        </Part>
      ) : null}
      {view.strangers.length > 0 ? (
        <Part title={words.strangers}>
          <ul className={css.list}>
            {view.strangers.map((place) => (
              <li key={place}>
                <code>{visible(place)}</code>
                <Button
                  small
                  kind="ghost"
                  disabled={add.pending}
                  onClick={() => void add.run({ app, place })}
                >
                  {words.add}
                </Button>
              </li>
            ))}
          </ul>
        </Part>
      ) : null}
    </Dialog>
  );
}

function Part({
  title,
  end = null,
  children,
}: {
  title: string;
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={css.part}>
      <header className={css.head}>
        <h3>{title}</h3>
        {end}
      </header>
      {children}
    </section>
  );
}

function Change({ change }: { change: FolderChange }) {
  const format = useFormat();
  const words = useText().folder;
  const title = (
    <>
      <code>{visible(change.place)}</code>
      <span className={css.subtle}>
        {[format.time(change.at), change.merged ? words.merged : ""].filter(Boolean).join(" · ")}
      </span>
    </>
  );
  if (change.diff === null) return <p className={css.plain}>{title}</p>;
  return (
    <Diff
      lines={diffLines(change.diff)}
      label={change.place}
      title={title}
      language={languageOfPath(change.path)}
      foldText={(count) => words.unchanged(format.number(count))}
    />
  );
}
