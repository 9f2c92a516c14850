import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Layers } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { Page, useShortcut, useView } from "~/app/page";
import { useCall, useFeed, useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import { Button, EmptyState, QueryView, Skeleton } from "~/kit";
import type { GroupCard } from "~/wire/types";
import { GroupChoice } from "./GroupChoice";
import { ImageChoice, type Picker } from "./ImageChoice";
import css from "./new.module.css";
import { PlanFooter } from "./PlanFooter";
import { PlanPane } from "./PlanPane";

/** How long typing rests before the cluster is asked. */
const SETTLE_MS = 700;

/** One group to one image: chosen on the left, what it will do on the right, before anybody confirms it. */
export function NewReleasePage({ picker }: { picker: Picker }) {
  const text = useText();
  const params: { app?: string } = useParams({ strict: false });
  const app = params.app ?? "";
  const groups = useCall("group_list", app);
  const environments = useCall("environment_list", null);
  const [chosen] = useView("group");
  const card = groups.data?.find(({ id }) => id === chosen);
  const environment = environments.data?.find(({ id }) => id === card?.environment);

  return (
    <Page
      title={text.release.new}
      path={[
        <Link key="releases" to="/app/$app/releases" params={{ app }}>
          {text.release.releases}
        </Link>,
      ]}
      env={environment?.colour}
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
        {(list) => <NewRelease app={app} groups={list} card={card} picker={picker} />}
      </QueryView>
    </Page>
  );
}

function NewRelease({
  app,
  groups,
  card,
  picker,
}: {
  app: string;
  groups: GroupCard[];
  card: GroupCard | undefined;
  picker: Picker;
}) {
  const text = useText();
  const navigate = useNavigate();
  const [, setGroup] = useView("group");
  const [image, setImage] = useView("choose");
  const [typed, setTyped] = useState(image ?? "");
  const [note, setNote] = useState("");
  const [confirming, setConfirming] = useState(false);

  // The URL holds what the plan is for; typing gets there once it rests, or at once with Enter.
  const settle = (value: string) => setImage(value.trim() || undefined, { replace: true });
  useEffect(() => {
    if (typed.trim() === (image ?? "")) return;
    const timer = setTimeout(() => settle(typed), SETTLE_MS);
    return () => clearTimeout(timer);
  });

  const request = card?.link_name && image ? { group: card.id, image } : null;
  const query = useCall("release_plan", request ?? { group: "", image: "" }, {
    enabled: request !== null,
  });
  const start = useOrder("release_start", {
    quiet: true,
    onDone: (release) =>
      void navigate({ to: "/app/$app/releases/$release", params: { app, release } }),
  });
  // A plan of an earlier visit is shown at once, and asked anew: the cluster has moved on.
  const key = request ? JSON.stringify(request) : "";
  const { refetch } = query;
  useEffect(() => {
    if (key) void refetch({ cancelRefetch: false });
  }, [key, refetch]);

  // What could not be planned because the cluster was out of reach is planned once it answers again.
  const session = useFeed({ kind: "clusters" }).byId.get(card?.link ?? "")?.session.state;
  const answers = session === "ready" || session === "degraded";
  const retry = useEffectEvent(() => {
    if (query.error?.retryable) void refetch({ cancelRefetch: false });
  });
  useEffect(() => {
    if (answers) retry();
  }, [answers]);

  const settled = typed.trim() === (image ?? "");
  const plan = request && settled && !query.error ? query.data : undefined;
  const blocked = plan?.verdicts.filter(({ level }) => level === "blocks").length ?? 0;
  const ready = plan !== undefined && !query.isFetching && blocked === 0 && !start.pending;

  const deploy = () => {
    if (!plan || !ready) return;
    void start.run({ plan: plan.hash, note: note.trim() }).then(() => setConfirming(false));
  };
  const press = () => {
    if (!plan || !ready) return;
    if (plan.environment.protected) setConfirming(true);
    else deploy();
  };
  // A key that is held down must not answer the question it has just asked.
  useShortcut("mod+enter", () => {
    if (!confirming) press();
  });

  const planAgain = () => {
    start.reset();
    void refetch();
  };
  const imageError =
    query.error?.code === "invalid"
      ? query.error.fields.find(({ field }) => field === "image")
      : undefined;

  return (
    <div className={css.page}>
      <div className={css.left}>
        <GroupChoice
          groups={groups}
          app={app}
          value={card?.id}
          onChange={(id) => {
            start.reset();
            setGroup(id, { replace: true });
          }}
        />
        <ImageChoice
          app={app}
          groups={groups}
          card={card}
          value={typed}
          onChange={(value) => {
            start.reset();
            setTyped(value);
          }}
          onSettle={(value) => {
            start.reset();
            setTyped(value);
            settle(value);
          }}
          error={imageError ? sayFieldError(imageError, text) : undefined}
          picker={picker}
        />
      </div>
      <div className={css.right}>
        <PlanPane
          asked={request !== null}
          query={{ ...query, data: request ? query.data : undefined }}
          onAgain={planAgain}
          fix={
            card && query.error?.code === "invalid" && !imageError ? (
              <Button
                small
                render={<Link to="/app/$app/groups/$group" params={{ app, group: card.id }} />}
              >
                {text.diff.yaml.edit}
              </Button>
            ) : null
          }
        />
        <PlanFooter
          app={app}
          plan={plan}
          card={card}
          note={note}
          onNote={setNote}
          ready={ready}
          blocked={blocked}
          pending={start.pending}
          error={start.error}
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
