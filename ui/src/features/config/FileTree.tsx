// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: the role is treeitem, given with what the lines share
import { ChevronDown, ChevronRight, FileCode, FileLock, FileText, Plus } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { environmentWord, useFormat, useText } from "~/i18n";
import { cx, EnvTag, Icon, IconButton, StatusMark, visible } from "~/kit";
import type { AppPending, ConfigTree, FileRow } from "~/wire/types";
import css from "./config.module.css";
import { type Node, nodeKey, nodesOf, shortPath } from "./tree";

/** Files of the app and of its groups. One stop for Tab: arrows move and open, Enter chooses. */
export function FileTree({
  tree,
  pending,
  changed,
  selected,
  onSelect,
  onNew,
}: {
  tree: ConfigTree;
  pending: AppPending | undefined;
  /** Resolved paths of the open group's files that wait for a release. */
  changed: ReadonlySet<string>;
  selected: { group: string | null; file: string } | null;
  onSelect: (group: string | null, file: string) => void;
  onNew: (group: string | null) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.tree;
  const root = useRef<HTMLDivElement>(null);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [focused, setFocused] = useState<string | null>(null);

  const isOpen = (group: string) =>
    toggled.get(group) ?? (selected?.group === group || tree.groups.length === 1);
  const open = new Set(tree.groups.map(({ id }) => id).filter(isOpen));
  const nodes = nodesOf(tree, open, pending);
  const chosen = selected ? nodeKey(selected.group, selected.file) : null;
  const stops = nodes.filter(({ kind }) => kind === "file" || kind === "group");
  const stop =
    stops.find(({ key }) => key === focused) ?? stops.find(({ key }) => key === chosen) ?? stops[0];

  const toggle = (group: string, next = !isOpen(group)) =>
    setToggled(new Map(toggled).set(group, next));
  const choose = (node: Node) => {
    setFocused(node.key);
    if (node.kind === "group") toggle(node.group.id);
    else if (node.kind === "file") onSelect(node.of?.id ?? null, node.file.id);
  };
  const focus = (node: Node | undefined) => {
    if (!node) return;
    setFocused(node.key);
    const elements = root.current?.querySelectorAll<HTMLElement>("[data-node]") ?? [];
    [...elements].find(({ dataset }) => dataset.node === node.key)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, node: Node) => {
    const at = stops.indexOf(node);
    switch (event.key) {
      case "ArrowDown":
        focus(stops[at + 1]);
        break;
      case "ArrowUp":
        focus(stops[at - 1]);
        break;
      case "Home":
        focus(stops[0]);
        break;
      case "End":
        focus(stops.at(-1));
        break;
      case "Enter":
      case " ":
        choose(node);
        break;
      case "ArrowRight":
        if (node.kind === "group" && node.open) focus(stops[at + 1]);
        else if (node.kind === "group") toggle(node.group.id, true);
        break;
      case "ArrowLeft":
        if (node.kind === "group") toggle(node.group.id, false);
        else if (node.kind === "file" && node.of) {
          focus(stops.find(({ key }) => key === `group:${node.of?.id}`));
        }
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <div ref={root} className={css.tree} role="tree" aria-label={words.label}>
      {nodes.map((node) => {
        if (node.kind === "part") {
          return (
            <div key={node.key} className={css.part} role="presentation">
              {node.part === "app" ? words.appFiles : words.groupFiles}
              {node.part === "app" ? (
                <IconButton small icon={Plus} label={words.addApp} onClick={() => onNew(null)} />
              ) : null}
            </div>
          );
        }
        if (node.kind === "nothing") {
          return (
            <div
              key={node.key}
              className={cx(css.nothing, node.of && css.deep)}
              role="presentation"
            >
              {words.noFiles}
            </div>
          );
        }
        const shared = {
          role: "treeitem",
          "data-node": node.key,
          tabIndex: node === stop ? 0 : -1,
          onClick: () => choose(node),
          onKeyDown: (event: KeyboardEvent) => {
            if (event.target === event.currentTarget) onKeyDown(event, node);
          },
        } as const;
        if (node.kind === "group") {
          const { group } = node;
          return (
            <div
              key={node.key}
              {...shared}
              className={cx(css.node, css.groupNode, node.open && css.open)}
              aria-level={1}
              aria-expanded={node.open}
              aria-selected={false}
            >
              <Icon of={node.open ? ChevronDown : ChevronRight} size={14} />
              <span className={css.groupName}>{group.name}</span>
              {node.pending > 0 ? (
                <span className={css.pending} title={words.pending(format.number(node.pending))}>
                  <StatusMark state="pending" size={12} />
                  {format.number(node.pending)}
                </span>
              ) : null}
              {group.unset > 0 ? (
                <span title={words.unset(format.number(group.unset))}>
                  <StatusMark
                    state="danger"
                    size={12}
                    label={words.unset(format.number(group.unset))}
                  />
                </span>
              ) : null}
              <span className={css.end}>
                <IconButton
                  small
                  className={css.add}
                  icon={Plus}
                  label={words.addGroup(group.name)}
                  tabIndex={-1}
                  onClick={(event) => {
                    event.stopPropagation();
                    onNew(group.id);
                  }}
                />
                {group.environment ? (
                  <EnvTag colour={group.environment.colour}>
                    {environmentWord(group.environment.name, text)}
                  </EnvTag>
                ) : null}
              </span>
            </div>
          );
        }
        const { file, row, of } = node;
        const waits = of !== null && selected?.group === of.id && changed.has(file.resolved ?? "");
        const wrong = file.errors.length > 0;
        const unset = row?.unset ?? 0;
        return (
          <div
            key={node.key}
            {...shared}
            className={cx(css.node, of && css.deep, node.key === chosen && css.chosen)}
            aria-level={of ? 2 : 1}
            aria-selected={node.key === chosen}
            title={visible(file.path)}
          >
            <Icon of={iconOf(file)} size={14} className={css.fileIcon} />
            <code className={css.path}>{visible(shortPath(file.path))}</code>
            <span className={css.end}>
              {wrong || unset > 0 ? (
                <StatusMark
                  state="danger"
                  size={12}
                  label={wrong ? words.wrong : words.unset(format.number(unset))}
                />
              ) : waits ? (
                <StatusMark state="pending" size={12} label={words.pending("1")} />
              ) : null}
              {row ? <span className={css.choice}>{words.choice[row.choice]}</span> : null}
            </span>
          </div>
        );
      })}
    </div>
  );
}

function iconOf(file: FileRow) {
  if (file.sensitive) return FileLock;
  return file.keys > 0 ? FileCode : FileText;
}
