import type { AppPending, ConfigTree, FileRow, GroupFile, GroupFiles } from "~/wire/types";

/** What the tree of files shows, from top to bottom. */
export type Node =
  | { kind: "part"; key: string; part: "app" | "groups" }
  | { kind: "group"; key: string; group: GroupFiles; open: boolean; pending: number }
  | { kind: "file"; key: string; file: FileRow; of: GroupFiles | null; row: GroupFile | null }
  | { kind: "nothing"; key: string; of: GroupFiles | null };

/** The lines of the tree. A node is named by its group and file, so that a file inherited by two groups is two nodes. */
export function nodesOf(
  tree: ConfigTree,
  open: ReadonlySet<string>,
  pending: AppPending | undefined,
): Node[] {
  const nodes: Node[] = [{ kind: "part", key: "app", part: "app" }];
  for (const file of tree.files) {
    nodes.push({ kind: "file", key: nodeKey(null, file.id), file, of: null, row: null });
  }
  if (tree.files.length === 0) nodes.push({ kind: "nothing", key: "app:none", of: null });
  if (tree.groups.length > 0) nodes.push({ kind: "part", key: "groups", part: "groups" });
  for (const group of tree.groups) {
    const isOpen = open.has(group.id);
    nodes.push({
      kind: "group",
      key: `group:${group.id}`,
      group,
      open: isOpen,
      pending: pendingFiles(pending, group.id),
    });
    if (!isOpen) continue;
    for (const row of group.files) {
      nodes.push({
        kind: "file",
        key: nodeKey(group.id, row.file.id),
        file: row.file,
        of: group,
        row,
      });
    }
    if (group.files.length === 0) {
      nodes.push({ kind: "nothing", key: `group:${group.id}:none`, of: group });
    }
  }
  return nodes;
}

export function nodeKey(group: string | null, file: string): string {
  return `file:${group ?? ""}:${file}`;
}

/** Changes of a group's files that wait for a release. */
export function pendingFiles(pending: AppPending | undefined, group: string): number {
  const sections = pending?.groups.find((one) => one.group === group)?.sections ?? [];
  return sections.find(({ section }) => section === "files")?.changes ?? 0;
}

/** A long path gives way in its middle parts: `/etc/…/app.conf`. */
export function shortPath(path: string, longest = 30): string {
  const parts = path.split("/");
  const last = parts.at(-1) ?? "";
  if (path.length <= longest || parts.length < 4) return path;
  const head = parts[0] === "" ? `/${parts[1]}` : (parts[0] ?? "");
  return `${head}/…/${last}`;
}
