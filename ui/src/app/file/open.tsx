import { Folder } from "lucide-react";
import { later, visible } from "~/kit";
import type { PodPlace } from "~/wire/types";
import type { DockKind } from "../dockKinds";
import { useLayout } from "../layout";

export interface FilesOf {
  group: string;
  pod: string;
  /** Tells the pod from another of its name. */
  uid: string;
  container: string;
  /** Where it begins; where commands begin when it is not said. */
  path?: string | undefined;
}

const FilePanel = later(async () => (await import("./FilePanel")).FilePanel);

/** Opens the files of a container in the dock: those of one container in one tab. */
export function useOpenFiles(): (of: FilesOf) => void {
  const openTab = useLayout((layout) => layout.openTab);
  return (of) => openTab({ id: `file/${of.group}/${of.uid}/${of.container}`, kind: "file", of });
}

/** Brings the files of a container to the front, where they are open still. */
export function showFiles({ group, pod, container }: PodPlace): void {
  const { tabs, showTab } = useLayout.getState();
  const open = tabs
    .filter((tab) => tab.kind === "file")
    .filter(({ of }) => of.group === group && of.pod === pod);
  const tab = open.find(({ of }) => of.container === container) ?? open[0];
  if (tab) showTab(tab.id);
}

export const fileKind: DockKind<FilesOf> = {
  icon: Folder,
  title: ({ pod }, text) => text.file.tab(visible(pod).slice(-5)),
  Panel: ({ of, front }) => <FilePanel of={of} front={front} />,
};
