import { Plus, X } from "lucide-react";
import { useFormat, useText } from "~/i18n";
import { Button, cx, Field, IconButton, Input } from "~/kit";
import css from "./group.module.css";
import type { DraftPath } from "./path";
import { useRows } from "./rows";
import type { GroupForm } from "./useGroupForm";

type LabelsPath = "node_selector" | "gpu.selector";
type PairsPath = LabelsPath | Extract<DraftPath, `${string}.http.headers`>;

/** How the first part of a pair is called: labels have keys, headers names. */
const firstOf = (path: PairsPath) => (path.endsWith("headers") ? "name" : "key");

/** The paths at which the core says that pairs are wrong. */
export function pairPaths(form: GroupForm, path: PairsPath): string[] {
  return [
    path,
    ...form.at(path).flatMap((_, at) => [`${path}.${at}.${firstOf(path)}`, `${path}.${at}.value`]),
  ];
}

/** Labels that a node must have. */
export function PairsField({
  form,
  path,
  label,
  hint,
}: {
  form: GroupForm;
  path: LabelsPath;
  label: string;
  hint: string;
}) {
  const words = useText().groupForm;
  return (
    <Field group label={label} hint={hint} {...form.fieldProps(...pairPaths(form, path))}>
      <PairRows form={form} path={path} label={label} add={words.addLabel} />
    </Field>
  );
}

/** Rows of two texts that belong together: labels, headers. */
export function PairRows({
  form,
  path,
  label,
  add,
  addLabel,
  narrow,
}: {
  form: GroupForm;
  path: PairsPath;
  /** Names the rows. */
  label: string;
  add: string;
  /** The accessible name of the button, where several have the same word. */
  addLabel?: string;
  /** In a column. */
  narrow?: boolean;
}) {
  const format = useFormat();
  const words = useText().groupForm;
  const { list, focusLast } = useRows();
  const first = firstOf(path);
  const firstWord = first === "name" ? words.headerName : words.key;
  const begin = () => {
    form.addRow(
      path,
      (first === "name" ? { name: "", value: "" } : { key: "", value: "" }) as never,
    );
    focusLast();
  };
  return (
    <div ref={list} className={css.stack}>
      {form.at(path).map((_, at) => {
        const row = format.number(at + 1);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a pair has no identity but its place
          <div key={at} className={cx(css.pair, narrow && css.narrow)} data-row="">
            <Input
              mono
              placeholder={firstWord}
              aria-label={words.rowOf(label, row, firstWord)}
              {...form.input(`${path}.${at}.${first}` as DraftPath)}
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
        <Button small kind="ghost" icon={Plus} aria-label={addLabel} onClick={begin}>
          {add}
        </Button>
      </div>
    </div>
  );
}
