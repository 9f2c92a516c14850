import { type KeyboardEvent, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useCall, useFeed, useOrder } from "~/data";
import { sayError, useFormat, useText } from "~/i18n";
import {
  Button,
  ErrorState,
  LOG_ROW,
  LogNote,
  Panel,
  TallList,
  type TallListHandle,
  type TallPlace,
  toast,
  useNow,
  visible,
} from "~/kit";
import { call, copyText } from "~/platform";
import type { LogFrom, LogLine, LogLive, LogPart, LogRow, LogRows } from "~/wire/types";
import { isFiltered, type LogSearch, NO_SEARCH, nearest, useFind } from "./find";
import { jsonLine } from "./json";
import { LogDetails } from "./LogDetails";
import { LogFoot } from "./LogFoot";
import { LogLineRow } from "./LogLineRow";
import css from "./LogPanel.module.css";
import { LogTools } from "./LogTools";
import type { LogTab } from "./open";
import { LogPages } from "./pages";
import { useLogView } from "./view";

/** Lines of each container that a log begins with. */
const TAIL = 2_000;

let opened = 0;

/** Every opening has a name of its own: the core forgets the one before. */
function newName(group: string): string {
  opened += 1;
  return `${group} ${opened}`;
}

/** A log in the dock: of a container, a pod, or all pods of a group. */
export function LogPanel({ previous = false, ...tab }: LogTab) {
  const [run, setRun] = useState<"current" | "previous">(previous ? "previous" : "current");
  const [from, setFrom] = useState<LogFrom>({ kind: "tail", lines: TAIL });
  const [attempt, setAttempt] = useState(0);
  return (
    <Opened
      key={JSON.stringify([run, from, attempt])}
      tab={tab}
      run={run}
      onRun={setRun}
      from={from}
      onFrom={setFrom}
      onAgain={() => setAttempt(attempt + 1)}
    />
  );
}

interface OpenedProps {
  tab: LogTab;
  run: "current" | "previous";
  onRun: (run: "current" | "previous") => void;
  from: LogFrom;
  onFrom: (from: LogFrom) => void;
  onAgain: () => void;
}

