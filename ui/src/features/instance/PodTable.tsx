import { Cable, Folder, MoreHorizontal, ScrollText, SquareTerminal } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useOpenFiles } from "~/app/file/open";
import { useOpenForwards } from "~/app/forward/open";
import { useOpenTerminal } from "~/app/terminal/open";
import { useCall } from "~/data";
import { type Catalogue, type Format, ruleWord, statusWord, useFormat, useText } from "~/i18n";
import {
  Button,
  type Column,
  cx,
  IconButton,
  Menu,
  PodName,
  Quantity,
  Sparkline,
  Status,
  Table,
  useNow,
  VersionTag,
  visible,
} from "~/kit";
import { healthMark } from "~/kit/health";
import { useNarrow } from "~/kit/media";
import type { GroupView, InstanceRow, InstanceSummary, Rule } from "~/wire/types";
import { EvictDialog } from "./EvictDialog";
import css from "./instance.module.css";
import { type InstanceList, nextOrder, type Order } from "./list";
import { PodSelection } from "./PodSelection";
import { age, exitWords } from "./pods";

/** The pods of a group, one a row; what fails says why in a second line. */
export function PodTable({
  view,
  list,
  summary,
  stale,
  open,
  onOpen,
  onLog,
  sorted,
  onSort,
}: {
  view: GroupView;
  list: InstanceList;
  summary: InstanceSummary;
  stale: boolean;
  open: string | undefined;
  onOpen: (id: string) => void;
  onLog: (pod: InstanceRow, previous: boolean) => void;
  sorted: Order | undefined;
  onSort: (order: string | undefined) => void;
}) {
  const text = useText();
  const columns = useColumns(summary.cpu_peak, summary.memory_peak, stale);
  const tools = useTools(view, stale);
  const { rows } = list;
  // A pod that is ticked stays so out of sight, by its name.
  const [ticked, setTicked] = useState<ReadonlyMap<string, string>>(new Map());
  const [leaving, setLeaving] = useState(false);
  const chosen = [...ticked].map(([uid, name]) => ({ uid, name }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "l" || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as Element;
    if (target.closest("input, textarea")) return;
    // The header is row 1 for a reader, so the first pod is row 2.
    const at = Number(target.closest("[role=row]")?.getAttribute("aria-rowindex")) - 2;
    const pod = rows.find((row) => row.at === at);
    if (!pod) return;
    event.preventDefault();
    onLog(pod, false);
  };

  return (
    <div className={css.place} role="group" aria-label={text.instance.noun} onKeyDown={onKeyDown}>
      <Table
        label={text.instance.noun}
        rows={rows}
        part={{ total: summary.matching, from: rows[0]?.at ?? 0 }}
        onRange={list.onRange}
        sorted={sorted}
        onSort={(key) => onSort(nextOrder(sorted, key))}
        columns={columns}
        rowKey={(pod) => pod.id}
        rowLabel={(pod) => visible(pod.name)}
        selected={open ?? null}
        onSelect={(id, pod) => {
          // Pressed once it opens the pod, pressed again its log.
          if (id === open) onLog(pod, false);
          else onOpen(id);
        }}
        checked={new Set(ticked.keys())}
        onCheck={(keys) => {
          const names = new Map(rows.map((pod) => [pod.id, pod.name]));
          setTicked(
            new Map([...keys].map((uid) => [uid, names.get(uid) ?? ticked.get(uid) ?? ""])),
          );
        }}
        failing={(pod) => pod.health === "danger" && !stale}
        detail={(pod) =>
          ["danger", "warn"].includes(pod.health) && (pod.reason || pod.last_exit) ? (
            <Why pod={pod} onLog={() => onLog(pod, true)} />
          ) : null
        }
        actions={(pod) => <RowActions pod={pod} tools={tools} onLog={onLog} />}
        actionsWidth={108}
      />
      {chosen.length > 0 ? (
        <PodSelection
          view={view}
          pods={chosen}
          stale={stale}
          onEvict={() => setLeaving(true)}
          onClear={() => setTicked(new Map())}
        />
      ) : null}
      {leaving ? (
        <EvictDialog
          view={view}
          pods={chosen}
          onDone={() => setTicked(new Map())}
          onClose={() => setLeaving(false)}
        />
      ) : null}
    </div>
  );
}

/** What can be done with any pod of a group, asked once for all its rows. */
function useTools(view: GroupView, stale: boolean) {
  const text = useText();
  const words = text.instance;
  const rights = useCall("group_rights", view.id, { enabled: !stale }).data;
  const lacks = (rule: Rule | null | undefined) => (rule ? words.lacks(ruleWord(rule)) : null);
  const blind = stale ? words.needsCluster(visible(view.card.link_name ?? "")) : null;
  return {
    text,
    view,
    offline: stale,
    logs: lacks(rights?.logs),
    shell: lacks(rights?.shell) ?? blind,
    forward: lacks(rights?.forward),
    openTerminal: useOpenTerminal(),
    openFiles: useOpenFiles(),
    openForwards: useOpenForwards(),
  };
}

/** What can be done with one pod; what may not be says which right is missing. */
function RowActions({
  pod,
  tools,
  onLog,
}: {
  pod: InstanceRow;
  tools: ReturnType<typeof useTools>;
  onLog: (pod: InstanceRow, previous: boolean) => void;
}) {
  const { text, view } = tools;
  const words = text.instance;
  const name = visible(pod.name).slice(-5);
  return (
    <>
      <IconButton
        small
        icon={ScrollText}
        label={words.logOf(name)}
        locked={tools.logs}
        onClick={() => onLog(pod, false)}
      />
      <IconButton
        small
        icon={SquareTerminal}
        label={text.terminal.of(name)}
        locked={tools.shell}
        onClick={() =>
          tools.openTerminal({ group: view.id, pod: pod.name, container: pod.container })
        }
      />
      <IconButton
        small
        icon={Folder}
        label={text.file.openOf(name)}
        locked={tools.shell}
        onClick={() =>
          tools.openFiles({ group: view.id, pod: pod.name, uid: pod.id, container: pod.container })
        }
      />
      <Menu
        align="end"
        trigger={<IconButton small icon={MoreHorizontal} label={words.moreOf(name)} />}
        items={[
          {
            key: "forward",
            label: text.forward.open,
            icon: Cable,
            disabled: tools.offline || tools.forward !== null,
            note: tools.forward ?? undefined,
            onSelect: () =>
              tools.openForwards(view.app, { kind: "pod", group: view.id, pod: pod.name }),
          },
        ]}
      />
    </>
  );
}

/** Peaks: millicores and bytes, the tops of the curves. */
function useColumns(cpuPeak: number, memoryPeak: number, stale: boolean): Column<InstanceRow>[] {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const now = useNow(30_000);
  const words = text.instance.column;
  const columns: Column<InstanceRow>[] = [
    {
      key: "status",
      header: words.status,
      width: "minmax(132px, 1fr)",
      cell: (pod) => (
        <Status state={healthMark(pod.health, stale)} tone={stale ? "plain" : undefined} still>
          {visible(statusWord(pod.status, stale, text))}
        </Status>
      ),
    },
    {
      key: "pod",
      header: words.pod,
      width: "minmax(124px, 1fr)",
      cell: (pod) => <PodName name={pod.name} />,
    },
    {
      key: "version",
      header: words.version,
      width: "minmax(76px, 0.8fr)",
      cell: (pod) => <VersionTag version={pod.version} role={pod.new ? "new" : "old"} />,
    },
    {
      key: "ready",
      header: words.ready,
      width: "44px",
      align: "end",
      cell: (pod) => `${pod.ready_containers}/${pod.containers}`,
    },
    {
      key: "restarts",
      header: words.restarts,
      width: "60px",
      align: "end",
      cell: (pod) => <Restarts pod={pod} stale={stale} now={now} />,
    },
    {
      key: "cpu",
      header: words.cpu,
      width: "92px",
      align: "end",
      cell: (pod) => (
        <Figure
          pod={pod}
          values={pod.cpu}
          max={cpuPeak}
          amount={pod.cpu_milli === null ? null : format.cpuParts(pod.cpu_milli)}
          label={words.cpu}
          tight
        />
      ),
    },
    {
      key: "memory",
      header: words.memory,
      width: "104px",
      align: "end",
      cell: (pod) => (
        <Figure
          pod={pod}
          values={pod.memory}
          max={memoryPeak}
          amount={pod.memory_bytes === null ? null : format.byteParts(pod.memory_bytes)}
          label={words.memory}
        />
      ),
    },
  ];
  if (!narrow) {
    columns.push(
      {
        key: "node",
        header: <span className={css.after}>{words.node}</span>,
        width: "minmax(156px, 1.6fr)",
        cell: (pod) => (
          <span
            className={cx(css.muted, css.after)}
            title={[pod.node, pod.host_ip].filter(Boolean).map(visible).join(" · ")}
          >
            {visible(pod.node) || "–"} <span className={css.host}>{visible(pod.host_ip)}</span>
          </span>
        ),
      },
      {
        key: "ip",
        header: words.ip,
        width: "minmax(88px, 0.9fr)",
        cell: (pod) => <span className={css.mono}>{visible(pod.ip) || "–"}</span>,
      },
      {
        key: "age",
        header: words.age,
        width: "48px",
        align: "end",
        cell: (pod) =>
          pod.created ? (
            <span className={css.muted} title={format.exact(pod.created)}>
              {age(pod.created, now, format)}
            </span>
          ) : (
            "–"
          ),
      },
    );
  }
  return columns.map((column) => ({ ...column, sorts: true }));
}

/** How often, and on hover why the last time. */
function Restarts({ pod, stale, now }: { pod: InstanceRow; stale: boolean; now: Date }) {
  const text = useText();
  const format = useFormat();
  return (
    <span
      title={pod.last_exit ? exitWords(pod.last_exit, now, text, format) : undefined}
      className={
        pod.health === "danger" && pod.restarts > 0 && !stale
          ? css.restarts
          : pod.restarts === 0
            ? css.subtle
            : undefined
      }
    >
      {format.number(pod.restarts)}
    </span>
  );
}

/** Exit code, why, how long ago, what the container said, and the way to its log. */
function Why({ pod, onLog }: { pod: InstanceRow; onLog: () => void }) {
  const text = useText();
  const format = useFormat();
  const now = useNow(1_000);
  const said = whyWords(pod, now, text, format);
  const message = pod.reason?.message ?? pod.last_exit?.message ?? "";
  return (
    <span className={css.why}>
      <span className={css.whyText} title={visible(message)}>
        {said === null ? null : message ? text.instance.exitSaid(said) : said}
        {message ? <code>{visible(message)}</code> : null}
      </span>
      {pod.last_exit ? (
        <Button kind="link" onClick={onLog}>
          {text.instance.logBeforeCrash}
        </Button>
      ) : null}
    </span>
  );
}

function whyWords(pod: InstanceRow, now: Date, text: Catalogue, format: Format): string | null {
  if (pod.last_exit) return exitWords(pod.last_exit, now, text, format);
  const code = pod.reason?.code ?? null;
  return code === null ? null : text.instance.exitCode(String(code));
}

/** A figure of now, and the curve of those before it. */
function Figure({
  pod,
  values,
  max,
  amount,
  label,
  tight,
}: {
  pod: InstanceRow;
  values: number[];
  max: number;
  amount: { value: string; unit: string } | null;
  label: string;
  tight?: boolean;
}) {
  const words = useText().instance;
  if (amount === null) {
    return (
      <span className={css.subtle} title={words.noMetrics}>
        –
      </span>
    );
  }
  return (
    <>
      {values.length > 1 ? (
        <Sparkline
          values={values}
          max={max}
          tone={pod.new ? "new" : "old"}
          width={40}
          label={words.curve(label, `${amount.value} ${amount.unit}`.trim())}
        />
      ) : null}
      <span className={tight ? css.figureTight : css.figure}>
        <Quantity value={amount.value} unit={amount.unit} tight={tight ?? false} />
      </span>
    </>
  );
}
