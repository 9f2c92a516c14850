import { create } from "zustand";
import type { IconType } from "~/kit";
import type { DockTabOf } from "./dockKinds";

/** The dock is one row of tabs, or two beside each other. */
export type DockSide = "left" | "right";

export type DockTab = DockTabOf & { side: DockSide };

export interface PageAction {
  key: string;
  label: string;
  icon?: IconType | undefined;
  /** Shown in the palette, for instance ["Ctrl", "L"]. */
  keys?: string[] | undefined;
  run: () => void;
}

interface Layout {
  palette: boolean;
  setPalette: (open: boolean) => void;
  /** What the page in front offers to the palette. */
  actions: PageAction[];
  setActions: (actions: PageAction[]) => void;
  /** Something stands on the right only while something stands on the left. */
  tabs: DockTab[];
  /** The tab in front on each side. */
  front: Record<DockSide, string | null>;
  /** Where the next tab opens: the side that was used last. */
  side: DockSide;
  /** Hidden is the row of tabs alone, full is the dock instead of the page. */
  dock: "open" | "hidden" | "full";
  /** Height of the dock in px; null is 40 % of the window. */
  dockHeight: number | null;
  /** Share of the width that the left side takes. */
  dockShare: number;
  setDockHeight: (height: number | null) => void;
  setDockShare: (share: number) => void;
  setDock: (dock: Layout["dock"]) => void;
  /** Opens a tab, or brings the one of the same id to the front. */
  openTab: (tab: DockTabOf) => void;
  showTab: (id: string) => void;
  closeTab: (id: string) => void;
  /** To the other side. */
  moveTab: (id: string) => void;
  /** Everything on one side again. */
  joinTabs: () => void;
}

type Tabs = Pick<Layout, "tabs" | "front" | "side">;

/** Layout of the window, and nothing else: no data lives here. */
export const useLayout = create<Layout>((set) => ({
  palette: false,
  setPalette: (palette) => set({ palette }),
  actions: [],
  setActions: (actions) => set({ actions }),
  tabs: [],
  front: { left: null, right: null },
  side: "left",
  dock: "open",
  dockHeight: null,
  dockShare: 0.5,
  setDockHeight: (dockHeight) => set({ dockHeight }),
  setDockShare: (share) => set({ dockShare: Math.max(0.2, Math.min(0.8, share)) }),
  setDock: (dock) => set({ dock }),
  openTab: (tab) =>
    set((layout) => {
      const known = layout.tabs.some(({ id }) => id === tab.id);
      const tabs = known ? layout.tabs : [...layout.tabs, { ...tab, side: layout.side }];
      return { ...shown({ ...layout, tabs }, tab.id), dock: opened(layout.dock) };
    }),
  showTab: (id) => set((layout) => ({ ...shown(layout, id), dock: opened(layout.dock) })),
  closeTab: (id) =>
    set((layout) => {
      const rest = without(layout, id);
      // The next dock begins as the first one did.
      return { ...rest, dock: rest.tabs.length === 0 ? "open" : layout.dock };
    }),
  moveTab: (id) =>
    set((layout) => {
      const tab = layout.tabs.find((one) => one.id === id);
      if (!tab) return {};
      const side = tab.side === "left" ? "right" : "left";
      const rest = without(layout, id);
      return shown(settled({ ...rest, tabs: [...rest.tabs, { ...tab, side }] }), id);
    }),
  joinTabs: () =>
    set((layout) => {
      const front = layout.front[layout.side];
      const tabs = layout.tabs.map((tab) => ({ ...tab, side: "left" as const }));
      return { tabs, front: { left: front, right: null }, side: "left" };
    }),
}));

function opened(dock: Layout["dock"]): Layout["dock"] {
  return dock === "hidden" ? "open" : dock;
}

function shown(layout: Tabs, id: string): Tabs {
  const { tabs } = layout;
  const side = tabs.find((tab) => tab.id === id)?.side ?? layout.side;
  return { tabs, front: { ...layout.front, [side]: id }, side };
}

/** The neighbour comes to the front. */
function without({ tabs, front, side }: Tabs, id: string): Tabs {
  const of = tabs.find((tab) => tab.id === id)?.side;
  if (!of) return { tabs, front, side };
  const beside = tabs.filter((tab) => tab.side === of);
  const at = beside.findIndex((tab) => tab.id === id);
  const next = (beside[at + 1] ?? beside[at - 1])?.id ?? null;
  return settled({
    tabs: tabs.filter((tab) => tab.id !== id),
    front: front[of] === id ? { ...front, [of]: next } : front,
    side,
  });
}

/** What stands on the right alone moves to the left. */
function settled({ tabs, front, side }: Tabs): Tabs {
  const has = (of: DockSide) => tabs.some((tab) => tab.side === of);
  if (has("left") && has("right")) return { tabs, front, side };
  return {
    tabs: tabs.map((tab) => ({ ...tab, side: "left" })),
    front: { left: has("left") ? front.left : front.right, right: null },
    side: "left",
  };
}
