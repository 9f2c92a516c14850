import { Trash2 } from "lucide-react";
import { useCall, useOrder } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import {
  Button,
  type Column,
  Copyable,
  EmptyState,
  EnvTag,
  QueryView,
  RelativeTime,
  Skeleton,
  Table,
  TruncateMiddle,
  toast,
} from "~/kit";
import type { DeletedGroup } from "~/wire/types";
import css from "./group.module.css";

/** Groups that were deleted on this computer, and the way back. */
export function DeletedGroups({ app }: { app: string }) {
  const text = useText();
  const words = text.groupLife;
  const format = useFormat();
  const deleted = useCall("group_deleted", app);
  const environments = useCall("environment_list", null);
  const restore = useOrder("group_restore", {
    onDone: (_, id) => {
      const name = deleted.data?.find((group) => group.id === id)?.name ?? "";
      toast({ state: "ok", title: words.restored(name), text: words.restoredText });
    },
  });
  const columns: Column<DeletedGroup>[] = [
    {
      key: "group",
      header: text.group.list.column.group,
      width: "minmax(90px, 1fr)",
      cell: ({ name }) => <TruncateMiddle text={name} className={css.name} />,
    },
    {
      key: "environment",
      header: text.group.environment,
      width: "minmax(90px, 0.6fr)",
      cell: ({ environment }) => {
        const found = environments.data?.find(({ id }) => id === environment);
        return found ? (
          <EnvTag colour={found.colour}>{environmentWord(found.name, text)}</EnvTag>
        ) : (
          "–"
        );
      },
    },
    {
      key: "deleted",
      header: words.deletedAt,
      width: "minmax(90px, 0.6fr)",
      cell: ({ deleted: at }) => <RelativeTime at={at} />,
    },
    {
      key: "until",
      header: words.restorableUntil,
      width: "minmax(110px, 0.8fr)",
      cell: ({ until }) => <span className={css.muted}>{format.dateTime(until)}</span>,
    },
    {
      key: "export",
      header: words.export,
      width: "minmax(120px, 1.4fr)",
      cell: ({ export: path }) => (path ? <Copyable text={path} label={words.export} /> : "–"),
    },
  ];
  return (
    <QueryView
      query={deleted}
      skeleton={<Skeleton rows={3} />}
      isEmpty={(groups) => groups.length === 0}
      empty={<EmptyState icon={Trash2} title={words.deletedNone} />}
    >
      {(groups) => (
        <Table
          label={words.deletedGroups}
          rows={groups}
          columns={columns}
          rowHeight={36}
          rowKey={({ id }) => id}
          rowLabel={({ name }) => name}
          actionsShown
          actionsWidth={130}
          actions={({ id, name }) => (
            <Button
              small
              busy={restore.pending}
              aria-label={text.group.list.actionOf(words.restore, name)}
              onClick={() => void restore.run(id)}
            >
              {words.restore}
            </Button>
          )}
        />
      )}
    </QueryView>
  );
}
