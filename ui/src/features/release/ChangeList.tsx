import { useText } from "~/i18n";
import { visible } from "~/kit";
import type { Change } from "~/wire/types";
import css from "./release.module.css";

/** What a release changes, field by field: the path, and below it before and after. */
export function ChangeList({ changes }: { changes: Change[] }) {
  const text = useText();
  const unset = text.release.unset;
  if (changes.length === 0) return <p className={css.subtle}>{text.release.noChanges}</p>;
  return (
    <dl className={css.changes}>
      {changes.map((change) => (
        <div key={change.path}>
          <dt>
            <code>{visible(change.path)}</code>
          </dt>
          <dd>
            <span className={css.subtle}>{visible(change.before ?? unset)}</span>
            {" → "}
            {visible(change.after ?? unset)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
