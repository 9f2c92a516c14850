import { ScrollText } from "lucide-react";
import { visible } from "~/kit";
import type { LogOf } from "~/wire/types";
import type { DockKind } from "../dockKinds";
import { useLayout } from "../layout";
import { LogPanel } from "./LogPanel";

export interface LogTab {
  group: string;
  of: LogOf;
  /** Of the group, for the name of a tab of all its pods. */
  name?: string | undefined;
  /** Begin with the run before the current one: the log before the crash. */
  previous?: boolean | undefined;
}

/** Opens a log in the dock, or brings it to the front. */
export function useOpenLog(): (log: LogTab) => void {
  const openTab = useLayout((layout) => layout.openTab);
  return (log) => {
    const run = log.previous ? "previous" : "current";
    openTab({ id: `log/${log.group}/${JSON.stringify(log.of)}/${run}`, kind: "log", of: log });
  };
}

export const logKind: DockKind<LogTab> = {
  icon: ScrollText,
  title: ({ of, name, previous }, text) => {
    if (of.kind === "group") return text.log.ofGroup(visible(name ?? ""));
    const pod = visible(of.pod).slice(-5);
    return previous ? text.instance.logBeforeOf(pod) : text.instance.logOf(pod);
  },
  Panel: ({ of }) => <LogPanel {...of} />,
};
