import { type SaidChange, sayChange, useFormat, useText } from "~/i18n";
import { visible } from "~/kit";
import type { FieldChange } from "~/wire/types";
import css from "./release.module.css";

/** What a release changes, by section: the field, and below it before and after. A first one has only an after. */
export function ChangeList({ changes }: { changes: FieldChange[] }) {
  const text = useText();
  const format = useFormat();
  if (changes.length === 0) return <p className={css.subtle}>{text.release.noChanges}</p>;
  const sections = [...new Set(changes.map(({ section }) => section))];
  return sections.map((section) => (
    <section key={section} className={css.section} aria-label={text.diff.section[section]}>
      <h4>{text.diff.section[section]}</h4>
      <dl className={css.changes}>
        {changes
          .filter((change) => change.section === section)
          .map((change) => (
            <div key={change.field}>
              <dt>{change.field === section ? null : <code>{visible(change.field)}</code>}</dt>
              <dd>
                <Said change={sayChange(change, text, format)} />
              </dd>
            </div>
          ))}
      </dl>
    </section>
  ));
}

function Said({ change }: { change: SaidChange }) {
  const unset = useText().release.unset;
  if (change.word !== undefined) return <span className={css.subtle}>{change.word}</span>;
  const { before, after } = change;
  if (before === null) return visible(after ?? unset);
  return (
    <>
      <span className={css.subtle}>{visible(before)}</span>
      {" → "}
      {visible(after ?? unset)}
    </>
  );
}
