import { Cable } from "lucide-react";
import { create } from "zustand";
import { useFeed } from "~/data";
import { later } from "~/kit";
import type { ForwardTarget } from "~/wire/types";
import type { DockKind } from "../dockKinds";
import { useLayout } from "../layout";

/** What the form of the tab begins with. */
interface Wanted {
  app: string;
  target: ForwardTarget | null;
  /** Rises each time somebody asks for it. */
  asked: number;
}

export const useWanted = create<Wanted>(() => ({ app: "", target: null, asked: 0 }));

const ForwardPanel = later(async () => (await import("./ForwardPanel")).ForwardPanel);

/** Brings the forwards to the front, with the form ready for a target. There is one tab of them. */
export function useOpenForwards(): (app: string, target: ForwardTarget | null) => void {
  const openTab = useLayout((layout) => layout.openTab);
  return (app, target) => {
    useWanted.setState(({ asked }) => ({ app, target, asked: asked + 1 }));
    openTab({ id: "forwards", kind: "forward", of: null });
  };
}

export const forwardKind: DockKind<null> = {
  icon: Cable,
  title: (_, text) => text.forward.tab,
  useCount: () => useFeed({ kind: "forward_list" }).rows.length,
  Panel: ({ front }) => <ForwardPanel front={front} />,
};
