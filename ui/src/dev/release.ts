import type { SimulatedCore } from "~/platform/simulate";
import type {
  GroupCard,
  GroupView,
  PlanRequest,
  PlanView,
  ReleaseQuery,
  ReleaseRow,
  ReleaseState,
  ReleaseView,
} from "~/wire/types";
import { begun, changed } from "./changes";
import { environments } from "./environment";
import { crashLog, events } from "./instance";
import { ago, snapshot } from "./time";

/** What the tag of the story's plan leads to. */
const PINNED = `sha256:8d41a97b${"0".repeat(46)}30c2f7c2aa`;

/** The last release of each group, in the order of the core: what moves or waits on top, then the newest. */
const last: ReleaseRow[] = [
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

export function releaseStory(params: URLSearchParams, groups: GroupCard[]): SimulatedCore {
  const newest = params.has("rest") ? last.map(atRest) : last;
  const cards = groups.map((group) => ({
    ...group,
    last_release: newest.find(({ group_name }) => group_name === group.name) ?? null,
  }));
  const all = newest.flatMap((one) => [one, ...older(one)]);
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
          (one) => query.group === null || one.group === query.group,
        );
        const from = query.before ? matching.findIndex(({ id }) => id === query.before) + 1 : 0;
        const rows = params.has("none") ? [] : matching.slice(from, from + query.limit);
        return {
          rows,
          total: params.has("none") ? 0 : matching.length,
          more: from + query.limit < matching.length,
          past: Object.fromEntries(
            last.map((one) => [one.group, [...states, "succeeded", "succeeded", one.state]]),
          ),
        };
      },
      release_plan: (request: PlanRequest) => planOf(request, cards),
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
    },
    feeds: {
      release: (topic, send) => {
        const found = topic.kind === "release" && all.find(({ id }) => id === topic.release);
        send(snapshot(found ? [viewOf(found)] : []));
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
    author: {
      identity: person.toLowerCase().replace(" ", "-"),
      display: person,
      device: "lihua-mbp",
    },
    note: "2.14.0 to production: shipping address v2, larger DB pool",
    created: ago(created),
    ended: done ? ago(ended) : null,
  };
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

function viewOf(one: ReleaseRow): ReleaseView {
  const start = new Date(one.created).getTime();
  const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
  const stopped = one.state === "stopped";
  const resting = one.state === "resting";
  const done = one.ended !== null;
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
    link: "sh-prod",
    cluster: "sh-prod",
    namespace: "shop",
    workload: `checkout-api-${one.group_name}`,
    image: `registry.example.com/shop/checkout-api:${one.to_version}@sha256:8d41c0ffee`,
    label: `r${one.seq}`,
    count: resting ? 10 : one.group_name === "staging" ? 3 : 8,
    batches: resting
      ? [
          { pods: 1, pace: { kind: "approval" } },
          { pods: 4, pace: { kind: "approval" } },
          { pods: 5, pace: null },
        ]
      : [],
    progress: {
      batch: resting ? 1 : 0,
      rest: resting ? { left: { count: 10, new: 5 }, since: at(660) } : null,
      count: resting ? 10 : 8,
      aborting: null,
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
        ? [{ at: at(120), stage: "move" as const, state: "stopped" as const, by: null, note: null }]
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
    ours: true,
    actions: stopped || resting ? ["continue", "abort"] : done ? [] : ["pause", "abort"],
    objects: [],
    changes: one.seq === 1 ? begun : changed,
  };
}

function planOf(request: PlanRequest, cards: GroupCard[]): PlanView {
  const card = cards.find(({ id }) => id === request.group);
  const environment = environments.find(({ id }) => id === card?.environment);
  if (!card || !environment) throw gone(request.group);
  if (/\s/.test(request.image)) {
    throw {
      code: "invalid",
      params: {},
      detail: "plan release: image",
      hints: [],
      retryable: false,
      fields: [{ field: "image", code: "not_an_image", params: { reason: "a space" }, fix: null }],
    };
  }
  const blocked = card.name === "prod-gz-1";
  return {
    hash: "5f1e",
    group: card.id,
    group_name: card.name,
    environment,
    cluster: card.link_name ?? "",
    namespace: "shop",
    workload: `checkout-api-${card.name}`,
    from_version: "2.13.4",
    to_version: request.image,
    image: `registry.example.com/shop/checkout-api:${request.image}`,
    count: Number(card.count),
    surge: 1,
    unavailable: 0,
    batches: card.name.startsWith("prod")
      ? [
          { pods: 1, pace: { kind: "approval" } },
          { pods: 3, pace: { kind: "wait", seconds: 600 } },
          { pods: Math.max(1, Number(card.count) - 4), pace: null },
        ]
      : [],
    first: false,
    verdicts: [
      { check: "permissions", level: "ok", code: "ok", params: {} },
      { check: "image", level: "ok", code: "ok", params: { digest: PINNED } },
      { check: "platform", level: "ok", code: "ok", params: { need: "linux/amd64" } },
      {
        check: "pull_secret",
        level: "ok",
        code: "works",
        params: { name: "shop-registry", host: "registry.example.com" },
      },
      { check: "dry_run", level: "ok", code: "ok", params: {} },
      {
        check: "ownership",
        level: "warning",
        code: "ours",
        params: { fields: ".spec.template.spec.containers" },
      },
      blocked
        ? {
            check: "alone",
            level: "blocks",
            code: "running",
            params: { seq: "r19", by: "Chen Wei" },
          }
        : { check: "alone", level: "ok", code: "ok", params: {} },
    ],
    diff: {
      added: 3,
      removed: 2,
      lines: [
        fold(38),
        line("same", 39, 39, "    spec:"),
        line("same", 40, 40, "      containers:"),
        line("del", 41, null, "      - image: checkout-api:2.13.4", [[28, 34]]),
        line("add", null, 41, `      - image: checkout-api:${request.image}`, [[28, 34]]),
        line("same", 42, 42, "        env:"),
        line("same", 43, 43, "        - name: DB_POOL_MAX"),
        line("del", 44, null, '          value: "20"', [[18, 20]]),
        line("add", null, 44, '          value: "60"', [[18, 20]]),
        line("add", null, 45, "        - name: SHIPPING_ADDRESS"),
        line("same", 45, 46, "        name: app"),
        fold(22),
      ],
    },
    objects: [],
    as_of: ago(4),
  };
}

type Line = PlanView["diff"]["lines"][number];

function line(
  kind: Line["kind"],
  old: number | null,
  fresh: number | null,
  text: string,
  words: [number, number][] = [],
): Line {
  return { kind, old, new: fresh, text, words, folded: 0 };
}

function fold(folded: number): Line {
  return { kind: "fold", old: null, new: null, text: "", words: [], folded };
}

function gone(name: string) {
  return {
    code: "not_found",
    params: { name },
    detail: `read group ${name}`,
    hints: [],
    retryable: false,
    fields: [],
  };
}
