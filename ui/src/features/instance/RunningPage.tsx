import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Filter, Layers, Rocket, Search, Unplug } from "lucide-react";
import { GroupSwitcher } from "~/app/GroupSwitcher";
import { useOpenLog } from "~/app/PodLog";
import { Page, useView } from "~/app/page";
import { type Feed, useCall, useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Bar,
  Button,
  DrawerHost,
  EmptyState,
  FeedView,
  Input,
  later,
  PodCells,
  QueryView,
  Segment,
  Skeleton,
  VersionTag,
} from "~/kit";
import { cellState } from "~/kit/health";
import { isKnown } from "~/kit/live";
import type { GroupView, Instance } from "~/wire/types";
import css from "./instance.module.css";
import { PodTable } from "./PodTable";
import { byHealth, byVersion, filterPods, isNew, movingLabel, shareName, sortPods } from "./pods";

const PodDrawer = later(async () => (await import("./PodDrawer")).PodDrawer);

/** What runs of one group: its pods, live. */
export default function RunningPage() {
  const text = useText();
  const params: { app?: string; group?: string } = useParams({ strict: false });
  const app = params.app ?? "";
  const id = params.group ?? "";
  const group = useCall("group_get", id);
  const linked = group.data !== undefined && group.data.card.link_name !== null;
  const feed = useFeed(linked ? { kind: "instances", group: id } : null);
  const view = group.data;
  const name = view?.card.name ?? text.frame.page.running;

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
      actions={
        linked ? (
          <Button
            icon={Rocket}
            render={<Link to="/app/$app/releases/new" params={{ app }} search={{ group: id }} />}
          >
            {text.instance.newRelease}
          </Button>
        ) : undefined
      }
    >
      <QueryView query={group} skeleton={<Skeleton rows={8} />}>
        {(known) =>
          known.card.link_name === null ? (
            <EmptyState
              icon={Unplug}
              title={text.instance.unlinked}
              action={<Button render={<Link to="/clusters" />}>{text.instance.toClusters}</Button>}
            >
              {text.instance.unlinkedText}
            </EmptyState>
          ) : (
            <Instances app={app} view={known} feed={feed} />
          )
        }
      </QueryView>
    </Page>
  );
}

