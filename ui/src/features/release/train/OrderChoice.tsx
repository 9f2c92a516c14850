import { X } from "lucide-react";
import { sayFieldError, useFormat, useText } from "~/i18n";
import { Checkbox, cx, EnvSquare, Field, Grip, IconButton, Select, useReorder } from "~/kit";
import type { EnvironmentColour, FieldError, TrainDraft } from "~/wire/types";
import { RuleFields } from "./RuleFields";
import css from "./train.module.css";
import { SOAKS, saySeconds } from "./words";

export interface OrderedGroup {
  id: string;
  name: string;
  colour: EnvironmentColour | undefined;
}

/** Several groups in their order, and what happens between two of them. */
export function OrderChoice({
  groups,
  onOrder,
  draft,
  onDraft,
  errors,
}: {
  groups: OrderedGroup[];
  onOrder: (ids: string[]) => void;
  draft: TrainDraft;
  onDraft: (draft: TrainDraft) => void;
  errors: FieldError[];
}) {
  const text = useText();
  const format = useFormat();
  const words = text.release.train;
  const ids = groups.map(({ id }) => id);
  const reorder = useReorder(ids, onOrder);
  const wrong = (field: string) => {
    const error = errors.find((one) => one.field === field);
    return error ? sayFieldError(error, text) : undefined;
  };
  const change = (part: Partial<TrainDraft>) => onDraft({ ...draft, ...part });
  return (
    <section className={css.order} aria-label={words.order}>
      <h3 className={css.orderTitle}>
        {words.order} <span className={css.subtle}>{words.orderHint}</span>
      </h3>
      <ol ref={reorder.list} className={css.cars}>
        {groups.map(({ id, name, colour }, at) => (
          <li
            key={id}
            className={cx(css.car, id === reorder.dragged && css.dragged)}
            {...reorder.row(id)}
          >
            <Grip label={words.move(name)} {...reorder.grip(id)} />
            <span className={css.carPlace}>{format.number(at + 1)}</span>
            {colour ? <EnvSquare colour={colour} /> : null}
            <span className={css.carName}>{name}</span>
            <IconButton
              small
              icon={X}
              label={words.leaveOutOf(name)}
              onClick={() => onOrder(ids.filter((one) => one !== id))}
            />
          </li>
        ))}
      </ol>
      <h3 className={css.orderTitle}>{words.between}</h3>
      <Field stacked label={words.soak} error={wrong("soak")}>
        <Select
          value={draft.soak}
          onChange={(soak) => change({ soak })}
          options={SOAKS.map((value) => ({
            value,
            label: value === "0" ? words.noSoak : saySeconds(value, format),
          }))}
        />
      </Field>
      <Checkbox checked={draft.ask} onChange={(ask) => change({ ask })}>
        {words.askEach}
      </Checkbox>
      <Field
        stacked
        label={words.rules}
        group
        hint={words.rulesHint}
        error={wrong("cpu") ?? wrong("memory")}
      >
        <RuleFields draft={draft} onDraft={change} wrong={(field) => wrong(field) !== undefined} />
      </Field>
    </section>
  );
}
