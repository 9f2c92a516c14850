import { Link } from "@tanstack/react-router";
import { keysOf } from "~/app/page";
import type { Order } from "~/data";
import { environmentWord, sayError, useText } from "~/i18n";
import { Button, Dialog, EnvTag, Input, KeyHint, StatusMark, useWords, VersionChange } from "~/kit";
import type { GroupCard, PlanView } from "~/wire/types";
import css from "./new.module.css";

/** Why, and the one button that does it. A protected environment asks once more, by name. */
export function PlanFooter({
  app,
  plan,
  card,
  note,
  onNote,
  ready,
  blocked,
  pending,
  error,
  confirming,
  onPress,
  onConfirm,
  onBack,
  onPlanAgain,
}: {
  app: string;
  plan: PlanView | undefined;
  card: GroupCard | undefined;
  note: string;
  onNote: (note: string) => void;
  ready: boolean;
  /** How many checks block it. */
  blocked: number;
  pending: boolean;
  error: Order<"release_start">["error"];
  confirming: boolean;
  onPress: () => void;
  onConfirm: () => void;
  onBack: () => void;
  onPlanAgain: () => void;
}) {
  const text = useText();
  const words = text.release.plan;
  const environment = plan?.environment;
  const word = environment ? environmentWord(environment.name, text) : "";
  return (
    <>
      {error && !confirming ? (
        <StartError app={app} card={card} error={error} onPlanAgain={onPlanAgain} />
      ) : null}
      <footer className={css.footer}>
        <Input
          className={css.note}
          aria-label={words.note}
          placeholder={words.notePlaceholder}
          value={note}
          onChange={onNote}
          maxLength={500}
        />
        <Button
          kind="filled"
          busy={pending}
          disabled={!ready && blocked === 0}
          notYet={blocked > 0 ? words.blocked(String(blocked)) : false}
          lockedTitle={words.blockedWhy}
          onClick={onPress}
        >
          {pending
            ? words.deploying
            : card === undefined
              ? words.deployBare
              : environment?.protected
                ? words.deployDialog(card.name)
                : words.deploy(card.name)}
          <KeyHint keys={keysOf("mod+Enter")} onFill />
        </Button>
      </footer>
      {plan && environment ? (
        <Dialog
          open={confirming}
          onClose={onBack}
          title={words.confirmTitle(plan.group_name)}
          description={words.confirmText(word, plan.cluster)}
          facts={<EnvTag colour={environment.colour}>{word}</EnvTag>}
          action={{
            label: pending ? words.deploying : words.confirmAction(word, plan.group_name),
            kind: "production",
            busy: pending,
            onAction: onConfirm,
          }}
        >
          <p>
            <VersionChange from={plan.from_version} to={plan.to_version} moving />
          </p>
          {error ? (
            <StartError app={app} card={card} error={error} onPlanAgain={onPlanAgain} />
          ) : null}
        </Dialog>
      ) : null}
    </>
  );
}

/** Why it did not begin, and the way on: plan again where the cluster moved, or the release that runs. */
function StartError({
  app,
  card,
  error,
  onPlanAgain,
}: {
  app: string;
  card: GroupCard | undefined;
  error: NonNullable<Order<"release_start">["error"]>;
  onPlanAgain: () => void;
}) {
  const text = useText();
  const { copyText } = useWords();
  const words = text.release.plan;
  const said = sayError(error, text);
  const running = error.params.id ?? card?.last_release?.id;
  return (
    <div className={css.error} role="alert">
      <StatusMark state="danger" size={14} />
      <p>
        <strong>{said.title}.</strong> {said.why} {said.hints.join(" ")}
      </p>
      {error.code === "plan_moved" ||
      error.code === "made_sensitive" ||
      error.code === "plan_forgotten" ? (
        <Button small onClick={onPlanAgain}>
          {words.planAgain}
        </Button>
      ) : null}
      {error.code === "release_running" && running ? (
        <Button
          small
          render={<Link to="/app/$app/releases/$release" params={{ app, release: running }} />}
        >
          {words.openRunning}
        </Button>
      ) : null}
      <Button small kind="ghost" onClick={() => void copyText(said.details)}>
        {text.common.copyDetails}
      </Button>
    </div>
  );
}
