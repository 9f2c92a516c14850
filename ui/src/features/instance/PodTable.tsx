import { ScrollText } from "lucide-react";
import type { KeyboardEvent } from "react";
import { type Format, useFormat, useText } from "~/i18n";
import {
  Button,
  type Column,
  cx,
  IconButton,
  PodName,
  Quantity,
  Status,
  Table,
  useNow,
  VersionTag,
  visible,
} from "~/kit";
import { healthMark } from "~/kit/health";
import { useNarrow } from "~/kit/media";
import type { Instance } from "~/wire/types";
import css from "./instance.module.css";
import { age, isNew, statusWord } from "./pods";

/** The pods of a group, one a row; what fails says why in a second line. */
export function PodTable({
  pods,
  moving,
  stale,
  open,
  onOpen,
  onLog,
}: {
  pods: Instance[];
  moving: string | null;
  stale: boolean;
  open: string | undefined;
  onOpen: (id: string) => void;
  onLog: (pod: Instance, previous: boolean) => void;
}) {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const now = useNow(30_000);
  const words = text.instance.column;

  const columns: Column<Instance>[] = [
    {
      key: "status",
      header: words.status,
      width: "minmax(150px, 1.2fr)",
      cell: (pod) => (
        <Status state={healthMark(pod.health, stale)} tone={stale ? "plain" : undefined} still>
          {statusWord(pod.status, stale, text)}
        </Status>
      ),
    },
    {
      key: "pod",
      header: words.pod,
      width: "minmax(150px, 1.2fr)",
      cell: (pod) => <PodName name={pod.name} />,
    },
    {
      key: "version",
      header: words.version,
      width: "minmax(90px, 1fr)",
      cell: (pod) => <VersionTag version={pod.version} role={isNew(pod, moving) ? "new" : "old"} />,
    },
    {
      key: "ready",
      header: words.ready,
      width: "52px",
      align: "end",
      cell: (pod) => `${pod.ready_containers}/${pod.containers}`,
    },
    {
      key: "restarts",
      header: words.restarts,
      width: "64px",
      align: "end",
      cell: (pod) => (
        <span
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
      ),
    },
    {
      key: "cpu",
      header: words.cpu,
      width: "76px",
      align: "end",
      cell: (pod) => <Cpu milli={pod.cpu_milli} format={format} none={text.instance.noMetrics} />,
    },
    {
      key: "memory",
      header: words.memory,
      width: "88px",
      align: "end",
      cell: (pod) => (
        <Memory bytes={pod.memory_bytes} format={format} none={text.instance.noMetrics} />
      ),
    },
  ];
  if (!narrow) {
    columns.push(
      {
        key: "node",
        header: <span className={css.after}>{words.node}</span>,
        width: "minmax(90px, 1fr)",
        cell: (pod) => (
          <span className={cx(css.muted, css.after)} title={visible(pod.node)}>
            {visible(pod.node) || "–"}
          </span>
        ),
      },
      {
        key: "ip",
        header: words.ip,
        width: "minmax(96px, 1fr)",
        cell: (pod) => <span className={css.mono}>{visible(pod.ip) || "–"}</span>,
      },
      {
        key: "age",
        header: words.age,
        width: "72px",
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

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "l" || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as Element;
    if (target.closest("input, textarea")) return;
    // The header is row 1 for a reader, so the first pod is row 2.
    const index = Number(target.closest("[role=row]")?.getAttribute("aria-rowindex")) - 2;
    const pod = pods[index];
    if (!pod) return;
    event.preventDefault();
    onLog(pod, false);
  };

  return (
    <div className={css.place} role="group" aria-label={text.instance.noun} onKeyDown={onKeyDown}>
      <Table
        label={text.instance.noun}
        rows={pods}
        columns={columns}
        rowKey={(pod) => pod.id}
        rowLabel={(pod) => visible(pod.name)}
        selected={open ?? null}
        onSelect={(id, pod) => {
          // Pressed once it opens the pod, pressed again its log.
          if (id === open) onLog(pod, false);
          else onOpen(id);
        }}
        failing={(pod) => pod.health === "danger" && !stale}
        detail={(pod) =>
          pod.health === "danger" && (pod.reason || pod.last_exit) ? (
            <Why pod={pod} onLog={() => onLog(pod, true)} />
          ) : null
        }
        actions={(pod) => (
          <IconButton
            small
            icon={ScrollText}
            label={text.instance.logOf(visible(pod.name).slice(-5))}
            onClick={() => onLog(pod, false)}
          />
        )}
        actionsWidth={32}
      />
    </div>
  );
}

/** Exit code, how long ago, what the container said, and the way to its log. */
function Why({ pod, onLog }: { pod: Instance; onLog: () => void }) {
  const text = useText();
  const format = useFormat();
  const now = useNow(1_000);
  const code = pod.reason?.code ?? pod.last_exit?.code ?? null;
  const finished = pod.last_exit?.finished;
  const exit =
    code === null
      ? null
      : finished
        ? text.instance.exit(String(code), format.relative(finished, now))
        : text.instance.exitCode(String(code));
  const message = pod.reason?.message ?? pod.last_exit?.message ?? "";
  return (
    <span className={css.why}>
      <span className={css.whyText} title={visible(message)}>
        {exit === null ? null : message ? text.instance.exitSaid(exit) : exit}
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

function Cpu({ milli, format, none }: { milli: number | null; format: Format; none: string }) {
  if (milli === null) return <Missing title={none} />;
  const { value, unit } = format.cpuParts(milli);
  return <Quantity value={value} unit={unit} tight />;
}

function Memory({ bytes, format, none }: { bytes: number | null; format: Format; none: string }) {
  if (bytes === null) return <Missing title={none} />;
  const { value, unit } = format.byteParts(bytes);
  return <Quantity value={value} unit={unit} />;
}

function Missing({ title }: { title: string }) {
  return (
    <span className={css.subtle} title={title}>
      –
    </span>
  );
}
