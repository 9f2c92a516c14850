import { EyeOff, FileLock, FileQuestion } from "lucide-react";
import { useEffect, useState } from "react";
import { useOrder } from "~/data";
import { sayFieldError, useFormat, useText } from "~/i18n";
import {
  Bar,
  Button,
  Editor,
  EmptyState,
  ErrorState,
  type LineOrigin,
  languageOfPath,
  later,
  visible,
} from "~/kit";
import type { Effective, EffectiveMark, FileInGroup, FileView, GroupFiles } from "~/wire/types";
import css from "./config.module.css";
import { type SaveState, useFileText } from "./useFileText";

const SetValueDialog = later(async () => (await import("./SetValueDialog")).SetValueDialog);

/** What a file holds: edited by its owner, effective for a group, or what can be said about it. */
export function Content({
  app,
  view,
  group,
  effective,
  editable,
  onState,
}: {
  app: string;
  view: FileView;
  group: GroupFiles | null;
  effective: boolean;
  editable: boolean;
  onState: (state: SaveState | null) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.file;
  const [shown, setShown] = useState(!view.file.sensitive);
  const { content } = view;
  if (content.kind === "text" && !shown) {
    return (
      <EmptyState
        icon={EyeOff}
        title={words.hidden}
        action={<Button onClick={() => setShown(true)}>{words.reveal}</Button>}
      >
        {words.hiddenText}
      </EmptyState>
    );
  }
  if (effective && view.in_group && group) {
    return <EffectiveFile app={app} view={view} inGroup={view.in_group} group={group} />;
  }
  if (content.kind === "text") {
    return editable ? (
      <Template view={view} onState={onState} />
    ) : (
      <>
        <p className={css.hint}>{words.ofApp}</p>
        <Editor
          label={view.file.path}
          language={languageOfPath(view.file.path)}
          value={content.text}
          placeholders={!view.file.literal}
          unset={unsetOf(view.in_group)}
        />
      </>
    );
  }
  return content.kind === "binary" ? (
    <EmptyState
      icon={FileQuestion}
      title={words.binary}
      action={editable ? <Replace view={view} /> : undefined}
    >
      {words.binaryText} {words.size(format.number(view.file.size ?? 0))}
    </EmptyState>
  ) : (
    <EmptyState
      icon={FileLock}
      title={words.elsewhere}
      action={editable ? <Replace view={view} typed /> : undefined}
    >
      {words.elsewhereText}
    </EmptyState>
  );
}

/** The source, which saves itself. */
function Template({
  view,
  onState,
}: {
  view: FileView;
  onState: (state: SaveState | null) => void;
}) {
  const text = useText();
  const words = text.config.file;
  const edited = useFileText(view);
  const { file } = view;
  const { state } = edited;
  useEffect(() => onState(state), [onState, state]);
  const problems = file.errors
    .filter(({ field, params }) => field === "content" && params.line !== undefined)
    .map((error) => ({ line: Number(error.params.line), text: sayFieldError(error, text) }));
  return (
    <>
      {state === "conflict" ? (
        <Bar
          kind="problem"
          title={words.conflict}
          actions={
            <>
              <Button small onClick={edited.takeTheirs}>
                {words.takeTheirs}
              </Button>
              <Button small onClick={edited.keepMine}>
                {words.keepMine}
              </Button>
            </>
          }
        >
          {words.conflictText}
        </Bar>
      ) : null}
      {edited.error ? <ErrorState compact error={edited.error} onRetry={edited.saveNow} /> : null}
      {file.errors.map((error) => (
        <p key={`${error.field} ${error.code} ${error.params.line}`} className={css.problem}>
          {sayFieldError(error, text)}
        </p>
      ))}
      <Editor
        label={file.path}
        language={languageOfPath(file.path)}
        value={edited.text}
        onChange={edited.set}
        onSave={edited.saveNow}
        placeholders={!file.literal}
        unset={unsetOf(view.in_group)}
        problems={problems}
        line={problems[0]?.line}
      />
    </>
  );
}

/** As pods of the group will see it, with where each line comes from. */
function EffectiveFile({
  app,
  view,
  inGroup,
  group,
}: {
  app: string;
  view: FileView;
  inGroup: FileInGroup;
  group: GroupFiles;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.file;
  const [key, setKey] = useState<string | null>(null);
  const [line, setLine] = useState(1);
  const { effective, choice } = inGroup;
  if (!effective) return <ErrorLine text={words.noEffective} />;
  const version = format.number(Math.max(1, view.file.versions));
  const own = choice === "override" || choice === "own";
  const first = own ? words.groupVersion(version) : words.appVersion(version);
  const origins: LineOrigin[] = effective.lines.map(({ kind, key: of }, index) => ({
    kind,
    label: of ?? (index === 0 ? first : undefined),
  }));
  const found = inGroup.keys.find((one) => one.key === key);
  const empty = inGroup.keys.filter(({ state }) => state === "empty");
  const [missing] = empty;
  const here = effective.lines[line - 1];
  const sources = keysOfLine(effective, line).map((mark) =>
    words.lineKey[mark.kind](visible(mark.key), group.name),
  );
  return (
    <>
      {effective.too_large ? <ErrorLine text={words.tooLarge} /> : null}
      {missing ? (
        <Bar
          kind="problem"
          title={text.config.matrix.blocks(format.number(empty.length), group.name)}
          actions={
            <Button small onClick={() => setKey(missing.key)}>
              {words.fill}
            </Button>
          }
        >
          {words.missing(visible(missing.key), format.number(missing.line))}
        </Bar>
      ) : null}
      <p className={css.hint}>
        <span role="status">
          {here
            ? words.lineFrom(
                format.number(line),
                own ? words.legend.group : words.legend.app,
                format.list(sources),
              )
            : null}
        </span>{" "}
        {effective.marks.length > 0 ? words.setValue : null}
      </p>
      <Editor
        label={`${view.file.path}, ${words.effective}`}
        language={languageOfPath(view.file.path)}
        value={effective.text}
        origins={origins}
        marks={effective.marks}
        onMark={setKey}
        onLine={setLine}
      />
      {found ? (
        <SetValueDialog app={app} group={group} of={found} onClose={() => setKey(null)} />
      ) : null}
    </>
  );
}

function ErrorLine({ text }: { text: string }) {
  return (
    <p className={css.problem} role="alert">
      {text}
    </p>
  );
}

/** Puts a file from the disk, or an empty text, in the place of what can not be edited. */
function Replace({ view, typed }: { view: FileView; typed?: boolean }) {
  const words = useText().config.file;
  const save = useOrder("config_save", { quiet: true });
  const pick = useOrder("config_pick", {
    quiet: true,
    onDone: (picked) =>
      void save.run({
        id: view.file.id,
        base: view.revision,
        editor: crypto.randomUUID(),
        content: picked.content,
      }),
  });
  const failed = save.error ?? (pick.error?.code === "dismissed" ? null : pick.error);
  return (
    <>
      {failed ? <ErrorState compact error={failed} /> : null}
      <Button onClick={() => void pick.run(null)}>{words.replace}</Button>
      {typed ? (
        <Button
          kind="ghost"
          onClick={() =>
            void save.run({
              id: view.file.id,
              base: view.revision,
              editor: crypto.randomUUID(),
              content: { kind: "text", text: "" },
            })
          }
        >
          {words.replaceTyped}
        </Button>
      ) : null}
    </>
  );
}

function unsetOf(inGroup: FileInGroup | null): ReadonlySet<string> | undefined {
  if (!inGroup) return undefined;
  return new Set(inGroup.keys.filter(({ state }) => state === "empty").map(({ key }) => key));
}

/** What values filled in on a line, from 1; each key once. */
function keysOfLine({ text, marks }: Effective, line: number): EffectiveMark[] {
  let start = 0;
  for (let at = 1; at < line; at++) start = text.indexOf("\n", start) + 1;
  const next = text.indexOf("\n", start);
  const end = next < 0 ? text.length : next;
  const found = marks.filter(({ from }) => start <= from && from <= end);
  return found.filter(({ key }, at) => found.findIndex((one) => one.key === key) === at);
}
