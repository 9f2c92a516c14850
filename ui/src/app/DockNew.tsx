import { useParams } from "@tanstack/react-router";
import { Cable, Folder, Plus, ScrollText, SquareTerminal } from "lucide-react";
import { useCall } from "~/data";
import { ruleWord, useText } from "~/i18n";
import { IconButton, Menu, type MenuItem, toast } from "~/kit";
import { subscribe } from "~/platform";
import type { InstanceLine, InstanceRow, Rule } from "~/wire/types";
import { useOpenFiles } from "./file/open";
import { useOpenForwards } from "./forward/open";
import { useOpenLog } from "./log/open";
import { useOpenTerminal } from "./terminal/open";

/** One more tab: of the group in sight, or of all. */
export function DockNew() {
  const text = useText();
  const words = text.frame;
  const { app, group }: { app?: string; group?: string } = useParams({ strict: false });
  const view = useCall("group_get", group ?? "", { enabled: group !== undefined }).data;
  const linked = view !== undefined && view.card.link_name !== null;
  const rights = useCall("group_rights", group ?? "", { enabled: linked }).data;
  const openLog = useOpenLog();
  const openTerminal = useOpenTerminal();
  const openFiles = useOpenFiles();
  const openForwards = useOpenForwards();
  const inPod = async (group: string, name: string, open: (pod: InstanceRow) => void) => {
    const pod = await readyPod(group);
    if (pod) open(pod);
    else toast({ state: "warn", title: words.noReadyPod(name) });
  };
  const lacks = (rule: Rule | null | undefined) => ({
    disabled: Boolean(rule),
    note: rule ? text.instance.lacks(ruleWord(rule)) : undefined,
  });
  const items: MenuItem[] = [];
  if (view && linked) {
    items.push(
      {
        key: "log",
        label: text.log.ofGroup(view.card.name),
        icon: ScrollText,
        ...lacks(rights?.logs),
        onSelect: () => openLog({ group: view.id, of: { kind: "group" }, name: view.card.name }),
      },
      {
        key: "terminal",
        label: words.terminalIn(view.card.name),
        icon: SquareTerminal,
        ...lacks(rights?.shell),
        onSelect: () =>
          void inPod(view.id, view.card.name, (pod) =>
            openTerminal({ group: view.id, pod: pod.name, container: pod.container }),
          ),
      },
      {
        key: "files",
        label: words.filesIn(view.card.name),
        icon: Folder,
        ...lacks(rights?.shell),
        onSelect: () =>
          void inPod(view.id, view.card.name, (pod) =>
            openFiles({ group: view.id, pod: pod.name, uid: pod.id, container: pod.container }),
          ),
      },
    );
  }
  items.push({
    key: "forward",
    label: text.forward.tab,
    icon: Cable,
    onSelect: () => openForwards(app ?? "", group ? { kind: "group", group } : null),
  });
  return <Menu trigger={<IconButton small icon={Plus} label={words.newTab} />} items={items} />;
}

/** A pod of the group that a shell can be begun in; undefined where there is none. */
function readyPod(group: string): Promise<InstanceRow | undefined> {
  return new Promise((resolve) => {
    const query = {
      text: "",
      health: "ok",
      share: null,
      sort: null,
      descending: false,
      from: 0,
      most: 1,
    } as const;
    const end = subscribe(
      { kind: "instance_list", group, query },
      {
        onMessage: (message) => {
          const rows = (
            message.kind === "snapshot" ? message.rows : message.upserts
          ) as InstanceLine[];
          const pod = rows.find((row) => row.kind === "pod");
          if (!pod && message.state.state === "loading") return;
          resolve(pod);
          // The first message may come before the feed is known here.
          queueMicrotask(() => end());
        },
        onError: () => resolve(undefined),
      },
    );
  });
}
