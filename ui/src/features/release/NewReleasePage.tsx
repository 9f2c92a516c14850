import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Layers } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { Page, useShortcut, useView } from "~/app/page";
import { useCall, useEach, useFeed, useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import { Button, EmptyState, QueryView, Skeleton } from "~/kit";
import type { EnvironmentColour, GroupCard, TrainDraft } from "~/wire/types";
import { GroupChoice } from "./GroupChoice";
import { ImageChoice, type Picker } from "./ImageChoice";
import css from "./new.module.css";
import { PlanFooter } from "./PlanFooter";
import { PlanPane } from "./PlanPane";
import { OrderChoice } from "./train/OrderChoice";
import type { AskedPlan } from "./train/PlanMatrix";

/** How long typing rests before the cluster is asked. */
const SETTLE_MS = 700;
/** From the safest to the most dangerous. */
const COLOURS: EnvironmentColour[] = ["dev", "test", "staging", "prod"];

/** What a train begins with that nobody has thought about. */
const FIRST_TRAIN: Omit<TrainDraft, "cars"> = {
  soak: "600",
  ask: false,
  restarts: true,
  ready: true,
  cpu: "30",
  memory: "30",
  limit: "",
};

/** Groups to one image: chosen on the left, what it will do on the right, before anybody confirms it. */
export function NewReleasePage({ picker }: { picker: Picker }) {
  const text = useText();
  const params: { app?: string } = useParams({ strict: false });
  const app = params.app ?? "";
  const groups = useCall("group_list", app);
  const environments = useCall("environment_list", null);
  const [chosen = ""] = useView("group");
  // In the order of the address, which is that of the train.
  const cards = chosen
    .split(",")
    .flatMap((id) => groups.data?.find((card) => card.id === id) ?? []);
  const colourOf = (card: GroupCard) =>
    environments.data?.find(({ id }) => id === card.environment)?.colour;
  const colours = cards.map(colourOf);
  const env = COLOURS.findLast((colour) => colours.includes(colour));

  return (
    <Page
      title={text.release.new}
      path={[
        <Link key="releases" to="/app/$app/releases" params={{ app }}>
          {text.release.releases}
        </Link>,
      ]}
      env={env}
    >
      <QueryView
        query={groups}
        skeleton={<Skeleton rows={7} />}
        isEmpty={(list) => list.length === 0}
        empty={
          <EmptyState
            icon={Layers}
            title={text.release.plan.noGroups}
            action={
              <Button kind="filled" render={<Link to="/app/$app/groups/new" params={{ app }} />}>
                {text.instance.createGroup}
              </Button>
            }
          >
            {text.release.plan.noGroupsText}
          </EmptyState>
        }
      >
        {(list) => (
          <NewRelease app={app} groups={list} cards={cards} colourOf={colourOf} picker={picker} />
        )}
      </QueryView>
    </Page>
  );
}

function NewRelease({
  app,
  groups,
  cards,
  colourOf,
  picker,
}: {
  app: string;
  groups: GroupCard[];
  /** Those that are chosen, in their order. */
  cards: GroupCard[];
  colourOf: (card: GroupCard) => EnvironmentColour | undefined;
  picker: Picker;
}) {
  const text = useText();
  const navigate = useNavigate();
  const [, setGroup] = useView("group");
  const [image, setImage] = useView("choose");
  const [typed, setTyped] = useState(image ?? "");
  const [note, setNote] = useState("");
  const [confirming, setConfirming] = useState(false);
  const [rules, setRules] = useState(FIRST_TRAIN);
  const several = cards.length > 1;
  const draft: TrainDraft = { ...rules, cars: cards.map(({ id }) => id) };

  // The URL holds what the plan is for; typing gets there once it rests, or at once with Enter.
  const settle = (value: string) => setImage(value.trim() || undefined, { replace: true });
  useEffect(() => {
    if (typed.trim() === (image ?? "")) return;
    const timer = setTimeout(() => settle(typed), SETTLE_MS);
    return () => clearTimeout(timer);
  });

  const linked = image ? cards.filter(({ link_name }) => link_name !== null) : [];
  const requests = linked.map(({ id }) => ({ group: id, image: image ?? "" }));
  const queries = useEach("release_plan", requests);
  const wrong = useCall("train_check", draft, { enabled: several, keep: true });
  const start = useOrder("release_start", {
    quiet: true,
    onDone: (release) =>
      void navigate({ to: "/app/$app/releases/$release", params: { app, release } }),
  });
  const startTrain = useOrder("train_start", {
    quiet: true,
    onDone: (train) =>
      void navigate({ to: "/app/$app/releases/trains/$train", params: { app, train } }),
  });
  const ask = (which: (query: (typeof queries)[number]) => boolean) => {
    for (const query of queries) if (which(query)) void query.refetch({ cancelRefetch: false });
  };
  // A plan of an earlier visit is shown at once, and asked anew: the cluster has moved on.
  const key = requests
    .map(({ group }) => `${group} ${image}`)
    .toSorted()
    .join("\n");
  const askAnew = useEffectEvent(() => ask(() => true));
  useEffect(() => {
    if (key) askAnew();
  }, [key]);

  // What could not be planned because a cluster was out of reach is planned once it answers again.
  const sessions = useFeed({ kind: "clusters" }).byId;
  const answering = cards.filter(({ link }) => {
    const state = sessions.get(link)?.session.state;
    return state === "ready" || state === "degraded";
  });
  const answers = answering.map(({ link }) => link).join(" ");
  const retry = useEffectEvent(() => ask(({ error }) => error?.retryable ?? false));
  useEffect(() => {
    if (answers) retry();
  }, [answers]);

  const settled = typed.trim() === (image ?? "");
  const plans = linked.map(({ id, name }, at): AskedPlan => {
    const query = queries[at];
    return {
      group: id,
      name,
      data: query?.data,
      error: query?.error ?? null,
      fetching: query?.isFetching ?? false,
    };
  });
  const shown = plans.flatMap(({ data, error }) => (settled && data && !error ? [data] : []));
  const blocked = shown
    .flatMap(({ verdicts }) => verdicts)
    .filter(({ level }) => level === "blocks").length;
  const order = several ? startTrain : start;
  const ready =
    cards.length > 0 &&
    shown.length === cards.length &&
    plans.every(({ fetching }) => !fetching) &&
    blocked === 0 &&
    !(several && (wrong.data?.length ?? 0) > 0) &&
    !order.pending;

  const deploy = () => {
    const [only] = shown;
    if (!only || !ready) return;
    const said = note.trim();
    const done = several
      ? startTrain.run({ draft, plans: shown.map(({ hash }) => hash), note: said })
      : start.run({ plan: only.hash, note: said });
    void done.then(() => setConfirming(false));
  };
  const press = () => {
    if (!ready) return;
    if (shown.some(({ environment }) => environment.protected)) setConfirming(true);
    else deploy();
  };
  // A key that is held down must not answer the question it has just asked.
  useShortcut("mod+enter", () => {
    if (!confirming) press();
  });

  const reset = () => {
    start.reset();
    startTrain.reset();
  };
  const planAgain = () => {
    reset();
    for (const query of queries) void query.refetch();
  };
  const choose = (ids: string[]) => {
    reset();
    setGroup(ids.join(",") || undefined, { replace: true });
  };
  const invalid = queries.flatMap(({ error }) => (error?.code === "invalid" ? error.fields : []));
  const imageError = invalid.find(({ field }) => field === "image");
  const [only] = cards;

  return (
    <div className={css.page}>
      <div className={css.left}>
        <GroupChoice
          groups={groups}
          app={app}
          chosen={cards.map(({ id }) => id)}
          onChange={choose}
        />
        {several ? (
          <OrderChoice
            groups={cards.map((card) => ({
              id: card.id,
              name: card.name,
              colour: colourOf(card),
            }))}
            onOrder={choose}
            draft={draft}
            onDraft={setRules}
            errors={wrong.data ?? []}
          />
        ) : null}
        <ImageChoice
          app={app}
          groups={groups}
          card={several ? undefined : only}
          value={typed}
          onChange={(value) => {
            reset();
            setTyped(value);
          }}
          onSettle={(value) => {
            reset();
            setTyped(value);
            settle(value);
          }}
          error={imageError ? sayFieldError(imageError, text) : undefined}
          picker={picker}
        />
      </div>
      <div className={css.right}>
        <PlanPane
          plans={plans}
          onAgain={planAgain}
          onLeaveOut={(group) => choose(cards.map(({ id }) => id).filter((id) => id !== group))}
          fix={
            only && invalid.length > 0 && !imageError ? (
              <Button
                small
                render={<Link to="/app/$app/groups/$group" params={{ app, group: only.id }} />}
              >
                {text.diff.yaml.edit}
              </Button>
            ) : null
          }
        />
        <PlanFooter
          app={app}
          plans={shown}
          cards={cards}
          soak={draft.soak}
          note={note}
          onNote={setNote}
          ready={ready}
          blocked={blocked}
          pending={order.pending}
          error={order.error}
          confirming={confirming}
          onPress={press}
          onConfirm={deploy}
          onBack={() => setConfirming(false)}
          onPlanAgain={planAgain}
        />
      </div>
    </div>
  );
}