function Instances({ app, view, feed }: { app: string; view: GroupView; feed: Feed<Instance> }) {
  const text = useText();
  const words = text.instance;
  const last = view.card.last_release;
  return (
    <>
      {last?.state === "stopped" ? <StoppedBar app={app} view={view} /> : null}
      <FeedView
        feed={feed}
        skeleton={<Skeleton rows={8} />}
        staleText={words.unreachable(view.card.link_name ?? "")}
        empty={
          <EmptyState
            icon={last ? Layers : Rocket}
            title={last ? words.noPods : words.never}
            action={
              <Button
                kind="filled"
                render={
                  <Link to="/app/$app/releases/new" params={{ app }} search={{ group: view.id }} />
                }
              >
                {words.deploy}
              </Button>
            }
          >
            {last ? words.noPodsText : words.neverText}
          </EmptyState>
        }
      >
        {(rows, stale) => <Pods view={view} rows={rows} stale={stale} asOf={feed.asOf} />}
      </FeedView>
    </>
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

function Pods({
  view,
  rows,
  stale,
  asOf,
}: {
  view: GroupView;
  rows: Instance[];
  stale: boolean;
  asOf: string | null;
}) {
  const text = useText();
  const words = text.instance;
  const format = useFormat();
  const navigate = useNavigate();
  const openLog = useOpenLog();
  const [open, setOpen] = useView("open");
  const [filter, setFilter] = useView("filter");
  const [health, setHealth] = useView("state");
  const [version, setVersion] = useView("show");

  const moving = movingLabel(view.card.last_release);
  const shares = byVersion(rows, moving);
  const states = byHealth(rows);
  const shown = sortPods(filterPods(rows, { text: filter, health, version }, moving), moving);
  const chosen = open === undefined ? undefined : rows.find((pod) => pod.id === open);

  const onLog = (pod: Instance, previous: boolean) =>
    openLog({
      group: view.id,
      pod: pod.name,
      container: pod.container,
      previous,
      edge: pod.health === "danger" ? "failing" : isNew(pod, moving) ? "new" : "old",
    });
  const onStep = (by: 1 | -1) => {
    const at = shown.findIndex((pod) => pod.id === open);
    const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
    if (next) setOpen(next.id);
  };
  const clear = () =>
    void navigate({ to: ".", search: open === undefined ? {} : { open }, replace: true });

  return (
    <DrawerHost>
      <div className={css.tools}>
        <h2 className={css.heading}>
          {words.noun} <span>{format.number(rows.length)}</span>
        </h2>
        <Input
          className={css.filter}
          icon={Filter}
          type="search"
          aria-label={words.filterPods}
          placeholder={words.filterPods}
          value={filter ?? ""}
          onChange={(next) => setFilter(next || undefined)}
        />
        {states.length > 1 || health ? (
          <Segment
            label={words.filterState}
            value={health ?? ""}
            onChange={(next) => setHealth(next || undefined, { replace: true })}
            options={[
              { value: "", label: words.all },
              ...states.map((state) => ({
                value: state.health as string,
                label: words.state[state.health],
                note: state.count,
              })),
            ]}
          />
        ) : null}
        {shares.length > 1 || version ? (
          <Segment
            label={words.filterVersion}
            value={version ?? ""}
            onChange={(next) => setVersion(next || undefined, { replace: true })}
            options={[
              { value: "", label: words.allVersions },
              ...shares.map((share) => ({
                value: share.key,
                label: shareName(share, shares, text),
                content: <VersionTag version={shareName(share, shares, text)} role={share.role} />,
                note: share.pods.length,
              })),
            ]}
          />
        ) : null}
      </div>
      <Summary rows={rows} moving={moving} stale={stale} asOf={asOf} />
      {shown.length === 0 ? (
        <div className={css.none}>
          <EmptyState
            icon={Search}
            title={words.nothingMatches}
            action={<Button onClick={clear}>{words.clearFilter}</Button>}
          >
            {words.nothingMatchesText}
          </EmptyState>
        </div>
      ) : (
        <PodTable
          pods={shown}
          moving={moving}
          stale={stale}
          open={open}
          onOpen={setOpen}
          onLog={onLog}
        />
      )}
      {open === undefined ? null : (
        <PodDrawer
          key={open}
          pod={chosen}
          group={view.id}
          fresh={chosen ? isNew(chosen, moving) : false}
          stale={stale}
          onStep={onStep}
          onLog={onLog}
          onClose={() => setOpen(undefined, { replace: true })}
        />
      )}
    </DrawerHost>
  );
}

/** The split by version, drawn pod by pod, and what all of them take together. */
function Summary({
  rows,
  moving,
  stale,
  asOf,
}: {
  rows: Instance[];
  moving: string | null;
  stale: boolean;
  asOf: string | null;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.instance;
  const shares = byVersion(rows, moving);
  const cpu = rows.filter((pod) => pod.cpu_milli !== null);
  const memory = rows.filter((pod) => pod.memory_bytes !== null);
  const sum = (pods: Instance[], of: (pod: Instance) => number | null) =>
    pods.reduce((all, pod) => all + (of(pod) ?? 0), 0);
  const cpuTotal = format.cpu(sum(cpu, (pod) => pod.cpu_milli));
  const memoryTotal = format.bytes(sum(memory, (pod) => pod.memory_bytes));
  return (
    <div className={css.strip}>
      {shares.map((share) => (
        <span key={share.key} className={css.share}>
          <PodCells
            size="large"
            pods={share.pods.map((pod) => ({
              state: cellState(
                { new: share.role === "new", ready: pod.ready, health: pod.health },
                stale,
              ),
              name: pod.name,
            }))}
          />
          <VersionTag version={shareName(share, shares, text)} role={share.role} />
          <span className={css.ready}>
            {stale && asOf
              ? words.readyAt(
                  format.number(share.ready),
                  format.number(share.pods.length),
                  format.time(asOf),
                )
              : words.readyOf(format.number(share.ready), format.number(share.pods.length))}
          </span>
        </span>
      ))}
      <span className={css.totals}>
        {cpu.length > 0 ? (
          <span title={words.total(words.column.cpu, cpuTotal, format.number(cpu.length))}>
            {words.column.cpu}
            <b>{cpuTotal}</b>
          </span>
        ) : null}
        {memory.length > 0 ? (
          <span title={words.total(words.column.memory, memoryTotal, format.number(memory.length))}>
            {words.column.memory}
            <b>{memoryTotal}</b>
          </span>
        ) : null}
      </span>
    </div>
  );
}
