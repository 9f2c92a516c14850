import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { FileCode, MoveVertical, Rocket, RotateCw, Unplug } from "lucide-react";
import { type ComponentType, useState } from "react";
import { GroupSwitcher } from "~/app/GroupSwitcher";
import { Page, useView } from "~/app/page";
import { type Feed, useCall, useFeed } from "~/data";
import { ruleWord, useFormat, useText } from "~/i18n";
import {
  Bar,
  Button,
  EmptyState,
  type IconType,
  later,
  QueryView,
  Skeleton,
  Tabs,
  visible,
} from "~/kit";
import { isKnown } from "~/kit/live";
import { useNarrow } from "~/kit/media";
import type { GroupView, InstanceLine } from "~/wire/types";
import { InstancesTab } from "./InstancesTab";
import css from "./instance.module.css";
import { type ListFilter, orderOf, useInstanceList } from "./list";

const RestartDialog = later(async () => (await import("./RestartDialog")).RestartDialog);
const MonitoringTab = later(async () => (await import("./MonitoringTab")).MonitoringTab);
const ScaleDialog = later(async () => (await import("./ScaleDialog")).ScaleDialog);

const tabs = ["instances", "info", "history", "monitoring"] as const;
type TabName = (typeof tabs)[number];

/** What other features have to say of a group. */
export interface RunningParts {
  info: ComponentType<{ view: GroupView }>;
  history: ComponentType<{ view: GroupView }>;
}

/** What runs of one group: its pods, live, and what they came from. */
export function RunningPage({ info: Info, history: History }: RunningParts) {
  const text = useText();
  const words = text.instance;
  const params: { app?: string; group?: string } = useParams({ strict: false });
  const app = params.app ?? "";
  const id = params.group ?? "";
  const group = useCall("group_get", id);
  const linked = group.data !== undefined && group.data.card.link_name !== null;
  const asked = useAsked();
  // Pods are asked for together with their group, and not after it.
  const list = useInstanceList(group.data === undefined || linked ? id : null, asked);
  const { feed, summary } = list;
  const view = group.data;
  const name = view?.card.name ?? text.frame.page.running;
  const [tab] = useView("tab");
  const navigate = useNavigate();
  const shown: TabName = tabs.find((one) => one === tab) ?? "instances";
  const releases = useCall("release_list", {
    app,
    last: false,
    group: id,
    before: null,
    limit: 1,
    narrow: { person: null, state: null, since: null, text: "" },
  });

  return (
    <Page
      title={name}
      path={view ? [text.frame.page.running] : []}
      switcher={
        view ? (
          <GroupSwitcher app={app} name={name} environment={view.environment} page="running" />
        ) : undefined
      }
      note={view?.card.link_name}
      live={linked ? feed : undefined}
      env={view?.environment?.colour}
      actions={view ? <Actions key={id} app={app} view={view} feed={feed} /> : undefined}
    >
      <QueryView query={group} skeleton={<Skeleton rows={8} />}>
        {(known) => (
          <>
            {known.card.last_release?.state === "stopped" ? (
              <StoppedBar app={app} view={known} />
            ) : null}
            <Tabs<TabName>
              label={words.tabs}
              value={shown}
              onChange={(next) =>
                // What is open or filtered on one tab is of no meaning on another.
                void navigate({ to: ".", search: next === "instances" ? {} : { tab: next } })
              }
              items={[
                {
                  value: "instances",
                  label: words.noun,
                  count: summary && isTold(feed) ? summary.total : undefined,
                },
                { value: "info", label: words.deploymentInfo },
                { value: "history", label: words.history, count: releases.data?.total },
                { value: "monitoring", label: words.monitoring },
              ]}
              actions={<Restarted app={app} group={id} />}
            />
            {shown === "info" ? (
              <Info key={id} view={known} />
            ) : shown === "history" ? (
              <History key={id} view={known} />
            ) : shown === "monitoring" ? (
              <MonitoringTab key={id} view={known} />
            ) : known.card.link_name === null ? (
              <EmptyState
                icon={Unplug}
                title={words.unlinked}
                action={<Button render={<Link to="/clusters" />}>{words.toClusters}</Button>}
              >
                {words.unlinkedText}
              </EmptyState>
            ) : (
              <InstancesTab key={id} app={app} view={known} list={list} asked={asked} />
            )}
          </>
        )}
      </QueryView>
    </Page>
  );
}

