import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useOpenLog } from "~/app/log/open";
import { statusWord, useFormat, useText } from "~/i18n";
import { type Column, Icon, PodCells, PodName, Quantity, Status, Table, visible } from "~/kit";
import { cellState, healthMark } from "~/kit/health";
import { useNarrow } from "~/kit/media";
import type { EventFact, Instance, ReleaseView } from "~/wire/types";
import { newestEvents } from "./diagnosis";
import css from "./release.module.css";
import { hasEnded } from "./state";

/** The pods that this release brings in, and while it is under way the ones it replaces. */
export function ReleasePods({
  view,
  fresh,
  old,
  events,
  stale,
}: {
  view: ReleaseView;
  fresh: Instance[];
  old: Instance[];
  events: readonly EventFact[];
  stale: boolean;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.release;
  const [oldShown, setOldShown] = useState(false);
  const from = view.row.from_version;
  const ended = hasEnded(view.row.state);
  return (
    <>
      <section className={css.pods}>
        <h3>{view.label ? words.newPods(view.label) : words.newPodsBare}</h3>
        {fresh.length === 0 ? (
          <p className={css.none}>{ended ? words.noNewPods : words.noNewPodsYet}</p>
        ) : (
          <PodTable view={view} pods={fresh} events={events} edge="new" stale={stale} />
        )}
      </section>
      {old.length > 0 ? (
        <section className={css.pods}>
          <button
            type="button"
            className={css.fold}
            aria-expanded={oldShown}
            onClick={() => setOldShown(!oldShown)}
          >
            <Icon of={oldShown ? ChevronDown : ChevronRight} size={14} />
            <PodCells
              pods={old.map((pod) => ({
                state: cellState({ new: false, ready: pod.ready, health: pod.health }, stale),
                name: pod.name,
              }))}
            />
            <span>
              {from ? words.oldPods(visible(from)) : words.oldPodsBare}
              <span className={css.subtle}>
                {" · "}
                {words.podsReady(
                  format.number(old.filter((pod) => pod.ready).length),
                  format.number(old.length),
                )}
              </span>
            </span>
          </button>
          {oldShown ? (
            <PodTable view={view} pods={old} events={events} edge="old" stale={stale} />
          ) : null}
        </section>
      ) : null}
    </>
  );
}

function PodTable({
  view,
  pods,
  events,
  edge,
  stale,
}: {
  view: ReleaseView;
  pods: Instance[];
  events: readonly EventFact[];
  edge: "old" | "new";
  stale: boolean;
}) {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const openLog = useOpenLog();
  const words = text.instance.column;

  const columns: Column<Instance>[] = [
    {
      key: "status",
      header: words.status,
      width: "minmax(144px, 1fr)",
      cell: (pod) => (
        <Status state={healthMark(pod.health, stale)} tone={stale ? "plain" : undefined} still>
          {visible(statusWord(pod.status, stale, text))}
        </Status>
      ),
    },
    {
      key: "pod",
      header: words.pod,
      width: "minmax(140px, 1fr)",
      cell: (pod) => <PodName name={pod.name} />,
    },
    {
      key: "node",
      header: words.node,
      width: "minmax(80px, 0.8fr)",
      cell: (pod) => <span className={css.muted}>{visible(pod.node) || "–"}</span>,
    },
  ];
  if (!narrow) {
    columns.push(
      {
        key: "cpu",
        header: words.cpu,
        width: "60px",
        align: "end",
        cell: (pod) => {
          if (pod.cpu_milli === null) return <Missing title={text.instance.noMetrics} />;
          const { value, unit } = format.cpuParts(pod.cpu_milli);
          return <Quantity value={value} unit={unit} tight />;
        },
      },
      {
        key: "memory",
        header: words.memory,
        width: "72px",
        align: "end",
        cell: (pod) => {
          if (pod.memory_bytes === null) return <Missing title={text.instance.noMetrics} />;
          const { value, unit } = format.byteParts(pod.memory_bytes);
          return <Quantity value={value} unit={unit} />;
        },
      },
    );
  }
  columns.push(
    {
      key: "restarts",
      header: words.restarts,
      width: "60px",
      align: "end",
      cell: (pod) => (
        <span className={pod.health === "danger" && pod.restarts > 0 ? css.bad : css.subtle}>
          {format.number(pod.restarts)}
        </span>
      ),
    },
    {
      key: "last",
      header: text.release.lastEvent,
      width: "minmax(140px, 1.6fr)",
      cell: (pod) => <LastEvent pod={pod} events={events} />,
    },
  );
  return (
    <Table
      flow
      label={
        edge === "new"
          ? view.label
            ? text.release.newPods(view.label)
            : text.release.newPodsBare
          : text.release.oldPodsBare
      }
      rows={pods.toSorted(
        (a, b) =>
          Number(b.health === "danger") - Number(a.health === "danger") ||
          a.name.localeCompare(b.name, "en"),
      )}
      columns={columns}
      rowKey={(pod) => pod.id}
      rowLabel={(pod) => visible(pod.name)}
      failing={(pod) => pod.health === "danger" && !stale}
      onSelect={(_, pod) =>
        openLog({
          group: view.row.group,
          of: { kind: "container", pod: pod.name, container: pod.container },
          previous: pod.health === "danger" && pod.last_exit !== null,
        })
      }
    />
  );
}

function LastEvent({ pod, events }: { pod: Instance; events: readonly EventFact[] }) {
  const text = useText();
  const format = useFormat();
  const [last] = newestEvents(
    events.filter((event) => event.object === `Pod/${pod.name}`),
    1,
  );
  // That it became ready is a fact of the pod, not an event of the cluster.
  const readyIsNewer =
    pod.ready_since !== null && (!last?.at || new Date(pod.ready_since) >= new Date(last.at));
  if (pod.ready && pod.ready_since && readyIsNewer) {
    return (
      <span className={css.muted} title={format.exact(pod.ready_since)}>
        {text.release.readyAt(format.dateTime(pod.ready_since))}
      </span>
    );
  }
  if (!last) return <span className={css.subtle}>{text.release.noEvent}</span>;
  return (
    <span
      className={css.muted}
      title={`${last.at ? `${format.exact(last.at)} · ` : ""}${visible(last.message)}`}
    >
      {visible(last.message || last.reason)}
    </span>
  );
}

function Missing({ title }: { title: string }) {
  return (
    <span className={css.subtle} title={title}>
      –
    </span>
  );
}
