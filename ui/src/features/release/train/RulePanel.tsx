import { useState } from "react";
import { useOrder } from "~/data";
import { sayFieldError, useFormat, useText } from "~/i18n";
import {
  Button,
  Dialog,
  ErrorState,
  Facts,
  Field,
  type MarkState,
  StatusMark,
  visible,
} from "~/kit";
import type { Measured, RulesDraft, TrainView } from "~/wire/types";
import releaseCss from "../release.module.css";
import { personOf } from "../state";
import css from "./page.module.css";
import { RuleFields } from "./RuleFields";
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
      <div className={css.partHead}>
        <h3>{words.rules}</h3>
        {over ? null : <EditRules view={view} />}
      </div>
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
      <Facts
        labelWidth={104}
        items={[
          { label: words.whenItStops, value: words.restsAndAsks },
          { label: words.groupsDone, value: words.stayOn(visible(view.row.version)) },
        ]}
      />
    </section>
  );
}

function markOf({ holds }: Measured): MarkState {
  if (holds === null) return "idle";
  return holds ? "ok" : "danger";
}

/** On the way: what it says from then on holds for every group, also for the one that is under way. */
function EditRules({ view }: { view: TrainView }) {
  const text = useText();
  const words = text.release.train;
  const [draft, setDraft] = useState<RulesDraft | null>(null);
  const edit = useOrder("train_edit", { quiet: true, onDone: () => setDraft(null) });
  const wrong = edit.error?.fields ?? [];
  const open = () => {
    edit.reset();
    setDraft(draftOf(view));
  };
  return (
    <>
      <Button small kind="ghost" aria-label={words.editRulesOf} onClick={open}>
        {words.editRules}
      </Button>
      <Dialog
        open={draft !== null}
        onClose={() => setDraft(null)}
        title={words.editTitle}
        description={words.editText}
        action={{
          label: edit.pending ? words.acting : words.save,
          busy: edit.pending,
          onAction: () =>
            draft && void edit.run({ id: view.row.id, change: { kind: "rules", rules: draft } }),
        }}
      >
        {draft ? (
          <Field
            stacked
            label={words.rules}
            group
            hint={words.rulesHint}
            error={wrong[0] ? sayFieldError(wrong[0], text) : undefined}
          >
            <RuleFields
              draft={draft}
              onDraft={(part) => setDraft({ ...draft, ...part })}
              wrong={(field) => wrong.some((one) => one.field === field)}
            />
          </Field>
        ) : null}
        {edit.error && wrong.length === 0 ? <ErrorState compact error={edit.error} /> : null}
      </Dialog>
    </>
  );
}

function draftOf({ rules }: TrainView): RulesDraft {
  const typed = (value: number | null) => (value === null ? "" : String(value));
  return {
    restarts: rules.restarts,
    ready: rules.ready,
    cpu: typed(rules.cpu_percent),
    memory: typed(rules.memory_percent),
    limit: typed(rules.limit_seconds),
  };
}
