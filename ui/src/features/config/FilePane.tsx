import { Ellipsis, FileX, History, PencilLine } from "lucide-react";
import { useEffect, useState } from "react";
import { useSetView, useView } from "~/app/page";
import { useCall, useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Bar,
  Button,
  Copyable,
  EmptyState,
  ErrorState,
  IconButton,
  languageNames,
  languageOfPath,
  later,
  Menu,
  type MenuItem,
  QueryView,
  Segment,
  Skeleton,
  toast,
  visible,
} from "~/kit";
import type { FileChoice, FileView, GroupFiles } from "~/wire/types";
import { ComparePane } from "./ComparePane";
import { Content } from "./Content";
import css from "./config.module.css";
import { FOLDER, FolderButton } from "./FolderButton";
import type { SaveState } from "./useFileText";

const DeleteFileDialog = later(async () => (await import("./DeleteFileDialog")).DeleteFileDialog);
const InheritDialog = later(async () => (await import("./InheritDialog")).InheritDialog);
const VersionsDrawer = later(async () => (await import("./VersionsDrawer")).VersionsDrawer);

interface PaneProps {
  app: string;
  /** In whose eyes: of a group, or of the app itself. */
  group: GroupFiles | null;
  groups: GroupFiles[];
  deployPath: string;
  /** How many changes of this group's files wait for a release. */
  changes: number;
  onSelect: (group: string | null, file: string) => void;
  onState: (state: SaveState | null) => void;
}

/** One file: as it is written, as a group gets it, and what of it differs from what was released. */
export function FilePane({ file, ...pane }: PaneProps & { file: string }) {
  const { group, onState } = pane;
  const text = useText();
  const query = useCall("config_file", { id: file, group: group?.id ?? null }, { keep: true });
  const gone = query.error?.code === "not_found";
  useEffect(() => () => onState(null), [onState]);
  if (gone) {
    return (
      <EmptyState icon={FileX} title={text.config.empty.gone}>
        {text.config.empty.goneText}
      </EmptyState>
    );
  }
  return (
    <QueryView query={query} skeleton={<Skeleton rows={12} rowHeight={20} />}>
      {(view) => (
        <Opened
          {...pane}
          key={`${view.file.id} ${view.in_group?.group ?? ""}`}
          view={view}
          group={view.in_group && group?.id === view.in_group.group ? group : null}
        />
      )}
    </QueryView>
  );
}

