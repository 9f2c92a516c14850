import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Filter, Layers, Plus, ScanSearch } from "lucide-react";
import { useState } from "react";
import { Page, type PageAction, useView, type View } from "~/app/page";
import { useEmptyValues, usePending } from "~/app/pending";
import { useCall, useFeed } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import {
  Button,
  type Column,
  EmptyState,
  EnvTag,
  FeedView,
  Input,
  later,
  QueryView,
  Segment,
  Skeleton,
  Status,
  Table,
  TruncateMiddle,
  VersionChange,
} from "~/kit";
import {
  feedOfGroups,
  GroupPods,
  groupMark,
  groupVersion,
  isKnown,
  podTotals,
  silentState,
} from "~/kit/live";
import { useNarrow } from "~/kit/media";
import type { GroupCard } from "~/wire/types";
import { DeletedGroups } from "./DeletedGroups";
import css from "./group.module.css";
import { type GroupRow, isDraft, isOf, matches, rowsOf, type Which } from "./groups";
import { type GroupDialog, RowActions } from "./RowActions";
import { Selection } from "./Selection";
import { UnsavedBar } from "./UnsavedBar";

const AdoptDialog = later(async () => (await import("./AdoptDialog")).AdoptDialog);
const CloneDialog = later(async () => (await import("./CloneDialog")).CloneDialog);
const CompareDialog = later(async () => (await import("./CompareDialog")).CompareDialog);
const DeleteDialog = later(async () => (await import("./DeleteDialog")).DeleteDialog);
const StopDialog = later(async () => (await import("./StopDialog")).StopDialog);

/** Every group of an app: how it is, and what can be done with it. */
export default function GroupsPage() {
  const text = useText();
  const words = text.group.list;
  const { app = "" }: { app?: string } = useParams({ strict: false });
  const groups = useCall("group_list", app);
  const feed = useFeed({ kind: "groups", app });
  const navigate = useNavigate();
  const create = (
    <Button kind="filled" icon={Plus} render={<Link to="/app/$app/groups/new" params={{ app }} />}>
      {words.new}
    </Button>
  );
  const [dialog, setDialog] = useView("dialog");
  const adopt = (
    <Button icon={ScanSearch} onClick={() => setDialog("adopt")}>
      {text.adopt.open}
    </Button>
  );
  const offers: PageAction[] = [
    {
      key: "group",
      label: words.new,
      icon: Plus,
      run: () => void navigate({ to: "/app/$app/groups/new", params: { app } }),
    },
    {
      key: "adopt",
      label: text.adopt.title,
      icon: ScanSearch,
      run: () => setDialog("adopt"),
    },
  ];
  const gone = useCall("group_deleted", app);
  const deleted = gone.data?.length ?? 0;
  // The last group may be in neither list for a moment: it was read from one, and is read from the other.
  const between = gone.data !== undefined && gone.isFetching;
  const some = (groups.data?.length ?? 0) + deleted > 0;
  return (
    <Page
      title={text.frame.page.groups}
      live={some ? feedOfGroups(feed) : undefined}
      actions={
        some ? (
          <>
            {adopt}
            {create}
          </>
        ) : undefined
      }
      offers={offers}
    >
      <UnsavedBar key={app} app={app} />
      <QueryView
        query={groups}
        skeleton={<Skeleton rows={6} />}
        isEmpty={(cards) => cards.length + deleted === 0 && !between}
        empty={
          <EmptyState
            icon={Layers}
            title={words.emptyTitle}
            action={
              <>
                {create}
                {adopt}
              </>
            }
          >
            {words.emptyText}
          </EmptyState>
        }
      >
        {(cards) => (
          // What is stored is there before anything live is.
          <FeedView feed={{ ...feed, rows: cards }}>
            {() => <Groups app={app} cards={cards} />}
          </FeedView>
        )}
      </QueryView>
      {dialog === "adopt" ? (
        <AdoptDialog
          app={app}
          cards={groups.data ?? []}
          onClose={() =>
            void navigate({
              to: ".",
              search: ({ dialog: _, from: __, ...rest }: View) => rest,
              replace: true,
            })
          }
        />
      ) : null}
    </Page>
  );
}

/** What stands in the list, or what was deleted from it. */
type Shown = Which | "deleted";

