import type { SimulatedCore } from "~/platform/simulate";
import type {
  Author,
  GroupCard,
  GroupView,
  Hands,
  NoMetrics,
  NoPrometheus,
  PlanRequest,
  ReleaseAction,
  ReleaseQuery,
  ReleaseRow,
  ReleaseState,
  ReleaseView,
  RollbackRequest,
  UnreadRecord,
} from "~/wire/types";
import { begun, changed } from "./changes";
import { environments } from "./environment";
import { crashLog, events } from "./instance";
import { gone, planOf } from "./plan";
import { rollbackOf } from "./rollback";
import { ago, snapshot } from "./time";
import { trafficOf } from "./traffic";
import { usageOf } from "./usage";

/** The last release of each group, in the order of the core: what moves or waits on top, then the newest. */
export const last: ReleaseRow[] = [
  row("staging", "staging", 63, "moving", "2.13.4", "2.14.0", 3 * 60, null),
  row("prod-sh-1", "prod", 28, "stopped", "2.13.4", "2.14.0", 11 * 60, 9 * 60),
  row("prod-bj-1", "prod", 41, "succeeded", "2.13.4", "2.14.0", 43 * 60, 14 * 60),
  row("test", "test", 204, "succeeded", "2.14.0", "2.14.1-rc.1", 160 * 60, 158 * 60, "Chen Wei"),
  row("dev-lihua", "dev", 112, "succeeded", "2.15.0-dev.6", "2.15.0-dev.7", 300 * 60, 299 * 60),
  row("dev-wangfang", "dev", 58, "succeeded", "2.13.4", "2.14.0", 30 * 3600, 29.9 * 3600),
  row("prod-gz-1", "prod", 18, "aborted", "2.13.3", "2.13.4", 55 * 3600, 54.8 * 3600, "Chen Wei"),
];

const states: ReleaseState[] = [
  "succeeded",
  "succeeded",
  "aborted",
  "succeeded",
  "stopped",
  "succeeded",
  "succeeded",
];

/** `trained`: releases as the train of the story has them. */
export function releaseStory(
  params: URLSearchParams,
  groups: GroupCard[],
  trained: ReleaseRow[],
): SimulatedCore {
  const newest = params.has("rest") ? last.map(atRest) : last;
  const cards = groups.map((group) => ({
    ...group,
    last_release: newest.find(({ group_name }) => group_name === group.name) ?? null,
  }));
  const all = newest.flatMap((one) => [one, ...older(one)]);
  const byId = (id: string) => [...trained, ...all].find((one) => one.id === id);
  const named = (id: string): ReleaseView => {
    const found = byId(id);
    const card = found && cards.find((one) => one.id === found.group);
    if (!found || !card) throw gone(id);
    return viewOf(found, card, null);
  };
  return {
    calls: {
      group_list: (app: string) => (app === "app-checkout" ? cards : []),
      group_get: (id: string): GroupView => {
        const card = cards.find((one) => one.id === id);
        if (!card) throw gone(id);
        return {
          id,
          app: "app-checkout",
          card,
          environment: environments.find((one) => one.id === card.environment) ?? null,
          draft: {} as GroupView["draft"],
          errors: [],
          workload: `checkout-api-${card.name}`,
          saved: ago(3600),
        };
      },
      release_list: (query: ReleaseQuery) => {
        const matching = (query.last ? newest : all).filter(
          (one) => (query.group === null || one.group === query.group) && shown(one, query.narrow),
        );
        const from = query.before ? matching.findIndex(({ id }) => id === query.before) + 1 : 0;
        const rows = params.has("none") ? [] : matching.slice(from, from + query.limit);
        return {
          rows,
          total: params.has("none") ? 0 : matching.length,
          more: from + query.limit < matching.length,
          unread: params.has("unread") ? UNREAD : [],
          past: Object.fromEntries(
            last.map((one) => [one.group, [...states, "succeeded", "succeeded", one.state]]),
          ),
        };
      },
      release_plan: (request: PlanRequest) => planOf(request, cards),
      release_people: () => [...new Set(all.map(({ author }) => author.display))].toSorted(),
      rollback_plan: (request: RollbackRequest) => rollbackOf(request, all, cards),
      release_start: () => {
        throw {
          code: "plan_moved",
          params: { what: "Deployment checkout-api-prod-sh-1" },
          detail: "start release: the Deployment has generation 12, the plan saw 11",
          hints: ["plan_again"],
          retryable: false,
          fields: [],
        };
      },
      release_act: () => null,
      release_usage: (id: string) => usageOf(named(id), params.get("metrics") as NoMetrics | null),
      release_traffic: (id: string) =>
        trafficOf(named(id), params.get("traffic") as NoPrometheus | null),
    },
    feeds: {
      release: (topic, send) => {
        const found = topic.kind === "release" && byId(topic.release);
        const card = found && cards.find(({ id }) => id === found.group);
        const view = found && card ? viewOf(found, card, params.get("drives")) : null;
        send(
          snapshot(
            view
              ? [params.has("full") ? withoutRoom(view, params.get("full") === "agreed") : view]
              : [],
          ),
        );
      },
      groups: (_, send) =>
        send(
          snapshot(
            cards.map((card) => ({
              id: card.id,
              state: "running",
              version: card.last_release?.to_version ?? null,
              from_version: card.last_release?.from_version ?? null,
              desired: 8,
              ready: 8,
              cells: Array.from({ length: 8 }, (_one, at) => ({
                new: at < 2,
                ready: true,
                health: "ok",
              })),
              restarted: null,
              stale_since: null,
            })),
          ),
        ),
    },
  };
}

