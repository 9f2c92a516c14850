import { Link, useParams } from "@tanstack/react-router";
import { Ellipsis, Link2, Server } from "lucide-react";
import { useState } from "react";
import { Page, useView } from "~/app/page";
import { useCall, useFeed, useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  type Column,
  EmptyState,
  IconButton,
  later,
  Menu,
  QueryView,
  Skeleton,
  Status,
  StatusMark,
  Table,
  useNow,
  visible,
} from "~/kit";
import { useNarrow } from "~/kit/media";
import type { ClusterLive, ClusterRow } from "~/wire/types";
import { expiryOf, sessionFacts, sessionMark } from "./access";
import css from "./cluster.module.css";
import { JoinBar } from "./JoinBar";
import { RenameDialog, UnlinkDialog } from "./LinkActions";

const JoinDialog = later(async () => (await import("./JoinDialog")).JoinDialog);
const LinkDialog = later(async () => (await import("./LinkDialog")).LinkDialog);
const PrometheusDialog = later(async () => (await import("./PrometheusDialog")).PrometheusDialog);

/** In a row; with the names of their apps there is room for fewer. */
const GROUPS_SHOWN = 3;
const GROUPS_SHOWN_OF_ALL = 2;

/** The clusters linked on this computer: how they are, what runs there, until when one may. */
export default function ClustersPage() {
  const text = useText();
  const params: { app?: string } = useParams({ strict: false });
  const query = useCall("cluster_list", null);
  const [dialog, setDialog] = useView("dialog");
  const [again, setAgain] = useState<ClusterRow | null>(null);

  const link = (
    <Button kind="filled" icon={Link2} onClick={() => setDialog("link")}>
      {text.cluster.link}
    </Button>
  );
  return (
    <Page
      title={text.frame.page.clusters}
      actions={query.data && query.data.length > 0 ? link : undefined}
    >
      <QueryView
        query={query}
        skeleton={<Skeleton rows={4} />}
        isEmpty={(rows) => rows.length === 0}
        empty={
          <EmptyState icon={Server} title={text.cluster.empty} action={link}>
            {text.cluster.emptyText}
          </EmptyState>
        }
      >
        {(rows) => <Clusters app={params.app} rows={rows} onSignIn={setAgain} />}
      </QueryView>
      {dialog === "link" || again ? (
        <LinkDialog
          again={again}
          onClose={() => {
            setAgain(null);
            if (dialog === "link") setDialog(undefined, { replace: true });
          }}
        />
      ) : null}
    </Page>
  );
}

function Clusters({
  app,
  rows,
  onSignIn,
}: {
  app: string | undefined;
  rows: ClusterRow[];
  onSignIn: (row: ClusterRow) => void;
}) {
  const text = useText();
  const live = useFeed({ kind: "clusters" });
  const retry = useOrder("cluster_retry");
  const [renaming, setRenaming] = useState<ClusterRow | null>(null);
  const [unlinking, setUnlinking] = useState<ClusterRow | null>(null);
  const [joining, setJoining] = useState<ClusterRow | null>(null);
  // Other pages lead here: what a cluster says of its pods is asked of its Prometheus.
  const [open, setOpen] = useView("open");
  const asked = rows.find((row) => row.link.id === open);
  const columns = useColumns(app, (row) => live.byId.get(row.link.id));

  return (
    <>
      {rows.map((row) =>
        live.byId.get(row.link.id)?.session.state === "ready" ? (
          <JoinBar key={row.link.id} row={row} onJoin={() => setJoining(row)} />
        ) : null,
      )}
      {joining ? <JoinDialog row={joining} onClose={() => setJoining(null)} /> : null}
      <Table
        label={text.frame.page.clusters}
        rows={rows}
        columns={columns}
        rowKey={(row) => row.link.id}
        rowLabel={(row) => row.link.name}
        actionsShown
        actionsWidth={140}
        actions={(row) => {
          const session = live.byId.get(row.link.id)?.session;
          return (
            <>
              {session?.state === "sign_in_needed" ? (
                <Button small kind="tint" onClick={() => onSignIn(row)}>
                  {text.cluster.signIn}
                </Button>
              ) : null}
              {session?.state === "unreachable" ? (
                <Button small onClick={() => void retry.run(row.link.id)}>
                  {text.common.retryNow}
                </Button>
              ) : null}
              <Menu
                align="end"
                trigger={
                  <IconButton small icon={Ellipsis} label={text.cluster.actionsOf(row.link.name)} />
                }
                items={[
                  {
                    key: "rename",
                    label: text.cluster.rename,
                    onSelect: () => setRenaming(row),
                  },
                  {
                    key: "signIn",
                    label: text.cluster.signIn,
                    onSelect: () => onSignIn(row),
                  },
                  {
                    key: "retry",
                    label: text.common.retryNow,
                    onSelect: () => void retry.run(row.link.id),
                  },
                  {
                    key: "prometheus",
                    label: text.cluster.prometheus.menu,
                    onSelect: () => setOpen(row.link.id),
                  },
                  {
                    key: "unlink",
                    label: text.cluster.unlink,
                    danger: true,
                    separated: true,
                    onSelect: () => setUnlinking(row),
                  },
                ]}
              />
            </>
          );
        }}
      />
      {renaming ? (
        <RenameDialog row={renaming} others={rows} onClose={() => setRenaming(null)} />
      ) : null}
      {asked ? (
        <PrometheusDialog row={asked} onClose={() => setOpen(undefined, { replace: true })} />
      ) : null}
      {unlinking ? <UnlinkDialog row={unlinking} onClose={() => setUnlinking(null)} /> : null}
    </>
  );
}

