import { useState } from "react";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Checkbox, Dialog, Field, QueryView, Select, Skeleton, visible } from "~/kit";
import type { GroupDraft, GroupView } from "~/wire/types";
import { type Difference, differences, partOf, sayPath } from "./copy";
import css from "./group.module.css";
import type { FormSection } from "./sections";
import type { GroupForm } from "./useGroupForm";

/** Fields that a section shows before it says how many more there are. */
const SHOWN = 4;

/** Takes sections of another group over into what is typed here. Nothing is saved by it. */
export function CopyDialog({
  app,
  group,
  form,
  onClose,
}: {
  app: string;
  group: string;
  form: GroupForm;
  onClose: () => void;
}) {
  const text = useText();
  const words = text.groupForm.copy;
  const others = (useCall("group_list", app).data ?? []).filter(({ id }) => id !== group);
  const [chosen, setChosen] = useState<string>();
  const from = others.find(({ id }) => id === chosen) ?? others[0];
  const source = useCall("group_get", from?.id ?? "", { enabled: from !== undefined, keep: true });
  const [left, setLeft] = useState<ReadonlySet<FormSection>>(new Set());
  const found = source.data ? differences(form.draft, source.data.draft) : [];
  const taken = found.filter(({ section }) => !left.has(section));
  return (
    <Dialog
      open
      onClose={onClose}
      width={700}
      title={words.title}
      description={words.text}
      action={{
        label: words.action,
        disabled: taken.length === 0,
        onAction: () => {
          const draft = source.data?.draft;
          if (draft) form.setAll(part(draft, taken), "");
          onClose();
        },
      }}
    >
      <Field label={words.from}>
        <Select
          value={from?.id ?? null}
          onChange={setChosen}
          placeholder={words.noOther}
          options={others.map(({ id, name, link_name }) => ({
            value: id,
            label: name,
            note: link_name ?? undefined,
          }))}
        />
      </Field>
      {from ? (
        <QueryView query={source} skeleton={<Skeleton rows={5} />}>
          {(view: GroupView) =>
            found.length === 0 ? (
              <p className={css.subtle}>{words.same(view.card.name)}</p>
            ) : (
              <ul className={css.stack}>
                {found.map((one) => (
                  <Found
                    key={one.section}
                    of={one}
                    taken={!left.has(one.section)}
                    onTaken={(on) => {
                      const next = new Set(left);
                      if (on) next.delete(one.section);
                      else next.add(one.section);
                      setLeft(next);
                    }}
                  />
                ))}
              </ul>
            )
          }
        </QueryView>
      ) : null}
    </Dialog>
  );
}

function part(draft: GroupDraft, taken: Difference[]): Partial<GroupDraft> {
  return Object.assign({}, ...taken.map(({ section }) => partOf(draft, section)));
}

function Found({
  of,
  taken,
  onTaken,
}: {
  of: Difference;
  taken: boolean;
  onTaken: (on: boolean) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.groupForm.copy;
  const more = of.fields.length - SHOWN;
  return (
    <li>
      <Checkbox checked={taken} onChange={onTaken}>
        {text.groupForm.section[of.section]}
      </Checkbox>
      <ul className={css.copied}>
        {of.fields.slice(0, SHOWN).map(({ path, was, becomes }) => (
          <li key={path}>
            <span title={path}>{sayPath(path, text)}</span> {visible(words.change(was, becomes))}
          </li>
        ))}
        {more > 0 ? <li>{words.more(format.number(more))}</li> : null}
      </ul>
    </li>
  );
}
