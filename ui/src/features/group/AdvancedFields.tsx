import { ChevronDown, ChevronRight, Plus, X } from "lucide-react";
import { useState } from "react";
import { useFormat, useText } from "~/i18n";
import { Button, Field, Icon, IconButton, Input, Select } from "~/kit";
import type { TolerationEffect, TolerationOperator } from "~/wire/types";
import css from "./group.module.css";
import { PairsField } from "./PairsField";
import { useRows } from "./rows";
import type { GroupForm } from "./useGroupForm";

const own = ["working_dir", "service_account", "node_selector", "tolerations"] as const;

/** What most groups leave as the image and the namespace have it; open where something stands in it. */
export function AdvancedFields({ form }: { form: GroupForm }) {
  const words = useText().groupForm;
  const { draft } = form;
  const used = own.some((key) => draft[key].length > 0);
  const [chosen, setChosen] = useState<boolean>();
  const open = chosen ?? used;
  return (
    <>
      <button
        type="button"
        className={css.fold}
        aria-expanded={open}
        onClick={() => setChosen(!open)}
      >
        <Icon of={open ? ChevronDown : ChevronRight} size={14} />
        <strong>{words.advanced}</strong>
        <span className={css.hint}>{used ? words.advancedSet : words.advancedNote}</span>
      </button>
      {open ? (
        <>
          <Field
            label={words.workingDir}
            hint={words.workingDirHint}
            {...form.fieldProps("working_dir")}
          >
            <Input
              className={css.half}
              mono
              placeholder={words.ofTheImage}
              {...form.input("working_dir")}
            />
          </Field>
          <Field
            label={words.serviceAccount}
            hint={words.serviceAccountHint}
            {...form.fieldProps("service_account")}
          >
            <Input
              className={css.half}
              mono
              placeholder="default"
              {...form.input("service_account")}
            />
          </Field>
          <PairsField
            form={form}
            path="node_selector"
            label={words.nodeSelector}
            hint={words.nodeSelectorHint}
          />
          <Tolerations form={form} />
        </>
      ) : null}
    </>
  );
}

const operators: TolerationOperator[] = ["Equal", "Exists"];
const effects: TolerationEffect[] = ["", "NoSchedule", "PreferNoSchedule", "NoExecute"];

function Tolerations({ form }: { form: GroupForm }) {
  const format = useFormat();
  const words = useText().groupForm;
  const { tolerations } = form.draft;
  const { list, focusLast } = useRows();
  const paths = tolerations.flatMap((_, at) =>
    (["key", "operator", "value", "effect", "seconds"] as const).map(
      (part) => `tolerations.${at}.${part}`,
    ),
  );
  return (
    <Field
      group
      label={words.tolerations}
      hint={words.tolerationsHint}
      {...form.fieldProps("tolerations", ...paths)}
    >
      <div ref={list} className={css.stack}>
        {tolerations.map((toleration, at) => {
          const row = format.number(at + 1);
          const name = (part: string) => words.rowOf(words.tolerations, row, part);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a toleration has no identity but its place
            <div key={at} className={css.toleration} data-row="">
              <Input
                mono
                placeholder={words.anyTaint}
                aria-label={name(words.key)}
                {...form.input(`tolerations.${at}.key`)}
              />
              <Select<TolerationOperator>
                label={name(words.operator)}
                value={toleration.operator}
                onChange={(value) => form.set(`tolerations.${at}.operator`, value)}
                options={operators.map((value) => ({
                  value,
                  label: value,
                  content: words.operatorWord[value],
                }))}
              />
              {toleration.operator === "Equal" ? (
                <Input
                  mono
                  placeholder={words.value}
                  aria-label={name(words.value)}
                  {...form.input(`tolerations.${at}.value`)}
                />
              ) : (
                <span />
              )}
              <Select<TolerationEffect>
                label={name(words.effect)}
                value={toleration.effect}
                onChange={(value) => form.set(`tolerations.${at}.effect`, value)}
                options={effects.map((value) => ({ value, label: value || words.anyEffect }))}
              />
              {toleration.effect === "NoExecute" ? (
                <Input
                  inputMode="numeric"
                  placeholder={words.forGood}
                  suffix={words.seconds}
                  aria-label={name(words.tolerationSeconds)}
                  {...form.input(`tolerations.${at}.seconds`)}
                />
              ) : (
                <span />
              )}
              <IconButton
                icon={X}
                label={words.removeRow(words.tolerations, row)}
                onClick={() => form.removeRow("tolerations", at)}
              />
            </div>
          );
        })}
        <div className={css.add}>
          <Button
            small
            kind="ghost"
            icon={Plus}
            onClick={() => {
              form.addRow("tolerations", {
                key: "",
                operator: "Exists",
                value: "",
                effect: "",
                seconds: "",
              });
              focusLast();
            }}
          >
            {words.addToleration}
          </Button>
        </div>
      </div>
    </Field>
  );
}
