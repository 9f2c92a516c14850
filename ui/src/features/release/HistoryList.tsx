import { useNavigate } from "@tanstack/react-router";
import { GitCommitHorizontal } from "lucide-react";
import type { UIEvent } from "react";
import { useView } from "~/app/page";
import { environmentWord, useFormat, useText } from "~/i18n";
import {
  Button,
  type Column,
  EnvSquare,
  ErrorState,
  Icon,
  PastResults,
  Split,
  SplitList,
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
import type { useHistory } from "./history";
import css from "./releases.module.css";
import { hasEnded, numberOf, personOf, tookMs } from "./state";

/** From this distance to the end on, the next page is read. */
const READ_AHEAD = 480;
const LEGEND: ReleaseState[] = ["succeeded", "stopped", "aborted"];

/** Releases, newest first, with the chosen one beside them. `last`: one a group. */
export function History({
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
    <Split>
      <SplitList onScroll={onScroll}>
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
      </SplitList>
      {chosen ? <Chosen key={chosen.id} app={app} row={chosen} /> : null}
    </Split>
  );
}

/** `past`: the last results of each group; null where every release has a row of its own. */
function useColumns(past: Record<string, ReleaseState[]> | null): Column<ReleaseRow>[] {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const now = useNow(30_000);
  const words = text.release.list;
  function took(row: ReleaseRow): string {
    const ms = tookMs(row, now);
    // Seconds matter only within the first minute.
    return format.duration(ms < 60_000 ? ms : Math.floor(ms / 60_000) * 60_000);
  }

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
      cell: (row) => (
        <>
          <VersionChange from={row.from_version} to={row.to_version} />
          {row.back_to === null ? null : (
            <span className={css.back}>{text.release.back.of(`r${row.back_to}`)}</span>
          )}
          {row.train === null ? null : <InTrain row={row} />}
        </>
      ),
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
}

/** Which part of a train it is. */
function InTrain({ row: { train } }: { row: ReleaseRow }) {
  const words = useText().release.train;
  const format = useFormat();
  if (train === null) return null;
  const [car, cars] = [format.number(train.car), format.number(train.cars)];
  return (
    <span className={css.train} title={words.partOf(car, cars)}>
      <Icon of={GitCommitHorizontal} size={14} />
      {`${car}/${cars}`}
    </span>
  );
}
