import { Link } from "@tanstack/react-router";
import { keysOf } from "~/app/page";
import type { Order } from "~/data";
import { environmentWord, sayError, useFormat, useText } from "~/i18n";
import {
  Button,
  Dialog,
  EnvSquare,
  EnvTag,
  Input,
  KeyHint,
  StatusMark,
  useWords,
  VersionChange,
} from "~/kit";
import type { GroupCard, PlanView } from "~/wire/types";
import css from "./new.module.css";
import trainCss from "./train/train.module.css";
import { saySeconds } from "./train/words";

/** Why, and the one button that does it. A protected environment asks once more, by name. */
export function PlanFooter({
  app,
  plans,
  cards,
  soak,
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
  /** In their order. */
  plans: PlanView[];
  cards: GroupCard[];
  /** Seconds between two groups. */
  soak: string;
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
  const format = useFormat();
  const words = text.release.plan;
  const train = text.release.train;
  const [card] = cards;
  const several = cards.length > 1;
  const asks = plans.find(({ environment }) => environment.protected);
  const count = format.number(cards.length);
  const label = () => {
    if (card === undefined) return words.deployBare;
    if (several) return asks ? train.deployAllAsk(count) : train.deployAll(count);
    return asks ? words.deployDialog(card.name) : words.deploy(card.name);
  };
  const problem = error ? (
    <StartError app={app} card={card} error={error} onPlanAgain={onPlanAgain} />
  ) : null;
  const word = asks ? environmentWord(asks.environment.name, text) : "";
  return (
    <>
      {confirming ? null : problem}
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
          {pending ? words.deploying : label()}
          <KeyHint keys={keysOf("mod+Enter")} onFill />
        </Button>
      </footer>
      {asks ? (
        <Dialog
          open={confirming}
          onClose={onBack}
          title={several ? train.confirmTitle(count) : words.confirmTitle(asks.group_name)}
          description={
            several
              ? train.confirmText(Number(soak) > 0 ? saySeconds(soak, format) : null)
              : words.confirmText(word, asks.cluster)
          }
          // Of several, the action names it.
          facts={several ? undefined : <EnvTag colour={asks.environment.colour}>{word}</EnvTag>}
          action={{
            label: pending
              ? words.deploying
              : several
                ? train.confirmAction(count, word)
                : words.confirmAction(word, asks.group_name),
            kind: "production",
            busy: pending,
            onAction: onConfirm,
          }}
        >
          {several ? (
            <ol className={trainCss.asked}>
              {plans.map((plan, at) => (
                <li key={plan.group}>
                  {format.number(at + 1)}
                  <EnvSquare
                    colour={plan.environment.colour}
                    label={environmentWord(plan.environment.name, text)}
                  />
                  <strong>{plan.group_name}</strong>
                  <VersionChange from={plan.from_version} to={plan.to_version} moving />
                </li>
              ))}
            </ol>
          ) : (
            <p>
              <VersionChange from={asks.from_version} to={asks.to_version} moving />
            </p>
          )}
          {problem}
        </Dialog>
      ) : null}
    </>
  );
}

/** Why it did not begin, and the way on: plan again where the cluster moved, or the release that runs. */
export function StartError({
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
