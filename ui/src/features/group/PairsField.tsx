import { Plus, X } from "lucide-react";
import { useFormat, useText } from "~/i18n";
import { Button, Field, IconButton, Input } from "~/kit";
import css from "./group.module.css";
import { useRows } from "./rows";
import type { GroupForm } from "./useGroupForm";

/** Labels that a node must have. */
export function PairsField({
  form,
  path,
  label,
  hint,
}: {
  form: GroupForm;
  path: "node_selector" | "gpu.selector";
  label: string;
  hint: string;
}) {
  const format = useFormat();
  const words = useText().groupForm;
  const pairs = form.at(path);
  const { list, focusLast } = useRows();
  const paths = pairs.flatMap((_, at) => [`${path}.${at}.key`, `${path}.${at}.value`]);
  return (
    <Field group label={label} hint={hint} {...form.fieldProps(path, ...paths)}>
      <div ref={list} className={css.stack}>
        {pairs.map((_, at) => {
          const row = format.number(at + 1);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a label has no identity but its place
            <div key={at} className={css.pair} data-row="">
              <Input
                mono
                placeholder={words.key}
                aria-label={words.rowOf(label, row, words.key)}
                {...form.input(`${path}.${at}.key`)}
              />
              <Input
                mono
                placeholder={words.value}
                aria-label={words.rowOf(label, row, words.value)}
                {...form.input(`${path}.${at}.value`)}
              />
              <IconButton
                icon={X}
                label={words.removeRow(label, row)}
                onClick={() => form.removeRow(path, at)}
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
              form.addRow(path, { key: "", value: "" });
              focusLast();
            }}
          >
            {words.addLabel}
          </Button>
        </div>
      </div>
    </Field>
  );
}