function row(
  group: string,
  environment: string,
  seq: number,
  state: ReleaseState,
  from: string,
  to: string,
  created: number,
  ended: number | null,
  person = "Li Hua",
): ReleaseRow {
  const found = environments.find(({ id }) => id === environment);
  if (!found) throw new Error(`no environment ${environment} in the story`);
  const done = state !== "stopped" && state !== "moving" && ended !== null;
  return {
    id: `release-${group}-${seq}`,
    app: "app-checkout",
    group: `group-${group}`,
    group_name: group,
    environment: found,
    seq,
    state,
    stage: done ? "end" : "move",
    from_version: from,
    to_version: to,
    back_to: group === "prod-sh-1" && seq % 5 === 0 ? seq - 3 : null,
    author: {
      identity: person.toLowerCase().replace(" ", "-"),
      display: person,
      device: "lihua-mbp",
    },
    note: "2.14.0 to production: shipping address v2, larger DB pool",
    created: ago(created),
    ended: done ? ago(ended) : null,
    // The train of the story begins with it.
    train: group === "prod-bj-1" && seq === 41 ? { id: "train-1", car: 1, cars: 3 } : null,
  };
}

/** As the core narrows a history. */
function shown(one: ReleaseRow, narrow: ReleaseQuery["narrow"]): boolean {
  if (!narrow) return true;
  const words = [`r${one.seq}`, one.from_version, one.to_version, one.group_name, one.note];
  return (
    (narrow.person === null || narrow.person === one.author.display) &&
    (narrow.state === null || narrow.state === one.state) &&
    (narrow.since === null || narrow.since <= one.created) &&
    words.join("\n").toLowerCase().includes(narrow.text.trim().toLowerCase())
  );
}

/** The production group in the middle of its batches. */
function atRest(one: ReleaseRow): ReleaseRow {
  return one.group_name === "prod-bj-1"
    ? { ...one, state: "resting", stage: "move", created: ago(14 * 60), ended: null }
    : one;
}

function older(one: ReleaseRow): ReleaseRow[] {
  const seq = one.seq ?? 0;
  return Array.from({ length: Math.min(60, seq - 1) }, (_, at) =>
    row(
      one.group_name,
      one.environment.id,
      seq - 1 - at,
      states[at % states.length] === "stopped" ? "aborted" : "succeeded",
      "2.13.3",
      "2.13.4",
      (at + 3) * 86_400,
      (at + 3) * 86_400 - 200,
      at % 2 ? "Chen Wei" : "Wang Fang",
    ),
  );
}

/** A colleague who drives what is not driven from here. */
const CHEN_WEI: Author = { identity: "chen-wei", display: "Chen Wei", device: "chenwei-x1" };
const HANDS: Record<string, Hands> = { others: "others", adrift: "adrift", nobody: "nobodys" };

const UNREAD: UnreadRecord[] = [
  { name: "slipway-checkout-api-prod-sh-1-r29", newer: 2, reason: "" },
  { name: "slipway-checkout-api-test-r205", newer: null, reason: "its head was changed" },
];

function actionsOf(one: ReleaseRow, drives: string | null): ReleaseAction[] {
  if (one.ended !== null || drives === "others" || drives === "newer") return [];
  if (drives === "adrift") return ["take_over", "abort"];
  const waits = one.state === "stopped" || one.state === "resting";
  return waits ? ["continue", "abort"] : ["pause", "abort"];
}

/** Pods of the batches of production, after a canary of one. */
const BATCHES: Record<string, [number, number]> = {
  "prod-bj-1": [4, 5],
  "prod-sh-1": [3, 4],
  "prod-gz-1": [3, 2],
};

