import { useEffect, useEffectEvent, useRef, useState } from "react";
import { VariableRows } from "~/app/VariableRows";
import { ask, useCall, useOrder } from "~/data";
import { sayFieldError, useFormat, useText } from "~/i18n";
import { ErrorState, Section, visible } from "~/kit";
import { errorOf, touch, untouched, useSettled } from "~/kit/form";
import type { GroupView, Variable } from "~/wire/types";
import css from "./step.module.css";

const SAVE_AFTER_MS = 500;

/** What the group inherits from the app, and its own variables, which save themselves as they are typed. */
export function OwnVariables({ app, view }: { app: string; view: GroupView }) {
  const text = useText();
  const format = useFormat();
  const words = text.config.step;
  const inherited = useCall("app_variables", app).data?.variables ?? [];
  const [variables, setVariables] = useState<Variable[]>(view.draft.variables);
  const [kept, setKept] = useState(variables);
  const [touched, setTouched] = useState(untouched);
  const update = useOrder("group_update", { quiet: true });
  const settled = useSettled(variables, SAVE_AFTER_MS);
  const save = useEffectEvent(() => {
    const sent = variables;
    void update
      .run({ id: view.id, draft: { ...view.draft, variables: sent } })
      .then((done) => done !== undefined && setKept(sent));
  });
  const failed = update.error !== null;
  useEffect(() => {
    if (settled !== kept && !update.pending && !failed) save();
  }, [settled, kept, update.pending, failed]);
  // Whoever leaves before the pause is over loses nothing, nor a secret that is on its way into the vault.
  const left = useRef(false);
  const leave = useEffectEvent(() => {
    if (variables !== kept) save();
  });
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
      leave();
    };
  }, []);
  const change = (next: Variable[], path: string) => {
    if (left.current) {
      void ask("group_update", { id: view.id, draft: { ...view.draft, variables: next } });
      return;
    }
    update.reset();
    setVariables(next);
    setTouched(touch(touched, path));
  };
  const own = new Set(variables.map(({ name }) => name));
  const error = view.errors.find(
    ({ field }) => field.startsWith("variables") && errorOf(view.errors, touched, field),
  );
  return (
    <Section
      title={text.variable.plural}
      note={words.variables(format.number(inherited.length), format.number(variables.length))}
    >
      {inherited
        .filter(({ name }) => !own.has(name))
        .map((variable) => (
          <div key={variable.name} className={css.inherited}>
            <code>{visible(variable.name)}</code>
            <code className={variable.kind === "template" ? css.template : undefined}>
              {variable.kind === "sensitive" ? "••••••••" : visible(variable.value)}
            </code>
            <span>{text.variable.kind[variable.kind ?? "plain"]}</span>
            <span>{text.config.variables.fromApp}</span>
          </div>
        ))}
      <VariableRows
        variables={variables}
        onChange={change}
        onRemove={(at) =>
          change(
            variables.filter((_, index) => index !== at),
            "variables",
          )
        }
        isWrong={(path) => errorOf(view.errors, touched, path) !== undefined}
      />
      {error ? <p className={css.problem}>{sayFieldError(error, text)}</p> : null}
      {update.error ? <ErrorState compact error={update.error} /> : null}
    </Section>
  );
}
