import {
  ArrowDownToLine,
  CaseSensitive,
  ChevronDown,
  ChevronUp,
  Clock,
  Copy,
  Download,
  ListFilter,
  Pause,
  Play,
  RefreshCw,
  Regex,
  Search,
  SlidersHorizontal,
  WrapText,
} from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  IconButton,
  Input,
  Menu,
  type MenuItem,
  PanelTools,
  Segment,
  visible,
} from "~/kit";
import type { LogFrom, LogLevel, LogLive, LogPart } from "~/wire/types";
import type { LogSearch } from "./find";
import css from "./LogPanel.module.css";
import { LogRangeDialog } from "./LogRangeDialog";
import { type LogTimes, useLogView } from "./view";

const LEVELS: LogLevel[] = ["trace", "debug", "info", "warn", "error", "fatal"];
/** From this level up. */
const FLOORS: LogLevel[] = ["debug", "info", "warn", "error"];
const CONTEXTS = [0, 1, 3, 10];
const TAILS = [500, 2_000, 10_000];
/** Seconds. */
const AGES = [300, 3_600, 86_400];
const TIMES: LogTimes[] = ["local", "utc", "relative", "off"];

export interface LogToolsProps {
  search: LogSearch;
  onSearch: (change: Partial<LogSearch>) => void;
  /** Why the text is no regular expression. */
  wrong: string | null;
  log: LogLive | undefined;
  hit: { ordinal: number } | null;
  onStep: (forward: boolean) => void;
  /** The keyboard goes on in the lines. */
  onLeave: () => void;
  parts: LogPart[];
  /** Of the JSON lines in sight, and those that are columns. */
  fields: string[];
  columns: string[];
  onColumns: (columns: string[]) => void;
  /** Null where runs can not be chosen. */
  run: "current" | "previous" | null;
  onRun: (run: "current" | "previous") => void;
  from: LogFrom;
  onFrom: (from: LogFrom) => void;
  following: boolean;
  onFollow: (follow: boolean) => void;
  onLive: (live: boolean) => void;
  onRefresh: () => void;
  onCopy: (prefix: boolean) => void;
  onSave: (found: boolean, prefix: boolean) => void;
  filtered: boolean;
}

export function LogTools(props: LogToolsProps) {
  const { log, run, following } = props;
  const text = useText();
  const words = text.log;
  const view = useLogView();
  return (
    <PanelTools lack="scrolls" role="toolbar" aria-label={words.tools}>
      <Find {...props} />
      <Menu
        align="start"
        trigger={
          <Button small kind="ghost" icon={SlidersHorizontal}>
            {words.show}
          </Button>
        }
        items={useShowItems(props)}
      />
      <FromMenu from={props.from} onFrom={props.onFrom} />
      {run === null ? null : (
        <Segment
          label={text.instance.log.run}
          value={run}
          onChange={props.onRun}
          options={[
            { value: "current", label: text.instance.log.current },
            { value: "previous", label: text.instance.log.previous },
          ]}
        />
      )}
      <span className={css.space} />
      <IconButton
        small
        icon={WrapText}
        label={text.instance.log.wrap}
        pressed={view.wrap}
        kind={view.wrap ? "tint" : "ghost"}
        onClick={() => view.set({ wrap: !view.wrap })}
      />
      <Menu
        align="end"
        trigger={<IconButton small icon={Clock} label={words.time} />}
        items={TIMES.map((times) => ({
          key: times,
          label: words.times[times],
          current: view.times === times,
          onSelect: () => view.set({ times }),
        }))}
      />
      <Menu
        align="end"
        trigger={<IconButton small icon={Copy} label={text.common.copy} />}
        items={[
          {
            key: "bare",
            label: words.copy,
            keys: ["Ctrl", "C"],
            onSelect: () => props.onCopy(false),
          },
          { key: "prefix", label: words.copyPrefix, onSelect: () => props.onCopy(true) },
        ]}
      />
      <Menu
        align="end"
        trigger={<IconButton small icon={Download} label={words.save} />}
        items={[
          { key: "all", label: words.saveAll, onSelect: () => props.onSave(false, false) },
          {
            key: "all prefix",
            label: words.saveAllPrefix,
            onSelect: () => props.onSave(false, true),
          },
          {
            key: "found",
            label: words.saveFound,
            separated: true,
            disabled: !log?.found,
            onSelect: () => props.onSave(true, false),
          },
          {
            key: "found prefix",
            label: words.saveFoundPrefix,
            disabled: !log?.found,
            onSelect: () => props.onSave(true, true),
          },
        ]}
      />
      <IconButton
        small
        icon={log?.live === false ? Play : Pause}
        label={log?.live === false ? words.goOn : words.pause}
        onClick={() => props.onLive(log?.live === false)}
      />
      {log?.live === false ? (
        <IconButton small icon={RefreshCw} label={words.refresh} onClick={props.onRefresh} />
      ) : null}
      <Button
        small
        kind={following ? "tint" : "default"}
        icon={ArrowDownToLine}
        aria-pressed={following}
        onClick={() => props.onFollow(!following)}
      >
        {following ? text.common.following : text.common.follow}
      </Button>
    </PanelTools>
  );
}

