import { Plus, X } from "lucide-react";
import { type ClipboardEvent, useRef, useState } from "react";
import { useFormat, useText } from "~/i18n";
import { Button, cx, IconButton, Input, Select, Textarea, visible } from "~/kit";
import type { Variable, VariableKind } from "~/wire/types";
import { SecretInput } from "./SecretInput";
import css from "./Variables.module.css";
import { type Pasted, parseVariables, withPasted } from "./variables";

const kinds: VariableKind[] = ["plain", "template", "sensitive"];

/** Rows of environment variables; whole `.env` files can be pasted into a name. */
export function VariableRows({
  variables,
  onChange,
  onRemove,
  isWrong,
  path = "variables",
}: {
  variables: Variable[];
  /** With the path of the field that changed. */
  onChange: (variables: Variable[], path: string) => void;
  onRemove: (at: number) => void;
  isWrong: (path: string) => boolean;
  path?: string;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.variable;
  const list = useRef<HTMLDivElement>(null);
  const [pasted, setPasted] = useState<Pasted | null>(null);

  const change = (at: number, part: keyof Variable, next: Partial<Variable>) =>
    onChange(
      variables.map((variable, index) => (index === at ? { ...variable, ...next } : variable)),
      `${path}.${at}.${part}`,
    );
  const add = () => {
    onChange([...variables, { name: "", value: "" }], path);
    requestAnimationFrame(() => {
      const rows = list.current?.querySelectorAll<HTMLElement>("[data-row]");
      rows?.[rows.length - 1]?.querySelector("input")?.focus();
    });
  };
  const onPaste = (event: ClipboardEvent, at: number) => {
    const clip = event.clipboardData.getData("text");
    if (!clip.includes("=")) return;
    const found = parseVariables(clip);
    if (!found) return;
    event.preventDefault();
    setPasted(found);
    onChange(withPasted(variables, at, found.variables), path);
  };
  return (
    <div ref={list} className={css.rows}>
      {variables.map((variable, at) => {
        const row = format.number(at + 1);
        const kind = variable.kind ?? "plain";
        const value = {
          mono: true,
          value: variable.value,
          "aria-label": words.partOf(row, words.value),
          invalid: isWrong(`${path}.${at}.value`),
          onChange: (next: string) => change(at, "value", { value: next }),
          className: cx(kind === "template" && variable.value.includes("{{") && css.template),
        };
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a variable has no identity but its place
          <div key={at} className={css.row} data-row="">
            <Input
              mono
              value={variable.name}
              placeholder={words.name}
              aria-label={words.partOf(row, words.name)}
              invalid={isWrong(`${path}.${at}.name`)}
              onChange={(name) => change(at, "name", { name })}
              onPaste={(event) => onPaste(event, at)}
            />
            {kind === "sensitive" ? (
              <SecretInput
                secret={variable.secret ?? null}
                onSecret={(secret) => change(at, "value", { secret, value: "" })}
                label={value["aria-label"]}
                invalid={value.invalid}
              />
            ) : variable.value.includes("\n") ? (
              <Textarea
                {...value}
                className={cx(css.lines, value.className)}
                rows={Math.min(8, variable.value.split("\n").length)}
              />
            ) : (
              <Input {...value} placeholder={kind === "template" ? "{{key}}" : words.value} />
            )}
            <Select
              value={kind}
              label={words.kindOf(row)}
              options={kinds.map((each) => ({ value: each, label: words.kind[each] }))}
              // A value does not outlive the change to sensitive in the form, nor a secret the change back.
              onChange={(next) =>
                change(at, "kind", {
                  kind: next,
                  ...(next === "sensitive" ? { value: "" } : { secret: null }),
                })
              }
            />
            <IconButton icon={X} label={words.remove(row)} onClick={() => onRemove(at)} />
          </div>
        );
      })}
      <div className={css.add}>
        {variables.length === 0 ? <span className={css.subtle}>{words.none}</span> : null}
        <Button small kind="ghost" icon={Plus} onClick={add}>
          {words.add}
        </Button>
        {pasted ? (
          <span className={css.subtle} role="status">
            {words.pasted(format.number(pasted.variables.length))}
            {pasted.skipped.length > 0
              ? ` · ${words.pastedSkipped(format.list(pasted.skipped.map((line) => `“${visible(line)}”`)))}`
              : null}
          </span>
        ) : null}
      </div>
    </div>
  );
}
