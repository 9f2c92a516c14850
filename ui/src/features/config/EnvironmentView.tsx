import { Link } from "@tanstack/react-router";
import { Lock, PencilLine, Variable as VariableIcon } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { useView } from "~/app/page";
import { VariableRows } from "~/app/VariableRows";
import { useCall, useOrder } from "~/data";
import { environmentWord, sayFieldError, useFormat, useText } from "~/i18n";
import {
  Badge,
  Button,
  cx,
  EmptyState,
  EnvTag,
  ErrorState,
  Icon,
  QueryView,
  Section,
  Skeleton,
  Status,
  Table,
  visible,
} from "~/kit";
import { errorOf, touch, untouched, useSettled } from "~/kit/form";
import type { AppVariables, ConfigTree, GroupFiles, GroupVariable, Variable } from "~/wire/types";
import css from "./config.module.css";
import type { SaveState } from "./useFileText";

const SAVE_AFTER_MS = 500;

/** Variables of the app, which every group inherits, and of each group as its pods get them. */
export function EnvironmentView({
  app,
  tree,
  onState,
}: {
  app: string;
  tree: ConfigTree;
  onState: (state: SaveState | null) => void;
}) {
  const text = useText();
  const words = text.config;
  const [of, setOf] = useView("group");
  const group = tree.groups.find(({ id }) => id === of) ?? null;
  const variables = useCall("app_variables", app);
  return (
    <div className={css.files}>
      <nav className={css.places} aria-label={words.variables.places}>
        <button
          type="button"
          className={cx(css.place, group === null && css.chosen)}
          aria-current={group === null}
          onClick={() => setOf(undefined)}
        >
          {words.app}
        </button>
        {tree.groups.map((one) => (
          <button
            type="button"
            key={one.id}
            className={cx(css.place, group?.id === one.id && css.chosen)}
            aria-current={group?.id === one.id}
            onClick={() => setOf(one.id)}
          >
            <span className={css.groupName}>{one.name}</span>
            {one.environment ? (
              <span className={css.end}>
                <EnvTag colour={one.environment.colour}>
                  {environmentWord(one.environment.name, text)}
                </EnvTag>
              </span>
            ) : null}
          </button>
        ))}
      </nav>
      <div className={css.variables}>
        {group ? (
          <OfGroup app={app} group={group} />
        ) : (
          <QueryView query={variables} skeleton={<Skeleton rows={4} />}>
            {(saved) => <OfApp key={app} app={app} saved={saved} onState={onState} />}
          </QueryView>
        )}
      </div>
    </div>
  );
}

/** The app's own, kept as they are typed. */
function OfApp({
  app,
  saved,
  onState,
}: {
  app: string;
  saved: AppVariables;
  onState: (state: SaveState | null) => void;
}) {
  const text = useText();
  const words = text.config.variables;
  const [variables, setVariables] = useState<Variable[]>(saved.variables);
  const [kept, setKept] = useState(variables);
  const [touched, setTouched] = useState(untouched);
  const set = useOrder("app_variables_set", {
    quiet: true,
    onDone: (_, { variables: sent }) => setKept(sent),
  });
  const settled = useSettled(variables, SAVE_AFTER_MS);
  const push = useEffectEvent(() => void set.run({ app, variables }));
  const failed = set.error !== null;
  useEffect(() => {
    if (settled !== kept && !set.pending && !failed) push();
  }, [settled, kept, set.pending, failed]);
  const state: SaveState = set.error
    ? "failed"
    : set.pending
      ? "saving"
      : variables === kept
        ? "saved"
        : "unsaved";
  useEffect(() => onState(state), [onState, state]);
  useEffect(() => () => onState(null), [onState]);
  const change = (next: Variable[], path: string) => {
    set.reset();
    setVariables(next);
    setTouched(touch(touched, path));
  };
  const error = saved.errors.find(({ field }) => errorOf(saved.errors, touched, field));
  return (
    <Section title={words.ofApp} note={text.variable.pasteNote}>
      <VariableRows
        variables={variables}
        onChange={change}
        onRemove={(at) =>
          change(
            variables.filter((_, index) => index !== at),
            "variables",
          )
        }
        isWrong={(path) => errorOf(saved.errors, touched, path) !== undefined}
      />
      {error ? (
        <p className={css.problem}>
          {sayFieldError(error, text)} · {words.wrong}
        </p>
      ) : (
        <p className={css.hint}>{text.variable.plainNote}</p>
      )}
      {set.error ? <ErrorState compact error={set.error} /> : null}
    </Section>
  );
}

function OfGroup({ app, group }: { app: string; group: GroupFiles }) {
  const text = useText();
  const format = useFormat();
  const words = text.config.variables;
  const query = useCall("config_variables", group.id);
  const owner = (row: GroupVariable) =>
    row.owner === "app" ? words.fromApp : row.overrides ? words.overrides : words.fromGroup;
  return (
    <Section
      title={words.ofGroup}
      note={query.data ? format.number(query.data.length) : undefined}
      actions={
        <Button
          small
          icon={PencilLine}
          render={
            <Link
              to="/app/$app/groups/$group"
              params={{ app, group: group.id }}
              search={{ step: "variables" }}
            />
          }
        >
          {words.edit}
        </Button>
      }
    >
      <QueryView
        query={query}
        skeleton={<Skeleton rows={4} />}
        isEmpty={(rows) => rows.length === 0}
        empty={
          <EmptyState icon={VariableIcon} title={words.none}>
            {words.noneText}
          </EmptyState>
        }
      >
        {(rows) => (
          <Table
            flow
            label={words.ofGroup}
            rows={rows}
            rowKey={({ name }) => name}
            columns={[
              {
                key: "name",
                header: text.variable.name,
                width: "minmax(120px, 1fr)",
                cell: ({ name }) => <code>{visible(name)}</code>,
              },
              {
                key: "value",
                header: text.variable.value,
                width: "minmax(140px, 2fr)",
                cell: (row) => <Shown row={row} />,
              },
              {
                key: "kind",
                header: words.kind,
                width: "112px",
                cell: ({ kind, sensitive }) =>
                  sensitive ? (
                    <Badge>
                      <Icon of={Lock} size={12} /> {text.variable.kind.sensitive}
                    </Badge>
                  ) : (
                    <span className={kind === "template" ? css.template : undefined}>
                      {text.variable.kind[kind]}
                    </span>
                  ),
              },
              { key: "from", header: words.from, width: "minmax(72px, 0.6fr)", cell: owner },
            ]}
          />
        )}
      </QueryView>
    </Section>
  );
}

function Shown({ row }: { row: GroupVariable }) {
  const words = useText().config.variables;
  if (row.elsewhere) return <span className={css.subtle}>{words.elsewhere}</span>;
  if (row.value === null) {
    return (
      <Status state="danger">
        <code>{visible(row.written)}</code> {words.unset}
      </Status>
    );
  }
  return (
    <code title={row.kind === "template" ? row.written : undefined}>{visible(row.value)}</code>
  );
}
