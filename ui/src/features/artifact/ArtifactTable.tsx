import { useEffect, useEffectEvent } from "react";
import { environmentWord, useFormat, useText } from "~/i18n";
import { type Column, cx, EnvSquare, RelativeTime, Status, Table } from "~/kit";
import { useNarrow } from "~/kit/media";
import css from "./artifact.module.css";
import { lookedAt, type Running, type Slot, shortDigest } from "./artifacts";

/** One tag a row, only those in sight drawn; arrow keys move on, and the panel beside it follows. */
export function ArtifactTable({
  slots,
  running,
  selected,
  onSelect,
  onSeen,
}: {
  slots: readonly Slot[];
  running: ReadonlyMap<string, Running[]>;
  selected: string | undefined;
  onSelect: (tag: string) => void;
  onSeen: (at: number) => void;
}) {
  const text = useText();
  const keyOf = ({ at, row }: Slot) => row?.tag ?? `#${at}`;
  return (
    <Table
      label={text.frame.page.artifacts}
      rows={slots}
      columns={useColumns(running, onSeen)}
      rowKey={keyOf}
      rowLabel={({ row }) => row?.tag ?? text.common.loading}
      selected={selected}
      onSelect={(tag, { row }) => {
        if (row) onSelect(tag);
      }}
    />
  );
}

function useColumns(
  running: ReadonlyMap<string, Running[]>,
  onSeen: (at: number) => void,
): Column<Slot>[] {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const words = text.artifact;
  const columns: Column<Slot>[] = [
    {
      key: "tag",
      header: words.column.tag,
      width: "minmax(96px, 0.9fr)",
      cell: (slot) => <Tag slot={slot} onSeen={onSeen} />,
    },
  ];
  if (!narrow) {
    columns.push({
      key: "digest",
      header: words.column.digest,
      width: "132px",
      cell: ({ row }) =>
        row?.digest ? (
          <code className={css.digest} title={row.digest}>
            {shortDigest(row.digest)}
          </code>
        ) : (
          <span className={css.subtle}>{row ? "–" : ""}</span>
        ),
    });
  }
  columns.push(
    {
      key: "size",
      header: words.column.size,
      width: "68px",
      align: "end",
      cell: ({ row }) => {
        if (row?.image?.other) return <span className={css.subtle}>{words.notAnImage}</span>;
        const size = row && lookedAt(row)?.size;
        return <span className={css.muted}>{size ? format.bytes(size) : "–"}</span>;
      },
    },
    {
      key: "age",
      header: words.column.age,
      // As wide as a date in Chinese.
      width: "112px",
      align: "end",
      cell: ({ row }) => {
        const created = row && lookedAt(row)?.created;
        return created ? <RelativeTime at={created} /> : <span className={css.subtle}>–</span>;
      },
    },
    {
      key: "runs",
      header: <span className={css.apart}>{words.column.runs}</span>,
      width: "minmax(140px, 2.4fr)",
      cell: ({ row }) => <RunsOn running={row ? running.get(row.tag) : undefined} />,
    },
    {
      key: "used",
      header: words.column.used,
      width: "minmax(136px, 0.8fr)",
      cell: ({ row }) => {
        if (!row) return null;
        if (row.gone) return <Status state="warn">{words.gone}</Status>;
        return row.releases > 0 ? (
          <span>{words.releases(format.number(row.releases))}</span>
        ) : (
          <span className={css.subtle}>–</span>
        );
      },
    },
  );
  return columns;
}

function Tag({ slot: { at, row }, onSeen }: { slot: Slot; onSeen: (at: number) => void }) {
  const seen = useEffectEvent(onSeen);
  const tag = row?.tag;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has come since is in sight, too
  useEffect(() => seen(at), [at, tag]);
  if (!row) return <span className={css.coming} aria-hidden="true" />;
  return (
    <code className={row.gone ? css.goneTag : css.tag} title={row.tag}>
      {row.tag}
    </code>
  );
}

/** Of several groups the first is named; in a narrow window the others are only counted. */
function RunsOn({ running }: { running: Running[] | undefined }) {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const [first, ...others] = running ?? [];
  if (!first) return <span className={cx(css.apart, css.subtle)}>–</span>;
  return (
    <span
      className={cx(css.runs, css.apart)}
      title={(running ?? []).map(({ group }) => group.name).join(", ")}
    >
      {(running ?? [])
        .slice(0, narrow ? 1 : 3)
        .map(({ group, environment }) =>
          environment ? (
            <EnvSquare
              key={group.id}
              colour={environment.colour}
              label={environmentWord(environment.name, text)}
            />
          ) : null,
        )}
      <span className={css.cut}>{first.group.name}</span>
      <span className={css.subtle}>{text.artifact.times(format.number(first.count))}</span>
      {others.length > 0 ? (
        <span className={css.subtle}>
          {(narrow ? text.artifact.moreBrief : text.artifact.more)(format.number(others.length))}
        </span>
      ) : null}
    </span>
  );
}