function Opened({
  app,
  view,
  group,
  groups,
  deployPath,
  changes,
  onSelect,
  onState,
}: PaneProps & { view: FileView }) {
  const text = useText();
  const format = useFormat();
  const words = text.config.file;
  const [tab, setTab] = useView("tab");
  const [dialog, setDialog] = useView("dialog");
  const setView = useSetView();
  const [inherit, setInherit] = useState(false);
  const { file, in_group: inGroup } = view;
  const choose = useOrder("config_choose", {
    onDone: (own, { choice }) => {
      if (choice === "override" && own !== null && group) onSelect(group.id, own);
      if (choice === "values") setTab("effective");
    },
  });
  const toggle = useOrder("config_switch");
  const hide = useOrder("config_switch", {
    onDone: (_, { sensitive }) => {
      if (sensitive) {
        toast({ state: "warn", title: words.nowSensitive(file.path), text: words.releasedStays });
      }
    },
  });
  const conflict = useCall("folder_get", app).data?.conflicts.some(
    (conflict) => conflict.file === file.id,
  );
  const isText = view.content.kind === "text";
  // The app's file is the app's: a group looks at what it gets.
  const effective = inGroup !== null && isText && tab !== "template";
  const appFile = inGroup?.app_file ?? null;

  const onChoice = (choice: FileChoice) => {
    if (!group || appFile === null || choice === inGroup?.choice) return;
    if (choice === "inherit") setInherit(true);
    else void choose.run({ id: appFile, group: group.id, choice });
  };
  const own = group === null || view.owner === "group";
  const more: MenuItem[] = own
    ? [
        {
          key: "literal",
          label: words.literal,
          current: file.literal,
          onSelect: () =>
            void toggle.run({ id: file.id, literal: !file.literal, sensitive: file.sensitive }),
        },
        {
          key: "sensitive",
          label: words.sensitive,
          current: file.sensitive,
          onSelect: () =>
            void hide.run({ id: file.id, literal: file.literal, sensitive: !file.sensitive }),
        },
        {
          key: "delete",
          label: words.delete,
          danger: true,
          separated: true,
          onSelect: () => setDialog("delete"),
        },
      ]
    : [
        {
          key: "app",
          label: words.editApp,
          icon: PencilLine,
          onSelect: () => onSelect(null, file.id),
        },
      ];
  const lines = isText && view.content.kind === "text" ? view.content.text.split("\n").length : 0;
  return (
    <div className={css.pane}>
      <header className={css.fileBar}>
        <h2 className={css.fileName}>
          {group ? (
            <>
              <span className={css.owner}>{group.name}</span>
              <span className={css.slash}>/</span>
            </>
          ) : null}
          <Copyable text={file.path} label={words.copyPath}>
            <code className={css.strong}>{visible(file.path)}</code>
          </Copyable>
        </h2>
        {inGroup && inGroup.choice !== "own" ? (
          <Segment
            label={words.choice}
            value={inGroup.choice}
            onChange={onChoice}
            disabled={choose.pending}
            options={(["inherit", "values", "override"] as const).map((value) => ({
              value,
              label: text.config.choice[value],
            }))}
          />
        ) : null}
        {inGroup && isText ? (
          <Segment
            label={words.shown}
            value={effective ? "effective" : "template"}
            onChange={(next) => setTab(next === "effective" ? undefined : next)}
            options={(["template", "effective"] as const).map((value) => ({
              value,
              label: words[value],
            }))}
          />
        ) : null}
        <span className={css.tools}>
          <Button
            kind="ghost"
            small
            icon={History}
            aria-pressed={dialog === "versions"}
            onClick={() => setDialog(dialog === "versions" ? undefined : "versions")}
          >
            {words.versions(format.number(file.versions))}
          </Button>
          <FolderButton app={app} />
          <Menu
            align="end"
            trigger={<IconButton small icon={Ellipsis} label={words.more} />}
            items={more}
          />
        </span>
      </header>
      {toggle.error ? <ErrorState compact error={toggle.error} /> : null}
      {conflict ? (
        <Bar
          kind="changed"
          title={text.folder.inConflict}
          actions={
            <Button small onClick={() => setDialog(FOLDER)}>
              {text.folder.resolve}
            </Button>
          }
        >
          {text.folder.conflictText}
        </Bar>
      ) : null}
      <div className={css.host}>
        <Content
          view={view}
          group={group}
          app={app}
          effective={effective}
          editable={own}
          onState={onState}
        />
        {dialog === "versions" ? (
          <VersionsDrawer
            file={file}
            onClose={() => setDialog(undefined)}
            onCompare={(from, to) => setView({ from, to }, { replace: true })}
          />
        ) : null}
      </div>
      <ComparePane app={app} view={view} group={group} changes={changes} />
      <footer className={css.foot}>
        {(["app", "group", "value", "default"] as const).map((kind) => (
          <span key={kind} className={css.legend}>
            <i className={css[`legend_${kind}`]} />
            {words.legend[kind]}
          </span>
        ))}
        <span className={css.footEnd}>
          {[
            isText ? languageNames[languageOfPath(file.path)] : null,
            view.content.kind === "text" ? words.lines(format.number(lines)) : null,
            view.content.kind === "text" ? words.eol[lineEndOf(view.content.text)] : null,
            file.literal ? words.isLiteral : null,
            file.sensitive ? words.isSensitive : null,
            file.binary ? words.isBinary : null,
            file.resolved ?? `${deployPath}…`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </footer>
      {inherit && group && appFile !== null && inGroup ? (
        <InheritDialog
          group={group}
          file={file}
          appFile={appFile}
          inGroup={inGroup}
          onClose={() => setInherit(false)}
          onDone={() => onSelect(group.id, appFile)}
        />
      ) : null}
      {dialog === "delete" && own ? (
        <DeleteFileDialog
          view={view}
          groups={groups}
          onClose={() => setDialog(undefined)}
          onDeleted={() => {
            if (group && appFile !== null) onSelect(group.id, appFile);
            else setDialog(undefined);
          }}
        />
      ) : null}
    </div>
  );
}

/** How the lines of a text end: they are kept as they are. */
function lineEndOf(text: string): "lf" | "crlf" | "mixed" {
  const ends = text.split("\n").length - 1;
  const crlf = text.split("\r\n").length - 1;
  if (crlf === 0) return "lf";
  return crlf === ends ? "crlf" : "mixed";
}
