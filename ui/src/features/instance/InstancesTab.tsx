import { Link, useNavigate } from "@tanstack/react-router";
import { Cable, Filter, Layers, Rocket, ScrollText, Search } from "lucide-react";
import { useState } from "react";
import { useOpenForwards } from "~/app/forward/open";
import { useOpenLog } from "~/app/log/open";
import { useView } from "~/app/page";
import { useCall } from "~/data";
import { ruleWord, useFormat, useText } from "~/i18n";
import {
  Button,
  DrawerHost,
  EmptyState,
  FeedView,
  Input,
  later,
  PodBar,
  PodCells,
  Segment,
  Skeleton,
  VersionTag,
  visible,
} from "~/kit";
import { cellState } from "~/kit/health";
import type { GroupView, InstanceRow, InstanceSummary, VersionShare } from "~/wire/types";
import css from "./instance.module.css";
import type { InstanceList, ListFilter } from "./list";
import { PodTable } from "./PodTable";
import { shareName } from "./pods";

const PodDrawer = later(async () => (await import("./PodDrawer")).PodDrawer);

/** The pods of a group, live. */
export function InstancesTab({
  app,
  view,
  list,
  asked,
}: {
  app: string;
  view: GroupView;
  list: InstanceList;
  asked: ListFilter;
}) {
  const words = useText().instance;
  const last = view.card.last_release;
  const { feed } = list;
  const none = list.summary?.total === 0;
  return (
    <FeedView
      feed={{ ...feed, rows: none ? [] : feed.rows }}
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
      {(_, stale) =>
        list.summary ? (
          <Pods view={view} list={list} summary={list.summary} asked={asked} stale={stale} />
        ) : null
      }
    </FeedView>
  );
}

function Pods({
  view,
  list,
  summary,
  asked,
  stale,
}: {
  view: GroupView;
  list: InstanceList;
  summary: InstanceSummary;
  asked: ListFilter;
  stale: boolean;
}) {
  const text = useText();
  const words = text.instance;
  const navigate = useNavigate();
  const openLog = useOpenLog();
  const [open, setOpen] = useView("open");
  const [, setBy] = useView("by");
  const { rows } = list;
  const chosen = open === undefined ? undefined : rows.find((pod) => pod.id === open);
  // Where the open pod was seen last: the row before and after it are told from there.
  const [place, setPlace] = useState<InstanceRow>();
  if (chosen && chosen !== place) setPlace(chosen);

  const onLog = (pod: InstanceRow, previous: boolean) =>
    openLog({
      group: view.id,
      of: { kind: "container", pod: pod.name, container: pod.container },
      previous,
    });
  const onStep = (by: 1 | -1) => {
    const at = (place?.id === open ? (place?.at ?? 0) : 0) + by;
    const next = rows.find((pod) => pod.at === Math.min(summary.matching - 1, Math.max(0, at)));
    if (next) setOpen(next.id);
  };
  const clear = () =>
    void navigate({ to: ".", search: open === undefined ? {} : { open }, replace: true });

  return (
    <DrawerHost>
      <Tools view={view} summary={summary} asked={asked} stale={stale} />
      <Summary summary={summary} stale={stale} asOf={list.feed.asOf} />
      {summary.matching === 0 ? (
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
          view={view}
          list={list}
          summary={summary}
          stale={stale}
          open={open}
          onOpen={setOpen}
          onLog={onLog}
          sorted={asked.order}
          onSort={(order) => setBy(order, { replace: true })}
        />
      )}
      {open === undefined ? null : (
        <PodDrawer
          key={open}
          id={open}
          pod={chosen ?? (place?.id === open && rows.length < summary.total ? place : undefined)}
          view={view}
          summary={summary}
          stale={stale}
          onStep={onStep}
          onLog={onLog}
          onClose={() => setOpen(undefined, { replace: true })}
        />
      )}
    </DrawerHost>
  );
}