function useColumns(
  app: string | undefined,
  liveOf: (row: ClusterRow) => ClusterLive | undefined,
): Column<ClusterRow>[] {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const now = useNow(10_000);
  const words = text.cluster.column;
  const columns: Column<ClusterRow>[] = [
    {
      key: "cluster",
      header: words.cluster,
      width: "minmax(110px, 1fr)",
      cell: (row) => (
        <span className={css.name} title={row.link.server}>
          {row.link.name}
        </span>
      ),
    },
    {
      key: "state",
      header: words.state,
      width: "minmax(140px, 2.2fr)",
      cell: (row) => {
        const live = liveOf(row);
        const session = live?.session;
        const facts = sessionFacts(live, now, text, format);
        const reason = session && "reason" in session ? visible(session.reason) : undefined;
        return (
          <span className={css.state} title={reason}>
            <Status state={sessionMark(session)}>
              {session ? text.cluster.state[session.state] : text.cluster.notKnown}
            </Status>
            {facts ? <span className={css.subtle}>{facts}</span> : null}
          </span>
        );
      },
    },
    {
      key: "groups",
      header: words.groups,
      width: "minmax(120px, 2.6fr)",
      cell: (row) => <Groups row={row} app={app} />,
    },
    {
      key: "role",
      header: words.role,
      width: "76px",
      cell: (row) =>
        row.link.role ? (
          <span title={text.cluster.roleNote[row.link.role]}>
            {text.cluster.role[row.link.role]}
          </span>
        ) : (
          <span className={css.subtle}>{text.cluster.noRole}</span>
        ),
    },
  ];
  if (!narrow) {
    columns.push({
      key: "version",
      header: words.version,
      width: "72px",
      cell: (row) => <span className={css.mono}>{liveOf(row)?.server_version ?? "–"}</span>,
    });
  }
  columns.push({
    key: "until",
    header: words.until,
    width: "minmax(104px, 0.9fr)",
    cell: (row) => <Until expires={row.link.expires} now={now} />,
  });
  if (!narrow) {
    columns.push({
      key: "latency",
      header: words.latency,
      width: "64px",
      align: "end",
      cell: (row) => {
        const session = liveOf(row)?.session;
        return session?.state === "ready" ? (
          text.cluster.latency(format.number(session.latency_ms))
        ) : (
          <span className={css.subtle}>–</span>
        );
      },
    });
  }
  return columns;
}

/** Groups of the app in front by name; across apps, the first of each with the app's name. */
function Groups({ row, app }: { row: ClusterRow; app: string | undefined }) {
  const text = useText();
  const format = useFormat();
  const groups = app === undefined ? row.groups : row.groups.filter((one) => one.app_id === app);
  if (groups.length === 0) return <span className={css.subtle}>{text.cluster.noGroups}</span>;
  const shown = app === undefined ? GROUPS_SHOWN_OF_ALL : GROUPS_SHOWN;
  const rest = groups.length - shown;
  return (
    <span className={css.groups}>
      {groups.slice(0, shown).map((one, index) => (
        <span key={one.group_id}>
          {index > 0 ? ", " : null}
          <Link to="/app/$app/running/$group" params={{ app: one.app_id, group: one.group_id }}>
            {app === undefined && one.app_id !== groups[index - 1]?.app_id
              ? text.cluster.groupOf(one.app, one.group)
              : one.group}
          </Link>
        </span>
      ))}
      {rest > 0 ? ` ${text.cluster.more(format.number(rest))}` : null}
    </span>
  );
}

function Until({ expires, now }: { expires: string | null; now: Date }) {
  const text = useText();
  const format = useFormat();
  const expiry = expiryOf(expires, now);
  if (expiry.kind === "none") return <span className={css.subtle}>{text.cluster.noEnd}</span>;
  const title = format.exact(expiry.at);
  if (expiry.kind === "ended") {
    return (
      <span className={css.ended} title={title}>
        <StatusMark state="danger" />
        {text.cluster.ended(format.date(expiry.at))}
      </span>
    );
  }
  if (expiry.kind === "soon") {
    return (
      <span className={css.soon} title={title}>
        <StatusMark state="warn" />
        {text.cluster.daysLeft(format.number(expiry.days))}
      </span>
    );
  }
  return <span title={title}>{format.date(expiry.at)}</span>;
}
