import { Plus, X } from "lucide-react";
import { type ClipboardEvent, useRef, useState } from "react";
import { useFormat, useText } from "~/i18n";
import { Button, Field, IconButton, Input, Section, Textarea, visible } from "~/kit";
import type { Variable } from "~/wire/types";
import { type Pasted, parseVariables, withPasted } from "./draft";
import css from "./group.module.css";
import type { GroupForm } from "./useGroupForm";

/** Environment variables of the container; whole .env files can be pasted in. */
export function VariablesSection({ form }: { form: GroupForm }) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const { variables } = form.draft;
  const list = useRef<HTMLDivElement>(null);
  const [pasted, setPasted] = useState<Pasted | null>(null);
  const paths = variables.flatMap((_, at) => [`variables.${at}.name`, `variables.${at}.value`]);
  const { error } = form.fieldProps("variables", ...paths);

  const change = (at: number, part: keyof Variable, value: string) =>
    form.set(
      "variables",
      variables.map((variable, index) =>
        index === at ? { ...variable, [part]: value } : variable,
      ),
      `variables.${at}.${part}`,
    );
  const add = () => {
    form.set("variables", [...variables, { name: "", value: "" }]);
    requestAnimationFrame(() => {
      const rows = list.current?.querySelectorAll<HTMLElement>("[data-row] input");
      rows?.[rows.length - 2]?.focus();
    });
  };
  const onPaste = (event: ClipboardEvent, at: number) => {
    const clip = event.clipboardData.getData("text");
    if (!clip.includes("=")) return;
    const found = parseVariables(clip);
    if (!found) return;
    event.preventDefault();
    setPasted(found);
    form.set("variables", withPasted(variables, at, found.variables));
  };
  return (
    <Section title={words.variables} note={words.variablesNote}>
      <Field group label="" error={error} hint={words.variablesPlain}>
        <div ref={list} className={css.stack}>
          {variables.map((variable, at) => {
            const row = format.number(at + 1);
            const value = {
              mono: true,
              value: variable.value,
              "aria-label": words.variableOf(row, words.variableValue),
              invalid: form.isWrong(`variables.${at}.value`),
              onChange: (next: string) => change(at, "value", next),
            };
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a variable has no identity but its place
              <div key={at} className={css.variable} data-row="">
                <Input
                  mono
                  value={variable.name}
                  placeholder={words.variableName}
                  aria-label={words.variableOf(row, words.variableName)}
                  invalid={form.isWrong(`variables.${at}.name`)}
                  onChange={(next) => change(at, "name", next)}
                  onPaste={(event) => onPaste(event, at)}
                />
                {variable.value.includes("\n") ? (
                  <Textarea
                    className={css.lines}
                    rows={Math.min(8, variable.value.split("\n").length)}
                    {...value}
                  />
                ) : (
                  <Input placeholder={words.variableValue} {...value} />
                )}
                <IconButton
                  icon={X}
                  label={words.removeVariable(row)}
                  onClick={() => form.removeRow("variables", at)}
                />
              </div>
            );
          })}
          <div className={css.add}>
            {variables.length === 0 ? (
              <span className={css.subtle}>{words.noVariables}</span>
            ) : null}
            <Button small kind="ghost" icon={Plus} onClick={add}>
              {words.addVariable}
            </Button>
            {pasted ? (
              <span className={css.hint} role="status">
                {words.pasted(format.number(pasted.variables.length))}
                {pasted.skipped.length > 0
                  ? ` · ${words.pastedSkipped(format.list(pasted.skipped.map((line) => `“${visible(line)}”`)))}`
                  : null}
              </span>
            ) : null}
          </div>
        </div>
      </Field>
    </Section>
  );
}
