import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Bar, Button, visible } from "~/kit";
import type { ClusterRow, JoinApp } from "~/wire/types";

/** Apps that can be joined: not those whose name another one has here, nor groups of whose name there is one. */
export function joinable({ taken, groups }: JoinApp): boolean {
  return !taken && groups.some((group) => !group.taken);
}

/** Says that colleagues have apps in a linked cluster that are not here. */
export function JoinBar({ row, onJoin }: { row: ClusterRow; onJoin: () => void }) {
  const words = useText().cluster.join;
  const format = useFormat();
  const apps = useCall("join_list", row.link.id).data?.apps.filter(joinable) ?? [];
  if (apps.length === 0) return null;
  const names = format.list(apps.map(({ slug }) => visible(slug)));
  return (
    <Bar
      kind="changed"
      title={words.here(apps.length, format.number(apps.length), row.link.name)}
      actions={
        <Button small onClick={onJoin}>
          {words.open}
        </Button>
      }
    >
      {names}
    </Bar>
  );
}
