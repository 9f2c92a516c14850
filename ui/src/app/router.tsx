import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { OverviewPage } from "~/features/app/OverviewPage";
import { Crash } from "./Crash";
import { Frame } from "./Frame";
import { Home, NotFound } from "./Home";
import { routes } from "./routes";
import { validateView } from "./search";

const root = createRootRoute({ component: Frame, validateSearch: validateView });
const parent = { getParentRoute: () => root };

const tree = root.addChildren([
  createRoute({ ...parent, path: routes.home.path, component: Home }),
  // Where an app begins, and most starts end: it comes with the window.
  createRoute({ ...parent, path: routes.overview.path, component: OverviewPage }),
  createRoute({
    ...parent,
    path: routes.groups.path,
    component: lazyRouteComponent(() => import("~/features/group/GroupsPage")),
  }),
  createRoute({
    ...parent,
    path: routes.groupNew.path,
    component: lazyRouteComponent(() => import("./NewGroupPage")),
  }),
  createRoute({
    ...parent,
    path: routes.group.path,
    component: lazyRouteComponent(() => import("~/features/group/GroupEditPage")),
  }),
  createRoute({
    ...parent,
    path: routes.groupYaml.path,
    component: lazyRouteComponent(() => import("~/features/diff/YamlPage")),
  }),
  createRoute({
    ...parent,
    path: routes.groupDiff.path,
    component: lazyRouteComponent(() => import("~/features/diff/DiffPage")),
  }),
  createRoute({
    ...parent,
    path: routes.groupMerge.path,
    component: lazyRouteComponent(() => import("~/features/diff/MergePage")),
  }),
  createRoute({
    ...parent,
    path: routes.running.path,
    component: lazyRouteComponent(() => import("./RunningPage")),
  }),
  createRoute({
    ...parent,
    path: routes.releases.path,
    component: lazyRouteComponent(() => import("~/features/release/ReleasesPage")),
  }),
  createRoute({
    ...parent,
    path: routes.releaseNew.path,
    component: lazyRouteComponent(() => import("./ReleaseNewPage")),
  }),
  createRoute({
    ...parent,
    path: routes.release.path,
    component: lazyRouteComponent(() => import("~/features/release/ReleasePage")),
  }),
  createRoute({
    ...parent,
    path: routes.train.path,
    component: lazyRouteComponent(() => import("~/features/release/train/TrainPage")),
  }),
  createRoute({
    ...parent,
    path: routes.config.path,
    component: lazyRouteComponent(() => import("~/features/config/ConfigPage")),
  }),
  createRoute({
    ...parent,
    path: routes.balancers.path,
    component: lazyRouteComponent(() => import("~/features/balancer/BalancersPage")),
  }),
  createRoute({
    ...parent,
    path: routes.artifacts.path,
    component: lazyRouteComponent(() => import("~/features/artifact/ArtifactsPage")),
  }),
  createRoute({
    ...parent,
    path: routes.appClusters.path,
    component: lazyRouteComponent(() => import("~/features/cluster/ClustersPage")),
  }),
  createRoute({
    ...parent,
    path: routes.clusters.path,
    component: lazyRouteComponent(() => import("~/features/cluster/ClustersPage")),
  }),
  createRoute({
    ...parent,
    path: routes.settings.path,
    component: lazyRouteComponent(() => import("~/features/setting/SettingsPage")),
  }),
  ...(import.meta.env.DEV
    ? [
        createRoute({
          ...parent,
          path: "/kit",
          component: lazyRouteComponent(() => import("./KitPage")),
        }),
      ]
    : []),
]);

export const router = createRouter({
  routeTree: tree,
  history: createHashHistory(),
  defaultErrorComponent: ({ error, reset }) => <Crash error={error} onReset={reset} />,
  defaultNotFoundComponent: NotFound,
  defaultPreload: "intent",
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
