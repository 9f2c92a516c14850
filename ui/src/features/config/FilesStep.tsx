import { FileCode, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useCall, useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  Icon,
  later,
  QueryView,
  Section,
  Select,
  Skeleton,
  Status,
  Table,
  visible,
} from "~/kit";
import type { App, FileChoice, GroupFile, GroupFiles, GroupView, ValueMatrix } from "~/wire/types";
import { FillValues } from "./FillValues";
import { OwnVariables } from "./OwnVariables";
import { StepSide } from "./StepSide";
import css from "./step.module.css";

const InheritDialog = later(async () => (await import("./InheritDialog")).InheritDialog);
const NewFileDialog = later(async () => (await import("./NewFileDialog")).NewFileDialog);

/** The last step of a new group: what its files need. Everything is kept as it is typed. */
export function FilesStep({ app, view, footer }: { app: App; view: GroupView; footer: ReactNode }) {
  const tree = useCall("config_tree", app.id);
  const matrix = useCall("config_matrix", app.id);
  return (
    <>
      <QueryView query={tree} skeleton={<Skeleton rows={8} />}>
        {({ groups, deploy_path: deployPath }) => (
          <QueryView query={matrix} skeleton={<Skeleton rows={8} />}>
            {(values) => {
              const group = groups.find(({ id }) => id === view.id);
              return group ? (
                <Filled
                  app={app}
                  view={view}
                  group={group}
                  matrix={values}
                  deployPath={deployPath}
                />
              ) : (
                <Skeleton rows={8} />
              );
            }}
          </QueryView>
        )}
      </QueryView>
      {footer}
    </>
  );
}

function Filled({
  app,
  view,
  group,
  matrix,
  deployPath,
}: {
  app: App;
  view: GroupView;
  group: GroupFiles;
  matrix: ValueMatrix;
  deployPath: string;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.step;
  const [chosen, setChosen] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const [inherit, setInherit] = useState<GroupFile | null>(null);
  const choose = useOrder("config_choose");
  const inherited = group.files.filter(({ app_file: appFile }) => appFile !== null).length;
  const worst = group.files.find(({ unset }) => unset > 0) ?? group.files[0];
  const shown = group.files.find(({ file }) => file.id === chosen) ?? worst;
  const onChoice = (row: GroupFile, choice: FileChoice) => {
    if (row.app_file === null || choice === row.choice) return;
    if (choice === "inherit") setInherit(row);
    else void choose.run({ id: row.app_file, group: group.id, choice });
  };
  return (
    <div className={css.step}>
      <div className={css.main}>
        <Section
          title={text.config.files}
          note={words.inherited(format.number(inherited))}
          actions={
            <Button small kind="ghost" icon={Plus} onClick={() => setAdding(true)}>
              {words.addFile}
            </Button>
          }
        />
        {group.files.length === 0 ? (
          <p className={css.none}>{words.noFiles}</p>
        ) : (
          <Table
            flow
            label={text.config.files}
            rows={group.files}
            rowKey={({ file }) => file.id}
            selected={shown?.file.id}
            onSelect={setChosen}
            columns={[
              {
                key: "file",
                header: words.file,
                width: "minmax(180px, 1.4fr)",
                cell: ({ file }) => (
                  <span className={css.file}>
                    <Icon of={FileCode} size={14} />
                    <code title={file.path}>{visible(file.path)}</code>
                  </span>
                ),
              },
              {
                key: "from",
                header: words.from,
                width: "minmax(120px, 1fr)",
                cell: ({ file, choice }) => {
                  const version = format.number(Math.max(1, file.versions));
                  return choice === "own" || choice === "override"
                    ? words.fromGroup(version)
                    : words.fromApp(version);
                },
              },
              {
                key: "choice",
                header: words.inGroup,
                width: "minmax(120px, 0.8fr)",
                cell: (row) =>
                  row.choice === "own" ? (
                    text.config.choice.own
                  ) : (
                    <Select
                      small
                      quiet
                      label={`${words.inGroup}: ${row.file.path}`}
                      value={row.choice}
                      onChange={(next) => onChoice(row, next)}
                      options={(["inherit", "values", "override"] as const).map((value) => ({
                        value,
                        label: text.config.choice[value],
                      }))}
                    />
                  ),
              },
              {
                key: "keys",
                header: words.placeholders,
                width: "minmax(120px, 0.9fr)",
                cell: ({ file, unset }) => {
                  const all = format.number(file.keys);
                  if (file.keys === 0) return <span>{words.noPlaceholders}</span>;
                  return unset > 0 ? (
                    <Status state="danger">{words.emptyOf(format.number(unset), all)}</Status>
                  ) : (
                    <Status state="ok" tone="plain">
                      {words.filled(all, all)}
                    </Status>
                  );
                },
              },
            ]}
          />
        )}
        <FillValues app={app.id} group={group} matrix={matrix} />
        <OwnVariables app={app.id} view={view} />
      </div>
      <StepSide app={app} view={view} group={group} matrix={matrix} shown={shown} />
      {adding ? (
        <NewFileDialog
          app={app.id}
          group={group}
          deployPath={deployPath}
          onClose={() => setAdding(false)}
          onCreated={(id) => {
            setAdding(false);
            setChosen(id);
          }}
        />
      ) : null}
      {inherit && inherit.app_file !== null ? (
        <Inheriting
          group={group}
          row={inherit}
          appFile={inherit.app_file}
          onClose={() => setInherit(null)}
        />
      ) : null}
    </div>
  );
}

/** Asks what goes before a file is inherited again. */
function Inheriting({
  group,
  row,
  appFile,
  onClose,
}: {
  group: GroupFiles;
  row: GroupFile;
  appFile: string;
  onClose: () => void;
}) {
  const view = useCall("config_file", { id: row.file.id, group: group.id });
  const inGroup = view.data?.in_group;
  return inGroup ? (
    <InheritDialog
      group={group}
      file={row.file}
      appFile={appFile}
      inGroup={inGroup}
      onClose={onClose}
      onDone={onClose}
    />
  ) : null;
}