/** Which pods the address asks for, and in which order. */
function useAsked(): ListFilter {
  const [text] = useView("filter");
  const [health] = useView("state");
  const [share] = useView("show");
  const [by] = useView("by");
  return { text: text ?? "", health, share, order: orderOf(by) };
}

/** Whether no row means that there is none. */
function isTold({ state }: Feed<InstanceLine>): boolean {
  return state.state === "live" || state.state === "stale";
}

/** What can be done with the group as a whole; only what needs the cluster waits for it. */
function Actions({ app, view, feed }: { app: string; view: GroupView; feed: Feed<InstanceLine> }) {
  const text = useText();
  const words = text.instance;
  const format = useFormat();
  const narrow = useNarrow();
  const [asked, setAsked] = useState<"restart" | "scale">();
  const { card, id } = view;
  const live = useFeed({ kind: "groups", app }).byId.get(id);
  const linked = card.link_name !== null;
  const answers = linked && feed.state.state === "live";
  const runs = live !== undefined && isKnown(live) && live.state !== "absent";
  const rights = useCall("group_rights", id, { enabled: answers });
  const lacks = rights.data?.change ? words.lacks(ruleWord(rights.data.change)) : null;
  const blind = linked && !answers ? words.needsCluster(visible(card.link_name ?? "")) : null;
  const close = () => setAsked(undefined);
  const button = (what: "restart" | "scale", icon: IconType, note?: string) => (
    <Button
      icon={icon}
      locked={lacks}
      lockedTitle={lacks ? words.lacksTitle : undefined}
      notYet={blind}
      aria-label={words[what]}
      onClick={() => setAsked(what)}
    >
      {narrow ? note : [words[what], note].filter(Boolean).join(" ")}
    </Button>
  );
  return (
    <>
      {linked && (runs || blind) ? (
        <>
          {button("restart", RotateCw)}
          {button("scale", MoveVertical, live && isKnown(live) ? format.number(live.desired) : "")}
        </>
      ) : null}
      <Button
        icon={FileCode}
        aria-label={words.yaml}
        render={<Link to="/app/$app/groups/$group/yaml" params={{ app, group: id }} />}
      >
        {narrow ? null : words.yaml}
      </Button>
      {linked ? (
        <Button
          icon={Rocket}
          render={<Link to="/app/$app/releases/new" params={{ app }} search={{ group: id }} />}
        >
          {words.newRelease}
        </Button>
      ) : null}
      {asked === "restart" ? <RestartDialog view={view} onClose={close} /> : null}
      {asked === "scale" ? <ScaleDialog view={view} onClose={close} /> : null}
    </>
  );
}

/** When all pods were last replaced without a release, and by whom. */
function Restarted({ app, group }: { app: string; group: string }) {
  const words = useText().instance;
  const format = useFormat();
  const restarted = useFeed({ kind: "groups", app }).byId.get(group)?.restarted;
  if (!restarted) return null;
  const time = format.dateTime(restarted.at);
  return (
    <span className={css.subtle} title={format.exact(restarted.at)}>
      {restarted.by === null
        ? words.restartedElsewhere(time)
        : words.restartedBy(time, visible(restarted.by))}
    </span>
  );
}

/** The last release waits for a person; how far the group serves is said once it is known. */
function StoppedBar({ app, view }: { app: string; view: GroupView }) {
  const text = useText();
  const format = useFormat();
  const live = useFeed({ kind: "groups", app }).byId.get(view.id);
  const release = view.card.last_release;
  if (!release) return null;
  return (
    <Bar
      kind="problem"
      title={
        release.seq === null
          ? text.instance.stoppedNoNumber
          : text.instance.stopped(`r${release.seq}`)
      }
      actions={
        <Button
          small
          render={<Link to="/app/$app/releases/$release" params={{ app, release: release.id }} />}
        >
          {text.instance.seeDiagnosis}
        </Button>
      }
    >
      {live && isKnown(live) && !live.stale_since
        ? text.instance.stillServes(format.number(live.ready), format.number(live.desired))
        : text.instance.nothingMoves}
    </Bar>
  );
}
