import { type Catalogue, sayError, useFormat, useText } from "~/i18n";
import { Status, visible } from "~/kit";
import type { ProbeTried } from "~/wire/types";
import css from "./fields.module.css";
import type { Trial } from "./useTryNow";

/** What came of trying a check: status and time, and what was answered. */
export function TrialNote({ trial }: { trial: Trial }) {
  const text = useText();
  const format = useFormat();
  const words = text.groupForm.trial;
  if (trial.kind === "running") return <Status state="rolling">{words.running}</Status>;
  if (trial.kind === "failed") {
    const { title, why, hints } = sayError(trial.error, text);
    return (
      <>
        <Status state="danger">{words.notTried}</Status>
        <p className={css.note}>{[`${title}.`, why, ...hints].filter(Boolean).join(" ")}</p>
      </>
    );
  }
  const { tried } = trial;
  const ms = tried.ms === null ? "" : format.number(tried.ms);
  const answer = answerOf(tried);
  return (
    <>
      <Status state={tried.passed ? "ok" : "danger"}>{outcomeOf(tried, ms, words)}</Status>
      {answer === null ? null : answer.text === "" ? (
        <p className={css.note}>{words.empty}</p>
      ) : (
        <pre className={css.answer}>{visible(answer.text)}</pre>
      )}
      {answer?.cut ? <p className={css.note}>{words.cut}</p> : null}
    </>
  );
}

function outcomeOf(
  { outcome }: ProbeTried,
  ms: string,
  words: Catalogue["groupForm"]["trial"],
): string {
  switch (outcome.kind) {
    case "http":
      return words.http(String(outcome.status), ms);
    case "exit":
      return words.exit(String(outcome.code), ms);
    case "taken":
      return words.taken(ms);
    case "nothing":
      return words.nothing(visible(outcome.reason));
    case "too_slow":
      return words.tooSlow(String(outcome.seconds));
  }
}

function answerOf({ outcome }: ProbeTried): { text: string; cut: boolean } | null {
  if (outcome.kind === "http") return { text: outcome.body.trimEnd(), cut: outcome.cut };
  if (outcome.kind === "exit") return { text: outcome.output.trimEnd(), cut: outcome.cut };
  return null;
}
