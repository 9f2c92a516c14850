import { Box, FileText, Lock, Network, Variable as VariableIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { cx, Icon, type IconType, StatusMark, visible } from "~/kit";
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
  return (
    <aside className={css.side}>
      <section aria-labelledby="step-created">
        <h2 id="step-created" className={css.sideHead}>
          {edit.side}
          <span className={css.subtle}>{view.card.link_name}</span>
        </h2>
        <Line icon={Box} title={edit.deployment}>
          {edit.podsCount(format.number(Number(view.draft.count) || 0))}
        </Line>
        {plain > 0 ? (
          <Line icon={FileText} title={words.configMaps}>
            {format.number(plain)}
          </Line>
        ) : null}
        {secret.length > 0 ? (
          <Line icon={Lock} title={words.secrets}>
            {format.number(secret.length)}
          </Line>
        ) : null}
        {variables.length - hidden > 0 ? (
          <Line icon={VariableIcon} title={edit.configMap}>
            {edit.values(format.number(variables.length - hidden))}
          </Line>
        ) : null}
        {hidden > 0 ? (
          <Line icon={Lock} title={words.secretVariables}>
            {edit.values(format.number(hidden))}
          </Line>
        ) : null}
        {balancers?.map(({ id, draft }) => (
          <Line key={id} icon={Network} title={edit.service}>
            {draft.name}
          </Line>
        ))}
      </section>
      {shown && effective ? (
        <section aria-labelledby="step-effective">
          <h2 id="step-effective" className={css.sideHead}>
            {words.effective}
            <code className={css.subtle}>{visible(shown.file.path)}</code>
          </h2>
          <Excerpt effective={effective} />
        </section>
      ) : null}
      <section aria-labelledby="step-checks">
        <h2 id="step-checks" className={css.sideHead}>
          {edit.checks}
        </h2>
        <ul className={css.checks}>
          <li>
            <StatusMark state={empty > 0 ? "danger" : "ok"} />
            <div>
              <p className={empty > 0 ? css.danger : undefined}>
                {empty > 0 ? words.emptyCheck(format.number(empty)) : words.fullCheck}
              </p>
              {empty > 0 ? <p className={css.subtle}>{words.emptyCheckText}</p> : null}
            </div>
          </li>
          <li>
            <StatusMark state={wrong.length > 0 ? "danger" : "ok"} />
            <div>
              <p className={wrong.length > 0 ? css.danger : undefined}>
                {wrong.length > 0
                  ? words.wrongFiles(format.list(wrong.map(({ file: row }) => visible(row.path))))
                  : words.pathsCheck}
              </p>
              <p className={css.subtle}>
                {wrong.length > 0
                  ? text.config.tree.wrong
                  : words.pathsCheckText(app.deploy_path || "/")}
              </p>
            </div>
          </li>
          {group.unused.length > 0 ? (
            <li>
              <StatusMark state="warn" />
              <div>
                <p>{words.unusedCheck(format.list(group.unused.slice(0, 3).map(visible)))}</p>
                <p className={css.subtle}>{words.unusedCheckText}</p>
              </div>
            </li>
          ) : null}
        </ul>
      </section>
    </aside>
  );
}

function Line({ icon, title, children }: { icon: IconType; title: string; children: ReactNode }) {
  return (
    <div className={css.object}>
      <Icon of={icon} />
      <span>{title}</span>
      <span className={css.subtle}>{children}</span>
    </div>
  );
}

const EXCERPT = 12;

/** The lines that a value fills, or that wait for one. */
function Excerpt({ effective }: { effective: Effective }) {
  const lines = effective.text.split("\n");
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
          <code>{visible((lines[at] ?? "").trim())}</code>
        </div>
      ))}
    </div>
  );
}