/** What is looked for, and how many lines have it. */
function Find({ search, onSearch, wrong, log, hit, onStep, onLeave }: LogToolsProps) {
  const text = useText();
  const words = text.log;
  const format = useFormat();
  const found = search.text === "" ? null : (log?.found ?? null);
  const looking = found !== null && found.seen < found.total;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      onStep(!event.shiftKey);
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      onLeave();
    }
  };
  return (
    <>
      <Input
        className={css.search}
        icon={Search}
        type="search"
        aria-label={text.instance.log.search}
        placeholder={text.instance.log.search}
        value={search.text}
        invalid={wrong !== null}
        title={wrong ?? undefined}
        onChange={(value) => onSearch({ text: value })}
        onKeyDown={onKeyDown}
        suffix={
          wrong !== null ? (
            <span className={css.wrong} role="alert">
              {words.notRegex}
            </span>
          ) : found === null ? null : (
            <span className={css.hits} role="status">
              {hit
                ? words.hitOf(format.number(hit.ordinal), format.number(found.count))
                : words.hits(format.number(found.count))}
              {looking ? ` · ${format.percent(found.seen / Math.max(1, found.total))}` : ""}
            </span>
          )
        }
      />
      <IconButton
        small
        icon={ChevronUp}
        label={text.common.previousMatch}
        disabled={!found?.count}
        onClick={() => onStep(false)}
      />
      <IconButton
        small
        icon={ChevronDown}
        label={text.common.nextMatch}
        disabled={!found?.count}
        onClick={() => onStep(true)}
      />
      <IconButton
        small
        icon={Regex}
        label={words.regex}
        pressed={search.regex}
        kind={search.regex ? "tint" : "ghost"}
        onClick={() => onSearch({ regex: !search.regex })}
      />
      <IconButton
        small
        icon={CaseSensitive}
        label={words.case}
        pressed={search.case}
        kind={search.case ? "tint" : "ghost"}
        onClick={() => onSearch({ case: !search.case })}
      />
      <IconButton
        small
        icon={ListFilter}
        label={words.only}
        pressed={search.only !== null}
        kind={search.only !== null ? "tint" : "ghost"}
        onClick={() => onSearch({ only: search.only === null ? 0 : null })}
      />
    </>
  );
}

/** Which lines, and how they look. */
function useShowItems({
  search,
  onSearch,
  parts,
  fields,
  columns,
  onColumns,
}: LogToolsProps): MenuItem[] {
  const words = useText().log;
  const format = useFormat();
  const view = useLogView();
  const floor = search.levels[0];
  const toggled = <Of,>(all: Of[], one: Of) =>
    all.includes(one) ? all.filter((other) => other !== one) : [...all, one];
  const several = parts.length > 1;
  return [
    {
      key: "any",
      label: words.allLevels,
      current: search.levels.length === 0,
      onSelect: () => onSearch({ levels: [] }),
    },
    ...FLOORS.map((level) => ({
      key: level,
      label: words.fromLevel(level.toUpperCase()),
      current: floor === level,
      onSelect: () => onSearch({ levels: LEVELS.slice(LEVELS.indexOf(level)) }),
    })),
    ...(search.only === null
      ? []
      : CONTEXTS.map((context, at) => ({
          key: `context ${context}`,
          label: words.context(format.number(context)),
          current: search.only === context,
          separated: at === 0,
          onSelect: () => onSearch({ only: context }),
        }))),
    ...(several
      ? [
          {
            key: "parts",
            label: words.allParts,
            separated: true,
            current: search.sources.length === 0,
            onSelect: () => onSearch({ sources: [] }),
          },
          ...parts.map(({ source, pod, container }) => ({
            key: `part ${source}`,
            label: `${visible(pod).slice(-5)} · ${visible(container)}`,
            current: search.sources.includes(source),
            onSelect: () => onSearch({ sources: toggled(search.sources, source) }),
          })),
          {
            key: "colours",
            label: view.colours === "pod" ? words.byVersion : words.byPod,
            separated: true,
            onSelect: () => view.set({ colours: view.colours === "pod" ? "version" : "pod" }),
          },
        ]
      : []),
    {
      key: "json",
      label: view.json ? words.jsonOff : words.jsonOn,
      separated: !several,
      onSelect: () => view.set({ json: !view.json }),
    },
    ...(view.json
      ? [...new Set([...columns, ...fields])].map((field, at) => ({
          key: `field ${field}`,
          label: words.column(visible(field)),
          current: columns.includes(field),
          separated: at === 0,
          onSelect: () => onColumns(toggled(columns, field)),
        }))
      : []),
  ];
}

/** Where the log begins. */
function FromMenu({ from, onFrom }: { from: LogFrom; onFrom: (from: LogFrom) => void }) {
  const words = useText().log;
  const format = useFormat();
  const [range, setRange] = useState(false);
  const say = (one: LogFrom): string => {
    if (one.kind === "tail") return words.tail(format.number(one.lines));
    if (one.kind === "since")
      return words.since[one.seconds === 300 ? "minutes" : one.seconds === 3_600 ? "hour" : "day"];
    if (one.kind === "beginning") return words.beginning;
    return words.range(format.exact(one.from), one.until === null ? "" : format.exact(one.until));
  };
  const known: LogFrom[] = [
    ...TAILS.map((lines) => ({ kind: "tail" as const, lines })),
    ...AGES.map((seconds) => ({ kind: "since" as const, seconds })),
    { kind: "beginning" },
  ];
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button small kind="ghost">
            {say(from)}
          </Button>
        }
        items={[
          ...known.map((one) => ({
            key: JSON.stringify(one),
            label: say(one),
            current: JSON.stringify(one) === JSON.stringify(from),
            onSelect: () => onFrom(one),
          })),
          {
            key: "range",
            label: words.rangeChoose,
            separated: true,
            onSelect: () => setRange(true),
          },
        ]}
      />
      {range ? (
        <LogRangeDialog
          onClose={() => setRange(false)}
          onChoose={(chosen) => {
            setRange(false);
            onFrom(chosen);
          }}
        />
      ) : null}
    </>
  );
}
