import type { SimulatedCore } from "~/platform/simulate";
import type { AppRow, ClusterLive, Environment, GroupCard, Settings } from "~/wire/types";
import { adoptStory } from "./adopt";
import { appStory, draftGroup } from "./app";
import { artifactStory } from "./artifact";
import { balancerStory } from "./balancer";
import { clusterStory } from "./cluster";
import { configStory } from "./config";
import { diffStory } from "./diff";
import { environmentStory } from "./environment";
import { faulty } from "./fault";
import { fileStory } from "./file";
import { folderStory } from "./folder";
import { forwardStory } from "./forward";
import { instanceStory } from "./instance";
import { joinStory } from "./join";
import { lifeStory } from "./life";
import { logStory } from "./log";
import { mergeStory } from "./merge";
import { placeStory } from "./place";
import { last, releaseStory } from "./release";
import { trainReleases, trainStory } from "./train";

/** What `?empty` leaves out: groups, releases, files, load balancers, pods. */
const NOTHING = ["nogroups", "none", "noconfig", "nobalancers", "pods"];

/** One story: checkout-api goes from 2.13.4 to 2.14.0 on Thu 20 Nov. Each noun adds its own answers here. */
export function story(params: URLSearchParams): SimulatedCore {
  const empty = params.has("empty");
  if (empty) for (const name of NOTHING) params.set(name, "");
  let settings: Settings = {
    language: params.get("lang") === "zh" ? "zh" : "en",
    theme: params.get("theme") === "dark" ? "dark" : "light",
    display_name: empty ? "" : "Li Hua",
    last_route: "",
    pinned: ["app-checkout", "app-user"],
    sidebar_rail: false,
    muted: [],
    log_size: "1 GiB",
  };
  /** A new snapshot of the feed: everything is asked again. */
  let changed = () => {};
  const own: SimulatedCore = {
    calls: {
      app_list: () =>
        empty ? [] : apps.map((app) => ({ ...app, pinned: settings.pinned.includes(app.id) })),
      group_list: (app: string) => (app === "app-checkout" ? groups : []),
      setting_get: () => settings,
      setting_set: (next: Settings) => {
        settings = next;
        return null;
      },
      window_visible: () => null,
      notification_show: () => false,
    },
    feeds: {
      clusters: (_, send) =>
        send({
          kind: "snapshot",
          seq: 0,
          rows: empty ? [] : params.has("stale") ? clusters.map(unseen) : clusters,
          as_of: new Date().toISOString(),
          state: { state: "live" },
        }),
      changes: (_, send) => {
        changed = () =>
          send({
            kind: "snapshot",
            seq: 0,
            rows: [],
            as_of: new Date().toISOString(),
            state: { state: "live" },
          });
        changed();
      },
    },
  };
  const known = join([
    own,
    environmentStory(groups),
    instanceStory(params),
    lifeStory(groups),
    placeStory(),
    releaseStory(params, groups, trainReleases(params, last)),
    trainStory(params, last, () => changed()),
    clusterStory(params),
    adoptStory(params),
    diffStory(params),
    logStory(params),
    fileStory(params),
    mergeStory(params),
    joinStory(params),
    balancerStory(params, groups),
  ]);
  const environments = () =>
    (known.calls?.environment_list?.(null as never) ?? []) as Environment[];
  const config = configStory(params, [...groups, draftGroup(groups)], environments, () =>
    changed(),
  );
  const folder = folderStory(params, () => changed());
  const whole = join([
    known,
    appStory(params, known),
    config,
    folder,
    artifactStory(params, known),
    forwardStory(params, known),
  ]);
  return faulty(whole, params);
}

/** The answers of several nouns as those of one core; of two to the same question the later one counts. */
function join(parts: SimulatedCore[]): SimulatedCore {
  return {
    calls: Object.assign({}, ...parts.map(({ calls }) => calls)),
    feeds: Object.assign({}, ...parts.map(({ feeds }) => feeds)),
    pipes: Object.assign({}, ...parts.map(({ pipes }) => pipes)),
  };
}

const apps: AppRow[] = [
  app("app-checkout", "checkout-api", 8, "stopped"),
  app("app-user", "user-center", 3, "ok"),
  app("app-notify", "notify-worker", 2, "ok"),
  app("app-order", "order-center", 4, "ok"),
  app("app-search", "search-gateway", 2, "resting"),
  app("app-mall", "web-mall", 3, "idle"),
];

function app(id: string, slug: string, groups: number, mark: AppRow["mark"]): AppRow {
  return { id, slug, title: slug, groups, pinned: false, mark };
}

const groups: GroupCard[] = [
  group("dev-lihua", "dev", "bj-dev", "1"),
  group("dev-wangfang", "dev", "bj-dev", "1"),
  group("test", "test", "bj-dev", "2"),
  group("staging", "staging", "bj-dev", "3"),
  group("prod-bj-1", "prod", "bj-prod", "10"),
  group("prod-sh-1", "prod", "sh-prod", "8"),
  group("prod-gz-1", "prod", "gz-prod", "6"),
];

function group(name: string, environment: string, link: string, count: string): GroupCard {
  return {
    id: `group-${name}`,
    name,
    note: "",
    environment,
    link,
    link_name: link,
    namespace: "shop",
    errors: 0,
    draft_version: "2.14.0",
    count,
    last_release: null,
    deleting: false,
  };
}

/** The cluster of the group that the pages of diffs are about, when it does not answer. */
function unseen(cluster: ClusterLive): ClusterLive {
  if (cluster.name !== "gz-prod") return cluster;
  const since = new Date(Date.now() - 12 * 60_000).toISOString();
  const session = { state: "unreachable", since, retry_at: null, reason: "i/o timeout" } as const;
  return { ...cluster, session };
}

const clusters: ClusterLive[] = [
  cluster("bj-prod", 18),
  cluster("sh-prod", 31),
  cluster("gz-prod", 44),
  cluster("bj-dev", 16),
];

function cluster(name: string, latency: number): ClusterLive {
  return {
    id: name,
    name,
    session: { state: "ready", latency_ms: latency },
    server_version: "v1.36.3",
  };
}
