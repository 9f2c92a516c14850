import { ChartArea, Download, Table2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useView } from "~/app/page";
import { useCall, useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, EmptyState, QueryView, Segment, Select, Skeleton, toast, visible } from "~/kit";
import type { GroupView, Monitor } from "~/wire/types";
import { MonitorCharts } from "./MonitorCharts";
import { MonitorTable } from "./MonitorTable";
import { SPANS, type Span, spanOf } from "./monitor";
import css from "./monitor.module.css";
import { PodFigures } from "./PodFigures";

/** What is measured here comes by itself; a Prometheus is asked this often, ms. */
const ASK_EVERY = 60_000;

/** CPU and memory of a group over the last hours or days, with what happened meanwhile. */
export function MonitoringTab({ view }: { view: GroupView }) {
  const [since] = useView("since");
  const hours = Number(spanOf(since));
  const query = useCall("group_monitor", { group: view.id, hours }, { keep: true });
  const { refetch } = query;
  const asked = query.data !== undefined && query.data.source !== null;
  useEffect(() => {
    if (!asked) return;
    const again = setInterval(() => void refetch(), ASK_EVERY);
    return () => clearInterval(again);
  }, [asked, refetch]);
  return (
    <QueryView query={query} skeleton={<Skeleton rows={8} />}>
      {(monitor) => <Monitored view={view} monitor={monitor} hours={hours} />}
    </QueryView>
  );
}

function Monitored({ view, monitor, hours }: { view: GroupView; monitor: Monitor; hours: number }) {
  const text = useText();
  const words = text.monitor;
  const [drawn] = useView("view");
  const [one] = useView("show");
  const [at, setAt] = useState<number | null>(null);
  const known = monitor.pods.some(({ cpu, memory }) =>
    [...cpu, ...memory].some((value) => value !== null),
  );
  const pods = monitor.pods.filter(({ pod }) => one === undefined || pod === one);
  return (
    <>
      <Tools view={view} monitor={monitor} hours={hours} />
      {known ? (
        <div className={css.body}>
          {drawn === "table" ? (
            <MonitorTable monitor={monitor} pods={pods} />
          ) : (
            <>
              <MonitorCharts monitor={monitor} pods={pods} at={at} onAt={setAt} />
              <PodFigures monitor={monitor} pods={pods} />
            </>
          )}
        </div>
      ) : (
        <EmptyState icon={ChartArea} title={words.none}>
          {monitor.missing
            ? text.release.usage.missing[monitor.missing](visible(view.card.link_name ?? ""))
            : words.noneText}
        </EmptyState>
      )}
    </>
  );
}

function Tools({ view, monitor, hours }: { view: GroupView; monitor: Monitor; hours: number }) {
  const text = useText();
  const words = text.monitor;
  const format = useFormat();
  const [, setSince] = useView("since");
  const [drawn, setDrawn] = useView("view");
  const [one, setOne] = useView("show");
  const save = useOrder("monitor_export", {
    onDone: (path) => {
      if (path !== null) toast({ state: "ok", title: words.saved(visible(path)) });
    },
  });
  const first = monitor.times[0];
  return (
    <div className={css.tools}>
      <Segment<Span>
        label={words.span}
        value={spanOf(String(hours))}
        onChange={(span) => setSince(span === "3" ? undefined : span, { replace: true })}
        options={SPANS.map((span) => ({ value: span, label: words.spans[span] }))}
      />
      {first ? (
        <span className={css.subtle}>
          {words.fromTo(format.dateTime(first), format.dateTime(monitor.to))}
        </span>
      ) : null}
      <span className={css.source}>
        {monitor.source
          ? words.prometheus(visible(monitor.source))
          : monitor.since
            ? words.here(
                format.dateTime(monitor.since),
                format.duration(monitor.every_seconds * 1000),
              )
            : words.nothingHere}
      </span>
      <span className={css.right}>
        <Select
          label={words.pods}
          value={one ?? ""}
          onChange={(pod) => setOne(pod || undefined, { replace: true })}
          options={[
            { value: "", label: words.allPods },
            ...monitor.pods
              .filter(({ pod }) => pod !== "")
              .map(({ pod, version }) => ({
                value: pod,
                label: visible(pod).slice(-5),
                note: visible(version),
              })),
          ]}
        />
        <Segment<"chart" | "table">
          label={words.view}
          value={drawn === "table" ? "table" : "chart"}
          onChange={(next) => setDrawn(next === "table" ? "table" : undefined, { replace: true })}
          options={[
            { value: "chart", label: words.chart, icon: ChartArea },
            { value: "table", label: words.table, icon: Table2 },
          ]}
        />
        <Button
          icon={Download}
          busy={save.pending}
          onClick={() => void save.run({ group: view.id, hours })}
        >
          {words.csv}
        </Button>
      </span>
    </div>
  );
}
