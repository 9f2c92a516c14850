import { File, FileSymlink, Folder, FolderSymlink, Plug } from "lucide-react";
import { useFormat, useText } from "~/i18n";
import { type Column, Icon, type IconType, Quantity, Table, useNow } from "~/kit";
import { useNarrow } from "~/kit/media";
import type { PodFile } from "~/wire/types";
import css from "./file.module.css";
import { type FileOrder, isFolder } from "./folder";
import { shown } from "./names";

const ICONS: Record<PodFile["kind"], IconType> = {
  file: File,
  folder: Folder,
  link: FileSymlink,
  folder_link: FolderSymlink,
  special: Plug,
};

/** What is in a folder. Arrows walk it; Enter, or a second press, opens a folder. */
export function FileTable({
  label,
  files,
  selected,
  onSelect,
  onOpen,
  order,
  onOrder,
}: {
  label: string;
  files: PodFile[];
  selected: string | null;
  onSelect: (name: string) => void;
  onOpen: (file: PodFile) => void;
  order: FileOrder;
  onOrder: (order: FileOrder) => void;
}) {
  const text = useText();
  const format = useFormat();
  const narrow = useNarrow();
  const now = useNow(60_000);
  const words = text.file.column;
  const columns: Column<PodFile>[] = [
    {
      key: "name",
      header: words.name,
      width: "minmax(160px, 3fr)",
      cell: (file) => (
        <span className={css.name} title={shown(file.name)}>
          <Icon of={ICONS[file.kind]} size={14} className={css.icon} />
          <code>{shown(file.name)}</code>
          {file.target === null ? null : <code className={css.target}>→ {shown(file.target)}</code>}
        </span>
      ),
    },
    {
      key: "size",
      header: words.size,
      width: "80px",
      align: "end",
      cell: (file) =>
        isFolder(file) || file.kind === "special" ? null : (
          <Quantity {...format.byteParts(file.size)} tight={false} />
        ),
    },
    {
      key: "changed",
      header: words.changed,
      width: "92px",
      align: "end",
      cell: (file) => (
        <time className={css.muted} dateTime={file.changed} title={format.exact(file.changed)}>
          {format.dateTime(file.changed, now)}
        </time>
      ),
    },
    {
      key: "mode",
      header: words.mode,
      width: "88px",
      cell: (file) => <code className={css.mode}>{file.mode}</code>,
    },
  ];
  if (!narrow) {
    columns.push({
      key: "owner",
      header: words.owner,
      width: "minmax(56px, 1fr)",
      cell: (file) => (
        <span className={css.muted} title={shown(`${file.owner}:${file.group}`)}>
          {shown(file.owner)}
        </span>
      ),
    });
  }
  return (
    <Table
      label={label}
      rows={files}
      columns={columns.map((column) => ({ ...column, sorts: true }))}
      rowHeight={28}
      rowKey={(file) => file.name}
      rowLabel={(file) => shown(file.name)}
      sorted={order}
      onSort={(key) => onOrder({ key, descending: order.key === key && !order.descending })}
      selected={selected}
      onSelect={(name, file) => {
        // Pressed once it is chosen, pressed again it opens.
        if (name === selected) onOpen(file);
        else onSelect(name);
      }}
    />
  );
}