/** A canary, and two batches after it. */
function inBatches(second: number, third: number): ReleaseView["batches"] {
  return [
    { pods: 1, pace: { kind: "approval" } },
    { pods: second, pace: { kind: "approval" } },
    { pods: third, pace: null },
  ];
}

/** A stopped release on its way back, which a full quota holds up. */
function withoutRoom(view: ReleaseView, agreed: boolean): ReleaseView {
  if (view.row.state !== "stopped") return view;
  const message = "exceeded quota: team, requested: pods=1, used: pods=8, limited: pods=8";
  return {
    ...view,
    row: { ...view.row, state: "moving" },
    progress: {
      ...view.progress,
      aborting: "Li Hua",
      below: agreed ? { kind: "allowed", message, less: 1 } : { kind: "asked", message },
    },
    actions: ["abort_below"],
  };
}

/** `drives`: who drives it, where it is not this computer. */
function viewOf(
  one: ReleaseRow,
  { link_name, count }: GroupCard,
  drives: string | null,
): ReleaseView {
  const start = new Date(one.created).getTime();
  const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
  const stopped = one.state === "stopped";
  const resting = one.state === "resting";
  const done = one.ended !== null;
  const sizes = one.from_version === null ? undefined : BATCHES[one.group_name];
  // In its second batch, or through all three of them, each of which took a while.
  const went = sizes !== undefined && !stopped && !resting;
  const share = (part: number) =>
    ((one.ended ? Date.parse(one.ended) : Date.now()) - start) * (part / 1000);
  const moved = (seconds: number, state: ReleaseState, by: string | null = null) => ({
    at: at(seconds),
    stage: "move" as const,
    state,
    by,
    note: null,
  });
  return {
    id: one.id,
    row: one,
    link: link_name ?? "",
    cluster: link_name,
    namespace: "shop",
    workload: `checkout-api-${one.group_name}`,
    image: imageOf(one.to_version),
    label: `r${one.seq}`,
    count: Number(count),
    batches: sizes ? inBatches(...sizes) : [],
    progress: {
      batch: !sizes ? 0 : one.state === "succeeded" ? 2 : 1,
      rest: resting ? { left: { count: 10, new: 5 }, since: at(660) } : null,
      count: Number(count),
      aborting: null,
      below: null,
      driver: null,
    },
    transitions: [
      { at: at(-120), stage: "plan", state: "planned", by: "Li Hua", note: null },
      { at: at(0), stage: "lease", state: "planned", by: null, note: null },
      { at: at(1), stage: "record", state: "planned", by: null, note: null },
      { at: at(2), stage: "objects", state: "moving", by: null, note: null },
      { at: at(3), stage: "begin", state: "moving", by: null, note: null },
      { at: at(4), stage: "move", state: "moving", by: null, note: null },
      ...(resting
        ? [moved(120, "resting"), moved(360, "moving", "Li Hua"), moved(660, "resting")]
        : []),
      ...(stopped
        ? [moved(40, "resting"), moved(80, "moving", "Li Hua"), moved(120, "stopped")]
        : []),
      ...(went
        ? [
            moved(share(0.05), "resting"),
            moved(share(0.31), "moving", "Chen Wei"),
            ...(one.state === "succeeded"
              ? [moved(share(0.38), "resting"), moved(share(0.8), "moving", "Li Hua")]
              : []),
          ]
        : []),
      ...(done && one.ended
        ? [{ at: one.ended, stage: "end" as const, state: one.state, by: null, note: null }]
        : []),
    ],
    diagnosis: stopped
      ? {
          cause: {
            kind: "crash",
            pod: "checkout-api-prod-sh-1-6c9fd7b4c8-hv7qd",
            container: "app",
            code: 1,
            restarts: 4,
          },
          at: at(120),
          evidence: {
            last_exit: {
              code: 1,
              reason: "Error",
              message: "",
              started: ago(16),
              finished: ago(14),
            },
            events: events.slice(0, 1),
            log: crashLog,
            log_pod: "checkout-api-prod-sh-1-6c9fd7b4c8-hv7qd",
            log_container: "app",
            log_previous: true,
            ruled_out: ["image_pulled", "node_ready", "no_oom"],
          },
        }
      : null,
    hands: HANDS[drives ?? ""] ?? "ours",
    driver: drives ? CHEN_WEI : one.author,
    newer: drives === "newer" ? 9 : null,
    actions: actionsOf(one, drives),
    objects: [],
    changes:
      one.seq === 1 ? begun : changed(imageOf(one.from_version ?? ""), imageOf(one.to_version)),
    preflight: { checks: 13, passed: 9 },
  };
}

function imageOf(version: string): string {
  return `registry.example.com/shop/checkout-api:${version}@sha256:8d41c0ffee`;
}
