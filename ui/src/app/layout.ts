import type { ReactNode } from "react";
import { create } from "zustand";
import type { IconType } from "~/kit";

export interface DockTab {
  id: string;
  title: string;
  icon: IconType;
  /** Stays mounted while its tab exists, also behind another tab and across pages. */
  content: ReactNode;
}

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
  tabs: DockTab[];
  activeTab: string | null;
  /** Height of the dock in px; null is 40 % of the window. */
  dockHeight: number | null;
  setDockHeight: (height: number | null) => void;
  /** Opens a tab, or brings the one of the same id to the front. */
  openTab: (tab: DockTab) => void;
  showTab: (id: string) => void;
  closeTab: (id: string) => void;
  closeDock: () => void;
}

/** Layout of the window, and nothing else: no data lives here. */
export const useLayout = create<Layout>((set) => ({
  palette: false,
  setPalette: (palette) => set({ palette }),
  actions: [],
  setActions: (actions) => set({ actions }),
  tabs: [],
  activeTab: null,
  dockHeight: null,
  setDockHeight: (dockHeight) => set({ dockHeight }),
  openTab: (tab) =>
    set(({ tabs }) => ({
      tabs: tabs.some(({ id }) => id === tab.id) ? tabs : [...tabs, tab],
      activeTab: tab.id,
    })),
  showTab: (activeTab) => set({ activeTab }),
  closeTab: (id) =>
    set(({ tabs, activeTab }) => {
      const at = tabs.findIndex((tab) => tab.id === id);
      const rest = tabs.filter((tab) => tab.id !== id);
      const next = rest[Math.min(at, rest.length - 1)]?.id ?? null;
      return { tabs: rest, activeTab: activeTab === id ? next : activeTab };
    }),
  closeDock: () => set({ tabs: [], activeTab: null }),
}));
