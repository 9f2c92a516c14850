import { useFormat, useText } from "~/i18n";
import { Diff, diffLines, visible } from "~/kit";
import type { PlanView } from "~/wire/types";
import css from "./new.module.css";

/** Live objects against what the server would make of ours, as it said in a dry run. */
export function PlanDiff({ plan }: { plan: PlanView }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.plan;
  const { diff } = plan;
  return (
    <section className={css.diff}>
      <h3 className={css.diffTitle}>{words.changes}</h3>
      {diff.added + diff.removed === 0 ? (
        <p className={css.subtle}>{words.noChanges}</p>
      ) : (
        <Diff
          lines={diffLines(diff)}
          label={words.changes}
          title={
            <>
              <code>{visible(plan.workload)}</code>
              <span className={css.added}>{words.added(format.number(diff.added))}</span>
              <span className={css.removed}>{words.removed(format.number(diff.removed))}</span>
              <span className={css.compared}>{words.live}</span>
            </>
          }
          foldText={(count) => words.unchanged(format.number(count))}
        />
      )}
    </section>
  );
}
