import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import type { UIEvent } from "react";
import { Page, useView } from "~/app/page";
import { useCall } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import {
  Button,
  type Column,
  EmptyState,
  EnvSquare,
  ErrorState,
  PastResults,
  QueryView,
  Segment,
  Select,
  Skeleton,
  Status,
  StatusMark,
  Table,
  useNow,
  VersionChange,
  visible,
} from "~/kit";
import { releaseMark } from "~/kit/health";
import { useNarrow } from "~/kit/media";
import type { ReleaseRow, ReleaseState } from "~/wire/types";
import { Chosen } from "./Chosen";
import { useHistory } from "./history";
import css from "./releases.module.css";
import { hasEnded, numberOf, personOf, tookMs } from "./state";

/** From this distance to the end on, the next page is read. */
const READ_AHEAD = 480;
const LEGEND: ReleaseState[] = ["succeeded", "stopped", "aborted"];

/** The history of an app: the last release of each group, or everything. */
export default function ReleasesPage() {
  const text = useText();
  const words = text.release.list;
  const params: { app?: string } = useParams({ strict: false });
  const app = params.app ?? "";
  const [show, setShow] = useView("show");
  const [group, setGroup] = useView("group");
  // A group alone has a history; "the last of each" would be a single row.
  const last = show !== "all" && group === undefined;
  const groups = useCall("group_list", app);
  const counts = {
    last: useCall("release_list", { app, last: true, group: null, before: null, limit: 1 }),
    all: useCall("release_list", { app, last: false, group: null, before: null, limit: 1 }),
  };
  const history = useHistory({ app, last, group: group ?? null });

  return (
    <Page
      title={text.release.releases}
      actions={
        <Button
          icon={Rocket}
          render={
            <Link
              to="/app/$app/releases/new"
              params={{ app }}
              search={group === undefined ? {} : { group }}
            />
          }
        >
          {text.release.new}
        </Button>
      }
    >
      <div className={css.tools}>
        <Segment
          label={words.which}
          value={last ? "last" : "all"}
          onChange={(next) => {
            if (next === "last") setGroup(undefined);
            setShow(next === "all" ? "all" : undefined);
          }}
          options={[
            { value: "last", label: words.last, note: counts.last.data?.total },
            { value: "all", label: words.all, note: counts.all.data?.total },
          ]}
        />
        <Select
          label={words.filterGroup}
          value={group ?? ""}
          onChange={(next) => setGroup(next || undefined)}
          options={[
            { value: "", label: words.allGroups },
            ...(groups.data ?? []).map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
      </div>
      <QueryView
        query={history.query}
        skeleton={<Skeleton rows={7} rowHeight={36} />}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          <EmptyState
            icon={Rocket}
            title={group === undefined ? words.empty : words.emptyGroup}
            action={
              <Button
                kind="filled"
                render={
                  <Link
                    to="/app/$app/releases/new"
                    params={{ app }}
                    search={group === undefined ? {} : { group }}
                  />
                }
              >
                {text.release.new}
              </Button>
            }
          >
            {words.emptyText}
          </EmptyState>
        }
      >
        {() => <History app={app} last={last} history={history} />}
      </QueryView>
    </Page>
  );
}

function History({
  app,
  last,
  history,
}: {
  app: string;
  last: boolean;
  history: ReturnType<typeof useHistory>;
}) {
  const text = useText();
  const words = text.release.list;
  const format = useFormat();
  const navigate = useNavigate();
  const [open, setOpen] = useView("open");
  const { rows, past, total, more } = history;
  const chosen = rows.find((row) => row.id === open) ?? rows[0];
  const columns = useColumns(last ? past : null);

  const onScroll = (event: UIEvent) => {
    const { scrollHeight, scrollTop, clientHeight } = event.target as Element;
    if (scrollHeight - scrollTop - clientHeight < READ_AHEAD) void history.readMore();
  };

  return (
    <div className={css.split}>
      <div className={css.list} onScrollCapture={onScroll}>
        <Table
          flow={last}
          label={text.release.releases}
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowLabel={(row) => `${numberOf(row, text)} ${row.group_name}`}
          rowHeight={36}
          selected={chosen?.id ?? null}
          onSelect={(id) => {
            // Pressed once it shows beside the list, pressed again it opens.
            if (id !== chosen?.id) setOpen(id);
            else
              void navigate({
                to: "/app/$app/releases/$release",
                params: { app, release: id },
              });
          }}
        />
        {history.error ? (
          <div className={css.foot}>
            <ErrorState compact error={history.error} onRetry={() => void history.readMore()} />
          </div>
        ) : null}
        <div className={css.foot}>
          <span>
            {last ? words.legend : words.shown(format.number(rows.length), format.number(total))}
          </span>
          {more ? (
            <Button
              small
              kind="ghost"
              busy={history.reading}
              onClick={() => void history.readMore()}
            >
              {history.reading ? words.moreLoading : words.more}
            </Button>
          ) : null}
          <span className={css.legend}>
            {LEGEND.map((state) => (
              <span key={state}>
                <StatusMark state={releaseMark(state)} size={10} still />
                {text.release.state[state]}
              </span>
            ))}
          </span>
        </div>
      </div>
      {chosen ? <Chosen key={chosen.id} app={app} row={chosen} /> : null}
    </div>
  );
}

/** `past`: the last results of each group; null where every release has a row of its own. */
function useColumns(past: Record<string, ReleaseState[]> | null): Column<ReleaseRow>[] {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const now = useNow(30_000);
  const words = text.release.list;
  const columns: Column<ReleaseRow>[] = [
    {
      key: "result",
      header: words.result,
      width: narrow ? "minmax(88px, 0.6fr)" : "minmax(104px, 0.8fr)",
      cell: (row) => (
        <Status state={releaseMark(row.state)} still={row.state !== "moving"}>
          {text.release.state[row.state]}
        </Status>
      ),
    },
    {
      key: "group",
      header: words.group,
      width: narrow ? "minmax(110px, 1fr)" : "minmax(110px, 1.1fr)",
      cell: (row) => (
        <>
          <EnvSquare
            colour={row.environment.colour}
            label={environmentWord(row.environment.name, text)}
          />
          <span className={css.group}>{row.group_name}</span>
        </>
      ),
    },
    {
      key: "number",
      header: words.number,
      width: "44px",
      cell: (row) => <span className={css.mono}>{row.seq === null ? "–" : `r${row.seq}`}</span>,
    },
    {
      key: "version",
      header: words.version,
      width: narrow ? "minmax(124px, 2fr)" : "minmax(160px, 1.8fr)",
      cell: (row) => <VersionChange from={row.from_version} to={row.to_version} />,
    },
  ];
  if (!narrow) {
    columns.push({
      key: "by",
      header: words.by,
      width: "minmax(64px, 0.7fr)",
      cell: (row) => <span className={css.muted}>{visible(personOf(row.author))}</span>,
    });
  }
  columns.push({
    key: "started",
    header: words.started,
    width: "76px",
    align: "end",
    cell: (row) => (
      <time className={css.muted} dateTime={row.created} title={format.exact(row.created)}>
        {format.dateTime(row.created, now)}
      </time>
    ),
  });
  if (!narrow) {
    columns.push({
      key: "took",
      header: words.took,
      width: "76px",
      align: "end",
      cell: (row) => (
        <span className={css.muted} title={hasEnded(row.state) ? undefined : words.running}>
          {took(row)}
        </span>
      ),
    });
  }
  if (past) {
    columns.push({
      key: "past",
      header: words.lastTen,
      width: "120px",
      cell: (row) => (
        <PastResults
          results={(past[row.group] ?? []).map((state) => ({
            state: releaseMark(state),
            label: text.release.state[state],
          }))}
        />
      ),
    });
  }
  return columns;

  function took(row: ReleaseRow): string {
    const ms = tookMs(row, now);
    // Seconds matter only within the first minute.
    return format.duration(ms < 60_000 ? ms : Math.floor(ms / 60_000) * 60_000);
  }
}