function Opened({ tab, run, onRun, from, onFrom, onAgain }: OpenedProps) {
  const text = useText();
  const words = text.log;
  const format = useFormat();
  const [name] = useState(() => newName(tab.group));
  const { group, of } = tab;
  const feed = useFeed({
    kind: "log",
    log: name,
    source: { group, of, previous: run === "previous", from },
  });
  const log = feed.rows.find((row) => row.kind === "log") as LogLive | undefined;
  const parts = usePartsOf(feed.rows);
  const link = useCall("group_get", group).data?.draft.link;
  const session = useFeed({ kind: "clusters" }).byId.get(link ?? "")?.session;
  const silent = session?.state === "unreachable" ? session.since : null;
  const view = useLogView();
  const now = useNow(view.times === "relative" ? 1_000 : 60_000);

  const [search, setSearch] = useState<LogSearch>(NO_SEARCH);
  const [place, setPlace] = useState<TallPlace>({ at: "end" });
  const [chosen, setChosen] = useState<{ from: number; to: number } | null>(null);
  const [details, setDetails] = useState(false);
  const [hit, setHit] = useState<{ number: number; ordinal: number } | null>(null);
  const [columns, setColumns] = useState<string[]>([]);
  const list = useRef<TallListHandle>(null);

  const filtered = isFiltered(search);
  const first = log?.first ?? 0;
  // Where everything is shown, a row is as far from the oldest line as its number; before it stands what was dropped.
  const dropped = log?.dropped ?? 0;
  const head = !filtered && dropped > 0 ? 1 : 0;
  const base = filtered ? 0 : first - head;
  const total = filtered ? (log?.found?.shown ?? 0) : (log?.end ?? 0) - base;
  const end = base + total;
  // The ring lets go of the oldest lines: what is in sight stays where it is.
  const [stood, setStood] = useState(base);
  if (stood !== base) {
    const by = base - stood;
    const moved = (row: number) => Math.max(0, row - by);
    setStood(base);
    if (place.at === "row") setPlace({ ...place, row: moved(place.row) });
    if (chosen) setChosen({ from: moved(chosen.from), to: moved(chosen.to) });
  }

  const [pages] = useState(() => ({ all: pagesOf(name, false), found: pagesOf(name, true) }));
  const shown = filtered ? pages.found : pages.all;
  const rows = useSyncExternalStore(shown.subscribe, shown.read);
  // What is followed is drawn as far as it is known: before that, fast lines would be blank half of the time.
  const follows = place.at === "end";
  const count = follows ? Math.max(0, Math.min(total, rows.end - base)) : total;
  const drawn = useRef<[number, number]>([0, 0]);
  useEffect(() => shown.show(...drawn.current), [shown]);
  useEffect(() => {
    shown.grow({ base, first: base + head, end, follows });
  }, [shown, base, head, end, follows]);
  // What is found has no lasting place: more may be found before it.
  const foundNow = JSON.stringify([search, log?.found?.shown, first]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they stand for what is found
  useEffect(() => pages.found.forget(), [pages, foundNow]);
  const lineAt = (row: number) => rows.at(row + base);
  const here = () => {
    const row = chosen?.to ?? (place.at === "row" ? place.row : count - 1);
    return lineAt(Math.max(0, row))?.number ?? first;
  };
  const { wrong, times } = useFind(name, log !== undefined, search, here);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it stands for what lines are marked by
  useEffect(() => pages.all.forget(), [pages, times]);

  const step = async (ahead: boolean) => {
    const at = hit?.number ?? here();
    // Who stands at the end means the newest one.
    const forward = ahead && (hit !== null || place.at === "row");
    const found = await nearest(
      name,
      forward && hit ? at + 1 : forward || hit ? at : at + 1,
      forward,
    );
    setHit(found);
    if (!found) return;
    const row = filtered ? found.place : found.number - base;
    if (place.at === "end") setPlace({ at: "row", row: Math.max(0, row - 3), hidden: 0 });
    setChosen({ from: row, to: row });
    list.current?.reveal(row);
  };

  const change = (next: Partial<LogSearch>) => {
    setSearch({ ...search, ...next });
    setHit(null);
    const refiltered = isFiltered({ ...search, ...next }) || filtered;
    if (refiltered) {
      setChosen(null);
      setPlace({ at: "end" });
    }
  };

  const copy = async (prefix: boolean) => {
    const [low, high] = chosen
      ? [Math.min(chosen.from, chosen.to), Math.max(chosen.from, chosen.to) + 1]
      : drawn.current;
    const { value } = await call<string>("log_text", {
      log: name,
      from: low + base,
      until: high + base,
      found: filtered,
      prefix,
    });
    await copyText(value);
    toast({ state: "ok", title: words.copied(format.number(high - low)) });
  };

  const live = useOrder("log_live");
  const refresh = useOrder("log_refresh");
  const stop = useOrder("log_save_stop");
  const save = useOrder("log_save", {
    onDone: (saved) => {
      if (saved) {
        const said = [format.number(saved.lines), format.bytes(saved.bytes)] as const;
        toast({
          state: "ok",
          title: words.saved(visible(saved.path)),
          text: words.savedText(...said),
        });
      }
    },
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const mod = event.ctrlKey || event.metaKey;
    if (mod && event.key.toLowerCase() === "c" && chosen && document.getSelection()?.isCollapsed) {
      event.preventDefault();
      void copy(event.shiftKey);
    } else if (!mod && event.key === "Enter" && chosen) {
      event.preventDefault();
      setDetails(!details);
    } else if (event.key === "Escape" && details) {
      event.preventDefault();
      setDetails(false);
    }
  };

  const versions = [...parts]
    .sort((a, b) => (b.created ?? "").localeCompare(a.created ?? ""))
    .map((part) => part.version)
    .filter((version, at, all) => all.indexOf(version) === at);
  const look = {
    times: view.times,
    now: now.getTime(),
    wrap: view.wrap,
    json: view.json,
    named: of.kind !== "container",
    colours: view.colours,
    parts: new Map(parts.map((part) => [part.source, part])),
    versions,
    columns,
    needle: search.regex ? "" : search.text.toLowerCase(),
  };
  const droppedUntil = log?.dropped_until;
  const line = chosen ? lineAt(chosen.to) : undefined;
  const failed = feed.state.state === "error" ? feed.state.error : null;
  const label =
    of.kind === "group"
      ? words.ofGroup(visible(tab.name ?? ""))
      : text.instance.log.of(visible(of.pod));

  return (
    <Panel>
      <LogTools
        search={search}
        onSearch={change}
        wrong={wrong}
        log={log}
        hit={hit}
        onStep={(forward) => void step(forward)}
        onLeave={() => list.current?.focus()}
        parts={parts}
        fields={fieldsOf(rows.inSight())}
        columns={columns}
        onColumns={setColumns}
        run={of.kind === "group" ? null : run}
        onRun={onRun}
        from={from}
        onFrom={onFrom}
        following={place.at === "end"}
        onFollow={(follow) => {
          if (follow) setPlace({ at: "end" });
          else setPlace({ at: "row", row: drawn.current[0], hidden: 0 });
        }}
        onLive={(on) => void live.run({ log: name, live: on })}
        onRefresh={() => void refresh.run(name)}
        onCopy={(prefix) => void copy(prefix)}
        onSave={(found, prefix) =>
          void save.run({
            log: name,
            title: words.save,
            name: `${(of.kind === "group" ? tab.name : of.pod) ?? "log"}.log`,
            found,
            prefix,
          })
        }
        filtered={filtered}
      />
      {failed && total === 0 ? (
        <div className={css.failed}>
          <ErrorState error={failed} onRetry={onAgain} />
        </div>
      ) : (
        <div className={css.body}>
          <TallList
            ref={list}
            count={count}
            rowHeight={LOG_ROW}
            estimate={
              view.wrap
                ? (row, width) =>
                    LOG_ROW *
                    Math.max(1, Math.ceil(((lineAt(row)?.text.length ?? 0) * 7.2 + 160) / width))
                : undefined
            }
            place={place}
            onPlace={setPlace}
            onShown={(low, high) => {
              drawn.current = [low, high];
              shown.show(low, high);
            }}
            current={chosen?.to ?? null}
            onCurrent={(row, extend) =>
              setChosen({ from: extend && chosen ? chosen.from : row, to: row })
            }
            label={label}
            scrollLabel={words.scroll}
            onKeyDown={onKeyDown}
          >
            {(row) => {
              if (row < head) {
                const until = droppedUntil ? format.exact(droppedUntil) : "";
                return <LogNote>{words.dropped(format.number(dropped), until)}</LogNote>;
              }
              const line = lineAt(row);
              if (!line) return <LogNote> </LogNote>;
              const [low, high] = chosen
                ? [Math.min(chosen.from, chosen.to), Math.max(chosen.from, chosen.to)]
                : [-1, -1];
              return (
                // biome-ignore lint/a11y/noStaticElementInteractions: keys choose a line in the list itself
                // biome-ignore lint/a11y/useKeyWithClickEvents: keys choose a line in the list itself
                <div
                  onClick={(event) => {
                    if (!document.getSelection()?.isCollapsed) return;
                    setChosen({ from: event.shiftKey && chosen ? chosen.from : row, to: row });
                  }}
                  onDoubleClick={() => setDetails(true)}
                >
                  <LogLineRow
                    line={line}
                    look={look}
                    current={row === chosen?.to}
                    selected={row >= low && row <= high}
                    text={text}
                    format={format}
                  />
                </div>
              );
            }}
          </TallList>
          {details && line ? (
            <LogDetails
              key={line.number}
              log={name}
              line={line}
              part={look.parts.get(line.source)}
              onClose={() => {
                setDetails(false);
                list.current?.focus();
              }}
            />
          ) : null}
        </div>
      )}
      <LogFoot
        log={log}
        parts={parts}
        joins={of.kind === "group"}
        trouble={failed && total > 0 ? sayError(failed, text).title : null}
        silent={silent}
        onStop={() => void stop.run(name)}
      >
        {failed && total > 0 ? (
          <Button kind="link" onClick={onAgain}>
            {text.instance.log.retry}
          </Button>
        ) : null}
      </LogFoot>
    </Panel>
  );
}

/** The containers of a log. The same list until one of them changes: the log itself changes with every line. */
function usePartsOf(rows: readonly LogRow[]): LogPart[] {
  const now = rows.filter((row): row is { kind: "part" } & LogPart => row.kind === "part");
  const [parts, setParts] = useState(now);
  if (parts.length === now.length && now.every((part, at) => part === parts[at])) return parts;
  setParts(now);
  return now;
}

function pagesOf(log: string, found: boolean): LogPages {
  return new LogPages(
    async (from, count) =>
      (await call<LogRows>("log_rows", { log, from, count, found, whole: false })).value,
  );
}

/** Names of the fields of JSON lines. */
function fieldsOf(lines: LogLine[]): string[] {
  const names = lines.flatMap((line) => jsonLine(line.text)?.fields.map(([name]) => name) ?? []);
  return [...new Set(names)].sort();
}