function Groups({ app, cards }: { app: string; cards: GroupCard[] }) {
  const text = useText();
  const format = useFormat();
  const words = text.group.list;
  const navigate = useNavigate();
  const feed = useFeed({ kind: "groups", app });
  const environments = useCall("environment_list", null);
  const [filter = "", setFilter] = useView("filter");
  const [show, setShow] = useView("show");
  const [open, setOpen] = useState<{ dialog: GroupDialog; row: GroupRow } | null>(null);
  const [ticked, setTicked] = useView("choose");
  // Those that were ticked are deleted one after the other, each with its own list of what goes.
  const [queue, setQueue] = useState<GroupRow[]>([]);
  const close = () => {
    const [next, ...rest] = queue;
    setQueue(rest);
    setOpen(next ? { dialog: "delete", row: next } : null);
  };
  const columns = useColumns(silentState(feed.state));

  const deleted = useCall("group_deleted", app).data ?? [];
  const known = show === "pending" || show === "needs" || show === "drafts" || show === "deleted";
  const which: Shown = cards.length === 0 ? "deleted" : known ? show : "all";
  const all = rowsOf(
    cards,
    feed.byId,
    environments.data ?? [],
    usePending(app),
    useEmptyValues(app),
  );
  const environmentOf = (row: GroupRow) =>
    row.environment ? environmentWord(row.environment.name, text) : "";
  const rows = all.filter(
    (row) => which !== "deleted" && isOf(which, row) && matches(filter, row, environmentOf(row)),
  );
  const wanted = new Set(ticked?.split(","));
  const chosen = rows.filter(({ card }) => wanted.has(card.id) && !card.deleting);
  const count = (one: Which) => format.number(all.filter((row) => isOf(one, row)).length);
  const pods = podTotals(feed.rows);
  return (
    <>
      <div className={css.bar}>
        <Input
          className={css.filter}
          type="search"
          icon={Filter}
          value={filter}
          placeholder={words.filter}
          aria-label={words.filter}
          onChange={(value) => setFilter(value || undefined)}
        />
        <Segment<Shown>
          label={words.which}
          value={which}
          onChange={(next) => setShow(next === "all" ? undefined : next, { replace: true })}
          options={[
            { value: "all", label: words.all, note: count("all") },
            { value: "pending", label: words.pending, note: count("pending") },
            { value: "needs", label: words.needsYou, note: count("needs") },
            { value: "drafts", label: words.drafts, note: count("drafts") },
            ...(deleted.length > 0 || which === "deleted"
              ? [
                  {
                    value: "deleted" as const,
                    label: text.groupLife.deletedGroups,
                    note: format.number(deleted.length),
                  },
                ]
              : []),
          ]}
        />
        <span className={css.muted}>
          {pods ? words.ready(format.number(pods.ready), format.number(pods.desired)) : null}
        </span>
      </div>
      {which === "deleted" ? (
        <DeletedGroups app={app} />
      ) : rows.length === 0 ? (
        <EmptyState
          icon={Layers}
          title={words.nothingMatches}
          action={
            <Button render={<Link to="/app/$app/groups" params={{ app }} search={{}} />}>
              {words.showAll}
            </Button>
          }
        />
      ) : (
        <Table
          label={text.frame.page.groups}
          rows={rows}
          columns={columns}
          rowHeight={36}
          rowKey={(row) => row.card.id}
          rowLabel={(row) => row.card.name}
          failing={(row) => groupMark(row.live) === "danger"}
          checked={new Set(chosen.map(({ card }) => card.id))}
          onCheck={(keys) => setTicked([...keys].join(",") || undefined, { replace: true })}
          canCheck={({ card }) => !card.deleting}
          group={(row) => ({
            key: row.card.environment,
            heading: (
              <span className={css.heading}>
                {row.environment ? (
                  <EnvTag colour={row.environment.colour}>{environmentOf(row)}</EnvTag>
                ) : (
                  "–"
                )}
                <span className={css.subtle}>
                  {format.number(
                    rows.filter(({ card }) => card.environment === row.card.environment).length,
                  )}
                </span>
              </span>
            ),
          })}
          onSelect={(group) =>
            void navigate({ to: "/app/$app/running/$group", params: { app, group } })
          }
          actionsShown
          actionsWidth={300}
          actions={(row) => (
            <RowActions
              app={app}
              row={row}
              alone={cards.length < 2}
              onDialog={(dialog) => setOpen({ dialog, row })}
            />
          )}
        />
      )}
      {chosen.length > 0 && which !== "deleted" ? (
        <Selection
          app={app}
          rows={chosen}
          onDelete={() => {
            const [first, ...rest] = chosen;
            setQueue(rest);
            if (first) setOpen({ dialog: "delete", row: first });
          }}
          onClear={() => setTicked(undefined, { replace: true })}
        />
      ) : null}
      {open?.dialog === "delete" ? (
        <DeleteDialog
          key={open.row.card.id}
          row={open.row}
          onStop={() => setOpen({ dialog: "stop", row: open.row })}
          onClose={close}
        />
      ) : null}
      {open?.dialog === "stop" ? <StopDialog row={open.row} onClose={close} /> : null}
      {open?.dialog === "compare" ? (
        <CompareDialog
          app={app}
          card={open.row.card}
          others={all.map(({ card }) => card).filter(({ id }) => id !== open.row.card.id)}
          onClose={close}
        />
      ) : null}
      {open?.dialog === "clone" ? (
        <CloneDialog app={app} card={open.row.card} onClose={close} />
      ) : null}
    </>
  );
}

