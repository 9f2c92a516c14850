import { Link, useNavigate } from "@tanstack/react-router";
import { useEmptyValues, usePending } from "~/app/pending";
import { useFeed } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import {
  type Column,
  cx,
  EnvTag,
  Status,
  StatusMark,
  Table,
  TruncateMiddle,
  VersionChange,
} from "~/kit";
import { releaseMark } from "~/kit/health";
import { GroupPods, groupMark, groupVersion, isKnown, silentState } from "~/kit/live";
import type { GroupCard, GroupLive, Overview, OverviewColumn, ReleaseRow } from "~/wire/types";
import css from "./app.module.css";

/** Groups from development to production; what is most dangerous stands at the right, wider. */
export function Board({
  overview,
  live,
}: {
  overview: Overview;
  live: ReadonlyMap<string, GroupLive>;
}) {
  const text = useText();
  const columns = overview.columns.filter(({ groups }) => groups.length > 0);
  const production = columns.filter(({ environment }) => environment.colour === "prod");
  const others = columns.filter(({ environment }) => environment.colour !== "prod");
  const draw = (column: OverviewColumn) => (
    <EnvironmentColumn
      key={column.environment.id}
      app={overview.app.id}
      column={column}
      live={live}
    />
  );
  return (
    <section className={css.board} aria-label={text.app.board}>
      <div className={css.before}>
        {others.length > 0 ? <div className={css.columns}>{others.map(draw)}</div> : null}
        <Latest app={overview.app.id} rows={overview.latest} />
      </div>
      {production.length > 0 ? <div className={css.production}>{production.map(draw)}</div> : null}
    </section>
  );
}

function EnvironmentColumn({
  app,
  column,
  live,
}: {
  app: string;
  column: OverviewColumn;
  live: ReadonlyMap<string, GroupLive>;
}) {
  const text = useText();
  const format = useFormat();
  const { environment, groups } = column;
  const word = environmentWord(environment.name, text);
  return (
    <section aria-label={word} className={css.column}>
      <h2 className={css.columnHead}>
        <EnvTag colour={environment.colour}>{word}</EnvTag>
        <span className={css.subtle}>{format.number(groups.length)}</span>
      </h2>
      {groups.map((card) => (
        <GroupCardLink key={card.id} app={app} card={card} live={live.get(card.id)} />
      ))}
    </section>
  );
}

