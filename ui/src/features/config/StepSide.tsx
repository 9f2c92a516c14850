import { Box, FileText, Lock, Network, Variable as VariableIcon } from "lucide-react";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  cx,
  languageOfPath,
  type SideCheck,
  SideChecks,
  SideObject,
  SidePanel,
  SidePart,
  visible,
} from "~/kit";
import { painted } from "~/kit/code/painted";
import type { Colour } from "~/kit/code/parser";
import { useColours } from "~/kit/code/useColours";
import type { App, Effective, GroupFile, GroupFiles, GroupView, ValueMatrix } from "~/wire/types";
import css from "./step.module.css";
import { countIn } from "./values";

/** What will be created, the lines of a file that values fill, and the checks. */
export function StepSide({
  app,
  view,
  group,
  matrix,
  shown,
}: {
  app: App;
  view: GroupView;
  group: GroupFiles;
  matrix: ValueMatrix;
  shown: GroupFile | undefined;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.step;
  const edit = text.group.edit;
  const file = useCall(
    "config_file",
    { id: shown?.file.id ?? "", group: group.id },
    { enabled: shown !== undefined, keep: true },
  );
  const variables = useCall("config_variables", group.id).data ?? [];
  const secretKeys = new Set(
    matrix.keys
      .filter(({ sensitive }) => sensitive)
      .flatMap(({ uses }) => uses.flatMap(({ file: of }) => (of === null ? [] : [of]))),
  );
  const secret = group.files.filter(({ file: row }) => row.sensitive || secretKeys.has(row.id));
  const plain = group.files.length - secret.length;
  const hidden = variables.filter(({ sensitive }) => sensitive).length;
  const empty = countIn(matrix, group.id, "empty");
  const wrong = group.files.filter(({ file: row }) => row.errors.length > 0);
  const effective = file.data?.in_group?.effective;
  const balancers = useCall("balancer_list", app.id).data?.filter((row) =>
    row.draft.groups.includes(view.id),
  );
  const checks: SideCheck[] = [
    empty > 0
      ? {
          key: "empty",
          state: "danger",
          title: words.emptyCheck(format.number(empty)),
          note: words.emptyCheckText,
        }
      : { key: "empty", state: "ok", title: words.fullCheck },
    wrong.length > 0
      ? {
          key: "paths",
          state: "danger",
          title: words.wrongFiles(format.list(wrong.map(({ file: row }) => visible(row.path)))),
          note: text.config.tree.wrong,
        }
      : {
          key: "paths",
          state: "ok",
          title: words.pathsCheck,
          note: words.pathsCheckText(app.deploy_path || "/"),
        },
  ];
  if (group.unused.length > 0) {
    checks.push({
      key: "unused",
      state: "warn",
      title: words.unusedCheck(format.list(group.unused.slice(0, 3).map(visible))),
      note: words.unusedCheckText,
    });
  }
  return (
    <SidePanel>
      <SidePart title={edit.side} note={view.card.link_name}>
        <SideObject icon={Box} title={edit.deployment}>
          {edit.podsCount(format.number(Number(view.draft.count) || 0))}
        </SideObject>
        {plain > 0 ? (
          <SideObject icon={FileText} title={words.configMaps}>
            {format.number(plain)}
          </SideObject>
        ) : null}
        {secret.length > 0 ? (
          <SideObject icon={Lock} title={words.secrets}>
            {format.number(secret.length)}
          </SideObject>
        ) : null}
        {variables.length - hidden > 0 ? (
          <SideObject icon={VariableIcon} title={edit.configMap}>
            {edit.values(format.number(variables.length - hidden))}
          </SideObject>
        ) : null}
        {hidden > 0 ? (
          <SideObject icon={Lock} title={words.secretVariables}>
            {edit.values(format.number(hidden))}
          </SideObject>
        ) : null}
        {balancers?.map(({ id, draft }) => (
          <SideObject key={id} icon={Network} title={edit.service}>
            {draft.name}
          </SideObject>
        ))}
      </SidePart>
      {shown && effective ? (
        <SidePart title={words.effective} note={<code>{visible(shown.file.path)}</code>}>
          <Excerpt effective={effective} path={shown.file.path} />
        </SidePart>
      ) : null}
      <SidePart title={edit.checks}>
        <SideChecks checks={checks} />
      </SidePart>
    </SidePanel>
  );
}

const EXCERPT = 12;

/** The lines that a value fills, or that wait for one. */
function Excerpt({ effective, path }: { effective: Effective; path: string }) {
  const colours = useColours(effective.text, languageOfPath(path));
  const lines = effective.text.split("\n");
  const starts: number[] = [];
  for (let at = 0, start = 0; at < lines.length; at++) {
    starts.push(start);
    start += (lines[at] ?? "").length + 1;
  }
  /** Without what it is indented by, in its colours, with what was filled in. */
  const lineOf = (at: number) => {
    const line = lines[at] ?? "";
    const lead = line.length - line.trimStart().length;
    const start = (starts[at] ?? 0) + lead;
    const words = effective.marks
      .filter(({ from, to }) => from >= start && to <= start + line.length - lead)
      .map(({ from, to }): [number, number] => [from - start, to - start]);
    const spans = colours(at).map(
      ([from, to, name]): Colour => [Math.max(0, from - lead), to - lead, name],
    );
    return painted(line.trim(), spans, words, css.filled);
  };
  const filled = effective.lines
    .map(({ kind }, at) => ({ kind, at }))
    .filter(({ kind }) => kind !== "app" && kind !== "group");
  const unset = filled.find(({ kind }) => kind === "unset");
  const shown = filled.slice(0, EXCERPT);
  if (unset && !shown.includes(unset)) shown.splice(-1, 1, unset);
  return (
    <div className={css.excerpt}>
      {shown.map(({ kind, at }) => (
        <div key={at} className={cx(css.line, css[kind])}>
          <span className={css.lineNumber}>{at + 1}</span>
          <code>{lineOf(at)}</code>
        </div>
      ))}
    </div>
  );
}