function FieldsWrong({ count }: { count: number }) {
  const text = useText();
  const format = useFormat();
  return <Status state="danger">{text.group.list.fieldsWrong(format.number(count))}</Status>;
}

/** What waits for a release, and what blocks it; numbers alone where there is no room for words. */
function Waits({ row: { card, pending, empty }, narrow }: { row: GroupRow; narrow: boolean }) {
  const text = useText();
  const format = useFormat();
  if (card.errors > 0 && !narrow) return <FieldsWrong count={card.errors} />;
  if (pending + empty === 0) return <span className={css.subtle}>–</span>;
  const emptyWord = text.group.list.empty(empty, format.number(empty));
  return (
    <span className={css.cells}>
      {pending > 0 ? (
        <Status state="pending">
          {narrow || empty > 0 ? (
            <span title={text.diff.markOf(pending, format.number(pending))}>
              {format.number(pending)}
            </span>
          ) : (
            text.diff.changes(pending, format.number(pending))
          )}
        </Status>
      ) : null}
      {empty > 0 ? (
        <Status state="danger">
          <span title={emptyWord}>{narrow ? format.number(empty) : emptyWord}</span>
        </Status>
      ) : null}
    </span>
  );
}

/** Pods that fit into a narrow window beside their number. */
const CELLS_NARROW = 8;

function useColumns(silent: "loading" | "unknown"): Column<GroupRow>[] {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const words = text.group.list;
  const columns: Column<GroupRow>[] = [
    {
      key: "group",
      header: words.column.group,
      width: narrow ? "minmax(84px, 1fr)" : "minmax(104px, 1fr)",
      cell: ({ card }) => <TruncateMiddle text={card.name} className={css.name} />,
    },
    {
      key: "cluster",
      header: words.column.cluster,
      width: narrow ? "minmax(56px, 0.6fr)" : "minmax(64px, 0.6fr)",
      cell: ({ card }) =>
        card.link_name === null ? (
          <Status state="stale">{words.unlinked}</Status>
        ) : (
          <TruncateMiddle tail={4} text={card.link_name} className={css.muted} />
        ),
    },
    {
      key: "state",
      header: words.column.state,
      width: narrow ? "minmax(88px, 0.8fr)" : "minmax(92px, 0.8fr)",
      cell: (row) =>
        row.card.deleting ? (
          <Status state="rolling">{text.groupLife.deleting}</Status>
        ) : (
          <Status
            state={groupMark(row.live)}
            tone={groupMark(row.live) === "stale" ? "plain" : undefined}
            still
          >
            {isDraft(row) && row.live
              ? text.group.draft
              : row.live?.stale_since
                ? text.common.asOf(format.time(row.live.stale_since))
                : text.group.state[row.live?.state ?? silent]}
          </Status>
        ),
    },
    {
      key: "version",
      header: words.column.version,
      width: narrow ? "minmax(116px, 0.9fr)" : "minmax(114px, 0.9fr)",
      cell: ({ card, live }) => {
        const version = groupVersion(card, live);
        if (!version) return <span className={css.subtle}>–</span>;
        return (
          <span className={version.planned ? css.subtle : undefined}>
            <VersionChange from={version.from} to={version.to} moving={version.moving} />
          </span>
        );
      },
    },
    {
      key: "ready",
      header: words.column.ready,
      width: narrow ? "minmax(116px, 1.2fr)" : "minmax(154px, 1.2fr)",
      cell: ({ card, live }) =>
        !live || !isKnown(live) ? (
          <span className={css.subtle}>–</span>
        ) : live.state === "absent" && card.errors > 0 && narrow ? (
          <FieldsWrong count={card.errors} />
        ) : (
          <span className={css.cells}>
            {narrow && live.cells.length > CELLS_NARROW ? null : (
              <GroupPods card={card} live={live} />
            )}
            {live.state === "absent" ? (
              <span className={css.subtle}>{words.planned}</span>
            ) : (
              <span className={css.muted}>
                {words.readyShort(format.number(live.ready), format.number(live.desired))}
              </span>
            )}
          </span>
        ),
    },
  ];
  columns.push({
    key: "pending",
    header: words.column.pending,
    width: narrow ? "64px" : "minmax(132px, 0.8fr)",
    cell: (row) => <Waits row={row} narrow={narrow} />,
  });
  if (!narrow) {
    columns.push({
      key: "release",
      header: words.column.release,
      width: "minmax(110px, 1.4fr)",
      cell: ({ card }) => {
        const last = card.last_release;
        if (!last) return <span className={css.subtle}>{words.neverReleased}</span>;
        const by = last.author.display || last.author.identity;
        return (
          <span className={css.release} title={`${format.exact(last.created)} · ${by}`}>
            {last.seq === null ? null : <code>{`r${last.seq}`}</code>}{" "}
            {format.dateTime(last.created)} · {by}
          </span>
        );
      },
    });
  }
  return columns;
}
