import { useFormat, useText } from "~/i18n";
import { type Column, Table } from "~/kit";
import type { Monitor, PodSeries } from "~/wire/types";
import { podsAt, sumAt } from "./monitor";

interface Line {
  time: string;
  at: number;
}

/** The picture in figures, the newest first. */
export function MonitorTable({ monitor, pods }: { monitor: Monitor; pods: PodSeries[] }) {
  const text = useText();
  const format = useFormat();
  const words = text.monitor;
  const lines: Line[] = monitor.times
    .map((time, at) => ({ time, at }))
    .filter(({ at }) => podsAt(pods, at) > 0)
    .toReversed();
  const say = (value: number | null, how: (value: number) => string) =>
    value === null ? "–" : how(value);
  const columns: Column<Line>[] = [
    {
      key: "time",
      header: words.time,
      width: "160px",
      cell: ({ time }) => <time dateTime={time}>{format.dateTime(time)}</time>,
    },
    {
      key: "pods",
      header: words.pods,
      width: "72px",
      align: "end",
      cell: ({ at }) => format.number(podsAt(pods, at)),
    },
    {
      key: "cpu",
      header: text.instance.column.cpu,
      width: "112px",
      align: "end",
      cell: ({ at }) => say(sumAt(pods, "cpu", at), (value) => format.cpu(value)),
    },
    {
      key: "memory",
      header: text.instance.column.memory,
      width: "112px",
      align: "end",
      cell: ({ at }) => say(sumAt(pods, "memory", at), (value) => format.bytes(value)),
    },
    { key: "rest", header: null, cell: () => null },
  ];
  return (
    <Table
      label={text.instance.monitoring}
      rows={lines}
      columns={columns}
      rowKey={({ time }) => time}
      rowHeight={28}
    />
  );
}