function Tools({
  view,
  summary,
  asked,
  stale,
}: {
  view: GroupView;
  summary: InstanceSummary;
  asked: ListFilter;
  stale: boolean;
}) {
  const text = useText();
  const words = text.instance;
  const format = useFormat();
  const [, setFilter] = useView("filter");
  const [, setHealth] = useView("state");
  const [, setShare] = useView("show");
  const openLog = useOpenLog();
  const openForwards = useOpenForwards();
  const rights = useCall("group_rights", view.id, { enabled: !stale }).data;
  const lacks = rights?.logs;
  const noForward = rights?.forward;
  const { states, shares } = summary;
  const { health, share } = asked;
  return (
    <div className={css.tools}>
      <Input
        className={css.filter}
        icon={Filter}
        type="search"
        aria-label={words.filterPods}
        placeholder={words.filterPods}
        value={asked.text}
        onChange={(next) => setFilter(next || undefined)}
      />
      {summary.matching < summary.total ? (
        <span className={css.subtle}>
          {words.matching(format.number(summary.matching), format.number(summary.total))}
        </span>
      ) : null}
      <Button
        small
        kind="ghost"
        icon={ScrollText}
        locked={lacks ? words.lacks(ruleWord(lacks)) : null}
        lockedTitle={lacks ? words.lacksTitle : undefined}
        onClick={() => openLog({ group: view.id, of: { kind: "group" }, name: view.card.name })}
      >
        {text.log.openGroup}
      </Button>
      <Button
        small
        kind="ghost"
        icon={Cable}
        locked={noForward ? words.lacks(ruleWord(noForward)) : null}
        lockedTitle={noForward ? words.lacksTitle : undefined}
        notYet={stale ? words.needsCluster(visible(view.card.link_name ?? "")) : null}
        onClick={() => openForwards(view.app, { kind: "group", group: view.id })}
      >
        {text.forward.open}
      </Button>
      <span className={css.chips}>
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
                note: format.number(state.count),
              })),
            ]}
          />
        ) : null}
        {shares.length > 1 || share ? (
          <Segment
            label={words.filterVersion}
            value={share ?? ""}
            onChange={(next) => setShare(next || undefined, { replace: true })}
            options={[
              { value: "", label: words.allVersions },
              ...shares.map((one) => ({
                value: one.key,
                label: shareName(one, shares, text),
                content: (
                  <VersionTag
                    version={shareName(one, shares, text)}
                    role={one.new ? "new" : "old"}
                  />
                ),
                note: format.number(one.pods),
              })),
            ]}
          />
        ) : null}
      </span>
    </div>
  );
}

/** The split by version, drawn pod by pod, and what all of them take together. */
function Summary({
  summary,
  stale,
  asOf,
}: {
  summary: InstanceSummary;
  stale: boolean;
  asOf: string | null;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.instance;
  const { shares, measured } = summary;
  const cpu = format.cpu(summary.cpu_milli);
  const memory = format.bytes(summary.memory_bytes);
  return (
    <div className={css.strip}>
      {shares.map((share) => (
        <span key={share.key} className={css.share}>
          <Cells share={share} stale={stale} />
          <VersionTag version={shareName(share, shares, text)} role={share.new ? "new" : "old"} />
          <span className={css.ready}>
            {stale && asOf
              ? words.readyAt(
                  format.number(share.ready),
                  format.number(share.pods),
                  format.time(asOf),
                )
              : words.readyOf(format.number(share.ready), format.number(share.pods))}
          </span>
        </span>
      ))}
      {measured > 0 ? (
        <span className={css.totals}>
          <span title={words.total(words.column.cpu, cpu, format.number(measured))}>
            {words.column.cpu}
            <b>{cpu}</b>
          </span>
          <span title={words.total(words.column.memory, memory, format.number(measured))}>
            {words.column.memory}
            <b>{memory}</b>
          </span>
          {stale && asOf ? (
            <span className={css.subtle}>{words.metricsEnd(format.time(asOf))}</span>
          ) : null}
        </span>
      ) : null}
    </div>
  );
}

/** Pod by pod while there are few in the whole group, else counted. */
function Cells({ share, stale }: { share: VersionShare; stale: boolean }) {
  if (share.cells.length === share.pods) {
    return (
      <PodCells
        size="large"
        pods={share.cells.map((pod) => ({
          state: cellState({ new: share.new, ...pod }, stale),
          name: pod.name,
        }))}
      />
    );
  }
  const unready = Math.max(0, share.pods - share.ready - share.failing);
  return (
    <PodBar
      counts={
        stale
          ? [["unknown", share.pods]]
          : [
              [share.new ? "new" : "old", share.pods - unready - share.failing],
              ["unready", unready],
              ["failing", share.failing],
            ]
      }
    />
  );
}