/** A group as a card; all of it opens what runs. */
function GroupCardLink({
  app,
  card,
  live,
}: {
  app: string;
  card: GroupCard;
  live: GroupLive | undefined;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.app;
  const feed = useFeed({ kind: "groups", app });
  const mark = groupMark(live);
  const pending = usePending(app).get(card.id);
  const empty = useEmptyValues(app).get(card.id) ?? 0;
  const waits = pending ? text.diff.changes(pending.changes, format.number(pending.changes)) : "";
  const blocks = empty > 0 ? text.group.list.empty(empty, format.number(empty)) : "";
  const release = card.last_release;
  const version = groupVersion(card, live);
  const never = live?.state === "absent" && !release;
  const state = never ? text.group.draft : stateWord();
  const counted = live && isKnown(live) && live.state !== "absent";
  const ready = counted
    ? text.common.readyOf(format.number(live.ready), format.number(live.desired))
    : "";

  function stateWord(): string {
    if (live?.stale_since) return text.common.asOf(format.time(live.stale_since));
    return text.group.state[live?.state ?? silentState(feed.state)];
  }

  function lastRelease(row: ReleaseRow): string {
    return [
      row.seq === null ? "" : `r${row.seq}`,
      format.dateTime(row.created),
      row.author.display || row.author.identity,
    ]
      .filter(Boolean)
      .join(" · ");
  }

  return (
    <Link
      to="/app/$app/running/$group"
      params={{ app, group: card.id }}
      className={cx(css.card, mark === "resting" && css.resting, mark === "danger" && css.stopped)}
      aria-label={words.cardOf(
        card.name,
        state,
        version?.to ?? "",
        ready,
        [waits, blocks].filter(Boolean).join(", "),
      )}
    >
      <span className={css.cardHead}>
        <TruncateMiddle text={card.name} className={css.name} />
        <Status
          state={mark}
          tone={mark === "stale" ? "plain" : undefined}
          className={mark === "ok" ? css.quiet : undefined}
          still
        >
          {state}
        </Status>
      </span>
      <span className={cx(css.version, version?.planned && css.subtle)}>
        {version ? (
          <VersionChange from={version.from} to={version.to} moving={version.moving} />
        ) : (
          <span className={css.subtle}>{words.noImage}</span>
        )}
      </span>
      <span className={css.pods}>
        <GroupPods card={card} live={live} />
        {ready ? <span>{ready}</span> : null}
        {live?.state === "absent" ? (
          <span className={css.subtle}>{text.common.podState.planned}</span>
        ) : null}
      </span>
      <span className={css.cardFoot}>
        <span>{release ? lastRelease(release) : words.draft}</span>
        <span>{card.link_name ?? words.unlinked}</span>
      </span>
      {pending || blocks ? (
        <span className={css.cardWaits}>
          {pending ? <Status state="pending">{waits}</Status> : null}
          {blocks ? <Status state="danger">{blocks}</Status> : null}
        </span>
      ) : null}
      {card.errors > 0 ? (
        <span className={css.cardError}>
          <StatusMark state="danger" />
          {words.fieldsWrong(format.number(card.errors))}
        </span>
      ) : null}
    </Link>
  );
}

function Latest({ app, rows }: { app: string; rows: ReleaseRow[] }) {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const words = text.app;
  const columns: Column<ReleaseRow>[] = [
    {
      key: "state",
      header: words.column.state,
      width: "minmax(84px, 0.9fr)",
      cell: (row) => (
        <Status state={releaseMark(row.state)} still>
          {text.release.state[row.state]}
        </Status>
      ),
    },
    {
      key: "group",
      header: words.column.group,
      width: "minmax(88px, 1fr)",
      cell: (row) => <TruncateMiddle text={row.group_name} className={css.name} />,
    },
    {
      key: "number",
      header: words.column.number,
      width: "44px",
      cell: (row) => <code className={css.subtle}>{row.seq === null ? "–" : `r${row.seq}`}</code>,
    },
    {
      key: "version",
      header: words.column.version,
      width: "minmax(120px, 1.6fr)",
      cell: (row) => <VersionChange from={row.from_version} to={row.to_version} />,
    },
    {
      key: "by",
      header: words.column.by,
      width: "minmax(60px, 0.8fr)",
      cell: (row) => (
        <span className={css.subtle}>{row.author.display || row.author.identity}</span>
      ),
    },
    {
      key: "when",
      header: words.column.when,
      width: "80px",
      align: "end",
      cell: (row) => (
        <time className={css.subtle} dateTime={row.created} title={format.exact(row.created)}>
          {format.dateTime(row.created)}
        </time>
      ),
    },
  ];
  return (
    <section className={css.latest} aria-label={words.latest}>
      <div className={css.latestHead}>
        <h2>{words.latest}</h2>
        <Link to="/app/$app/releases" params={{ app }} search={{ show: "all" }}>
          {words.allReleases}
        </Link>
      </div>
      {rows.length === 0 ? (
        <p className={css.subtle}>{words.noReleases}</p>
      ) : (
        <div className={css.latestTable}>
          <Table
            flow
            label={words.latest}
            rows={rows}
            columns={columns}
            rowKey={(row) => row.id}
            rowLabel={(row) => `${row.group_name} ${row.to_version}`}
            onSelect={(release) =>
              void navigate({ to: "/app/$app/releases/$release", params: { app, release } })
            }
          />
        </div>
      )}
    </section>
  );
}
