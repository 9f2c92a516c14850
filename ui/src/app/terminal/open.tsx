import { SquareTerminal } from "lucide-react";
import { later, visible } from "~/kit";
import type { DockKind } from "../dockKinds";
import { useLayout } from "../layout";

export interface TerminalOf {
  /** Of its tab. */
  id: string;
  group: string;
  pod: string;
  container: string;
}

const TerminalPanel = later(async () => (await import("./TerminalPanel")).TerminalPanel);

/** Opens a shell in a container in a tab of its own: a second one is another shell. */
export function useOpenTerminal(): (place: Omit<TerminalOf, "id">) => void {
  const openTab = useLayout((layout) => layout.openTab);
  return (place) => {
    const like = `terminal/${place.group}/${place.pod}/${place.container}/`;
    const open = new Set(useLayout.getState().tabs.map(({ id }) => id));
    let number = 1;
    while (open.has(`${like}${number}`)) number++;
    const id = `${like}${number}`;
    openTab({ id, kind: "terminal", of: { id, ...place } });
  };
}

export const terminalKind: DockKind<TerminalOf> = {
  icon: SquareTerminal,
  title: ({ pod }, text) => text.terminal.tab(visible(pod).slice(-5)),
  Panel: ({ of }) => <TerminalPanel of={of} />,
};
