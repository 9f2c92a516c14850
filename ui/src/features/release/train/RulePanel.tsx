import { useFormat, useText } from "~/i18n";
import { type MarkState, StatusMark, visible } from "~/kit";
import type { Measured, TrainView } from "~/wire/types";
import releaseCss from "../release.module.css";
import { personOf } from "../state";
import css from "./page.module.css";
import { isOver, rulesOf, sayFigure, sayRule } from "./words";

/** What must hold for the new pods of the group that is under way; a green mark: it does, with the measured number. */
export function RulePanel({ view }: { view: TrainView }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.train;
  const rules = rulesOf(view);
  const over = isOver(view.row.state);
  const measured = view.ours && !over && view.watched !== null;
  return (
    <section className={releaseCss.part}>
      <h3>{words.rules}</h3>
      {rules.length === 0 ? (
        <p className={releaseCss.subtle}>{words.noRules}</p>
      ) : (
        <>
          <p className={css.rulesHint}>
            {words.rulesHint}{" "}
            {view.ours || over ? null : words.figure.elsewhere(visible(personOf(view.driver)))}
          </p>
          <ul className={css.rules}>
            {rules.map((rule) => (
              <li key={rule.rule}>
                <StatusMark state={over ? "idle" : markOf(rule)} />
                <span className={css.ruleName}>{sayRule(rule, text, format)}</span>
                <span className={css.figure}>
                  {measured ? sayFigure(rule, text, format) : null}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function markOf({ holds }: Measured): MarkState {
  if (holds === null) return "idle";
  return holds ? "ok" : "danger";
}
