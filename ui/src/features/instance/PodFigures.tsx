import { useFormat, useText } from "~/i18n";
import { type Column, PodName, Status, Table, VersionTag, visible } from "~/kit";
import { useNarrow } from "~/kit/media";
import type { Monitor, PodSeries } from "~/wire/types";
import { figuresOf, type Measure } from "./monitor";
import css from "./monitor.module.css";

/** From this share of its limit on, a figure is near it. */
const NEAR = 0.8;

/** What each pod takes now, took on average and at most, and how much of its limit that is. */
export function PodFigures({ monitor, pods }: { monitor: Monitor; pods: PodSeries[] }) {
  const text = useText();
  const format = useFormat();
  const words = text.monitor;
  const { bounds } = monitor;
  const narrow = useNarrow();
  const rows = pods.toSorted(
    (a, b) => (figuresOf(b, "cpu").now ?? -1) - (figuresOf(a, "cpu").now ?? -1),
  );
  const amounts = (measure: Measure): Column<PodSeries>[] => {
    const limit = measure === "cpu" ? bounds.cpu_limit : bounds.memory_limit;
    const say = (value: number | null) =>
      value === null ? "–" : measure === "cpu" ? format.cpu(value) : format.bytes(value);
    const name = text.instance.column[measure];
    return [
      {
        key: measure,
        header: name,
        width: "80px",
        align: "end",
        cell: (pod) => say(figuresOf(pod, measure).now),
      },
      {
        key: `${measure}-mean`,
        header: <span title={words.meanOf(name)}>{words.mean}</span>,
        width: "80px",
        align: "end",
        cell: (pod) => say(figuresOf(pod, measure).mean),
      },
      {
        key: `${measure}-most`,
        header: <span title={words.mostOf(name)}>{words.most}</span>,
        width: "80px",
        align: "end",
        cell: (pod) => say(figuresOf(pod, measure).most),
      },
      {
        key: `${measure}-share`,
        header: words.ofLimit,
        width: "72px",
        align: "end",
        cell: (pod) => {
          const { most } = figuresOf(pod, measure);
          if (limit === null || limit === 0 || most === null) return "–";
          const share = most / (limit * pod.pods);
          const said = format.percent(share);
          return share >= NEAR ? <Status state="warn">{said}</Status> : said;
        },
      },
    ];
  };
  const columns: Column<PodSeries>[] = [
    {
      key: "pod",
      header: words.mostNow,
      width: "minmax(140px, 1.4fr)",
      cell: (pod) =>
        pod.pod ? (
          <PodName name={pod.pod} />
        ) : (
          <span className={css.subtle}>{words.others(format.number(pod.pods))}</span>
        ),
    },
    {
      key: "version",
      header: text.instance.column.version,
      width: "minmax(84px, 1fr)",
      cell: (pod) => (
        <VersionTag
          version={visible(pod.version || pod.release) || "–"}
          role={pod.new ? "new" : "old"}
        />
      ),
    },
    ...amounts("cpu"),
    ...amounts("memory"),
    {
      key: "restarts",
      header: text.instance.column.restarts,
      width: "72px",
      align: "end",
      cell: (pod) =>
        pod.oom_kills > 0 ? (
          <span title={text.instance.oomKilled}>
            <Status state="danger">{format.number(pod.restarts)}</Status>
          </span>
        ) : (
          format.number(pod.restarts)
        ),
    },
  ];
  return (
    <Table
      flow
      label={words.figures}
      rows={rows}
      // Where there is little room, what is now and how near the limit it came.
      columns={narrow ? columns.filter(({ key }) => !/-(mean|most)$/.test(key)) : columns}
      rowKey={(pod) => `${pod.release}/${pod.pod}`}
      rowLabel={(pod) => visible(pod.pod)}
    />
  );
}
