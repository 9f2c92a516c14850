import { Fragment } from "react";
import { useFormat, useText } from "~/i18n";
import { Diff } from "~/kit";
import type { PlanView } from "~/wire/types";
import css from "./new.module.css";
import { hunksOf } from "./plan";

/** Live objects against what the server would make of ours, as it said in a dry run. */
export function PlanDiff({ plan }: { plan: PlanView }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.plan;
  const { diff } = plan;
  const unchanged = (count: number) => words.unchanged(format.number(count));
  return (
    <section className={css.diff}>
      <h3 className={css.diffTitle}>
        {words.changes}
        <span className={css.at}>{words.live}</span>
        {diff.added + diff.removed > 0 ? (
          <span className={css.count}>
            {words.changesCount(format.number(diff.added), format.number(diff.removed))}
          </span>
        ) : null}
      </h3>
      {diff.added + diff.removed === 0 ? (
        <p className={css.subtle}>{words.noChanges}</p>
      ) : (
        hunksOf(diff).map((hunk, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a hunk is its place
          <Fragment key={index}>
            {hunk.folded > 0 ? <p className={css.folded}>{unchanged(hunk.folded)}</p> : null}
            {hunk.lines.length > 0 ? (
              <Diff lines={hunk.lines} label={words.changes} foldText={unchanged} />
            ) : null}
          </Fragment>
        ))
      )}
    </section>
  );
}
