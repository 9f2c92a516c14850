import {
  Activity,
  FileCog,
  Layers,
  LayoutDashboard,
  type LucideIcon,
  Network,
  Package,
  Rocket,
  Server,
} from "lucide-react";
import type { Catalogue } from "~/i18n";

export interface Route {
  path: string;
  /** Word of the page in the catalogue's `frame.page`. */
  title: keyof Catalogue["frame"]["page"];
  /** Stands in the sidebar below the chosen app, in this order. */
  icon?: LucideIcon;
}

/** Every view of the window. Sidebar, palette, router and the pictures of all views are made from this one list. */
export const routes = {
  home: { path: "/", title: "home" },
  overview: { path: "/app/$app/overview", title: "overview", icon: LayoutDashboard },
  groups: { path: "/app/$app/groups", title: "groups", icon: Layers },
  groupNew: { path: "/app/$app/groups/new", title: "groupNew" },
  group: { path: "/app/$app/groups/$group", title: "group" },
  groupYaml: { path: "/app/$app/groups/$group/yaml", title: "groupYaml" },
  groupDiff: { path: "/app/$app/groups/$group/diff", title: "groupDiff" },
  groupMerge: { path: "/app/$app/groups/$group/merge", title: "groupMerge" },
  running: { path: "/app/$app/running/$group", title: "running", icon: Activity },
  releases: { path: "/app/$app/releases", title: "releases", icon: Rocket },
  releaseNew: { path: "/app/$app/releases/new", title: "releaseNew" },
  release: { path: "/app/$app/releases/$release", title: "release" },
  train: { path: "/app/$app/releases/trains/$train", title: "train" },
  config: { path: "/app/$app/config", title: "config", icon: FileCog },
  balancers: { path: "/app/$app/balancers", title: "balancers", icon: Network },
  artifacts: { path: "/app/$app/artifacts", title: "artifacts", icon: Package },
  appClusters: { path: "/app/$app/clusters", title: "appClusters", icon: Server },
  clusters: { path: "/clusters", title: "clusters" },
  settings: { path: "/settings", title: "settings" },
} as const satisfies Record<string, Route>;
