import type { SimulatedCore } from "~/platform/simulate";
import type {
  EventFact,
  EvictAttempt,
  EvictOrder,
  Health,
  Instance,
  InstanceLine,
  InstanceQuery,
  InstanceRow,
  InstanceSort,
  PodDetail,
  PodEntry,
  PodOf,
  PodYaml,
} from "~/wire/types";
import { monitorStory } from "./monitor";
import { ago, snapshot } from "./time";

const OLD = "7f86bb9d55";
const NEW = "6c9fd7b4c8";
/** Of groups in which nothing moves. */
const QUIET = "58d4c9c7f6";

/** The last characters of names, as the controller makes them. */
export const ENDS = [
  "w6tkz",
  "b8xqn",
  "g2fsm",
  "p9hvd",
  "v5cjk",
  "2ktrw",
  "5xzjb",
  "d7nqm",
  "k4gvc",
  "s9fhp",
];

/** prod-sh-1 at 22:45: two new pods serve, the third does not come up, six old ones go on. */
const instances: Instance[] = [
  pod(NEW, "hv7qd", {
    health: "danger",
    status: "CrashLoopBackOff",
    reason: { container: "app", code: 1, message: "Error 1040: Too many connections" },
    ready: false,
    restarts: 4,
    node: "sh-node-11",
    ip: "10.24.6.31",
    created: ago(3 * 60),
    ready_since: null,
    cpu_milli: null,
    memory_bytes: null,
    last_exit: {
      code: 1,
      reason: "Error",
      message: "Error 1040: Too many connections",
      started: ago(16),
      finished: ago(14),
    },
  }),
  pod(NEW, "x2k4q", { node: "sh-node-07", ip: "10.24.3.118", created: ago(5 * 60) }, 131, 212),
  pod(NEW, "m9wtr", { node: "sh-node-04", ip: "10.24.2.57", created: ago(8 * 60) }, 128, 209),
  pod(OLD, "4jzpk", { node: "sh-node-02", ip: "10.24.1.20" }, 142, 231),
  pod(OLD, "8nd5c", { node: "sh-node-04", ip: "10.24.2.41" }, 139, 228),
  pod(OLD, "c6xgw", { node: "sh-node-07", ip: "10.24.3.96", restarts: 1 }, 147, 236),
  pod(OLD, "hk2vb", { node: "sh-node-09", ip: "10.24.5.12" }, 136, 227),
  pod(OLD, "qf7ts", { node: "sh-node-11", ip: "10.24.6.18" }, 144, 233),
  pod(OLD, "zr49m", { node: "sh-node-12", ip: "10.24.7.73" }, 140, 229),
];

/** staging in the middle of r63: one new pod serves, one starts, one old one still runs. */
const rolling: Instance[] = [
  staging(NEW, "b8xqn", { node: "bj-node-14", ip: "10.20.8.44", created: ago(150) }, 127, 213),
  staging(NEW, "g2fsm", {
    health: "progress",
    status: "ContainerCreating",
    ready: false,
    ready_since: null,
    node: "bj-node-03",
    created: ago(12),
  }),
  staging(OLD, "p9hvd", { node: "bj-node-08", ip: "10.20.5.77" }, 144, 233),
  staging(OLD, "v5cjk", { node: "bj-node-11", ip: "10.20.6.120" }, 139, 228),
];

export const events: EventFact[] = [
  event("e5", 12, "Warning", "BackOff", "Back-off restarting failed container app", 5),
  event("e4", 170, "Normal", "Started", "Started container app", 5),
  event("e3", 171, "Normal", "Created", "Created container app", 5),
  event("e2", 172, "Normal", "Pulled", 'Container image "checkout-api:2.14.0" already present'),
  event("e1", 175, "Normal", "Scheduled", "Successfully assigned to sh-node-11"),
];

const stillLog = [
  "INFO checkout-api 2.14.0 starting, profile=prod-sh-1, pid=1",
  "INFO db: opening pool mysql-sh.internal:3306/checkout, max=60",
  "WARN db: ping failed, attempt 1 of 3: Error 1040: Too many connections",
  "WARN db: ping failed, attempt 2 of 3: Error 1040: Too many connections",
  "ERROR db: ping failed, attempt 3 of 3: Error 1040: Too many connections",
  'ERROR fatal: cannot initialise data source "orders" after 3 attempts, exiting with 1',
];

export const crashLog = stillLog.map((line, at) => `${ago(16 - at * 0.4)} ${line}`);

const running: Record<string, Instance[]> = {
  "group-prod-sh-1": instances,
  "group-staging": rolling,
  "group-prod-bj-1": settled("prod-bj-1", 10, "r41", "2.14.0"),
  "group-test": settled("test", 2, "r204", "2.14.1-rc.1"),
  "group-dev-lihua": settled("dev-lihua", 1, "r112", "2.15.0-dev.7"),
  "group-dev-wangfang": settled("dev-wangfang", 1, "r58", "2.14.0"),
  "group-prod-gz-1": settled("prod-gz-1", 6, "r17", "2.13.3"),
};

/** prod-bj-1 at rest after its second batch: one new pod serves since the first, four came with the second. */
const resting = settled("prod-bj-1", 10, "r41", "2.14.0").map((one, at): Instance => {
  const old = at >= 5;
  const age = old ? 2 * 86_400 : at === 0 ? 13 * 60 : 7 * 60 - at * 30;
  return {
    ...one,
    ...(old ? { release: "r40", version: "2.13.4", name: one.name.replace(QUIET, OLD) } : {}),
    created: ago(age),
    ready_since: ago(age - 30),
  };
});

export function instanceStory(params: URLSearchParams): SimulatedCore {
  const stale = params.has("stale");
  const of = (group: string) =>
    group === "group-prod-bj-1" && params.has("rest") ? resting : (running[group] ?? []);
  return {
    feeds: {
      instances: (topic, send) =>
        send(
          snapshot(
            topic.kind === "instances" && !params.has("pods") ? of(topic.group) : [],
            stale ? ago(40) : undefined,
          ),
        ),
      instance_list: (topic, send) =>
        send(
          snapshot(
            topic.kind === "instance_list" && !params.has("pods")
              ? linesOf(of(topic.group), topic.query, MOVING[topic.group])
              : linesOf([], null, undefined),
            stale ? ago(40) : undefined,
          ),
        ),
      pod: (topic, send) => {
        if (topic.kind !== "pod") return;
        const pod = of(topic.of.group).find(({ id }) => id === topic.of.pod.uid);
        send(snapshot(pod ? [detailOf(pod)] : [], stale ? ago(40) : undefined));
      },
      events: (topic, send) =>
        send(
          snapshot(
            topic.kind === "events" && topic.group === "group-prod-sh-1" ? events : [],
            stale ? ago(40) : undefined,
          ),
        ),
    },
    calls: {
      ...monitorStory(params, of).calls,
      pod_yaml: ({ pod }: PodOf): PodYaml => ({
        yaml: `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${pod.name}\n  namespace: shop\nspec:\n  containers:\n    - name: app\n`,
        managed_fields: "- manager: kubelet\n  operation: Update\n  subresource: status\n",
        managers: 2,
      }),
      instance_evict: ({ pods }: EvictOrder): EvictAttempt[] =>
        pods.map(({ name }) => ({ pod: name, error: null })),
    },
    pipes: {
      terminal: (topic, send) => {
        if (topic.kind !== "terminal") return;
        const prompt = `\u001b[32m${topic.pod}\u001b[0m:/app$ `;
        // The window listens once the pipe is open.
        queueMicrotask(() => send(new TextEncoder().encode(prompt).buffer as ArrayBuffer));
      },
    },
  };
}

/** A pod in full, with its events where the story has some. */
function detailOf(pod: Instance): PodDetail {
  const failing = pod.health === "danger";
  const exit = pod.last_exit;
  const told = events.filter(({ object }) => object === `Pod/${pod.name}`);
  const entries: PodEntry[] = [
    ...told.map(({ id, at, kind, reason, message, count }) => ({
      id,
      at,
      what: { kind: "event" as const, warning: kind === "Warning", reason, message, count },
    })),
    ...(exit
      ? [
          {
            id: "ended/app",
            at: exit.finished,
            what: { kind: "ended" as const, container: "app", exit },
          },
        ]
      : []),
    {
      id: "condition/Ready",
      at: pod.ready_since ?? pod.created,
      what: {
        kind: "condition",
        condition: "Ready",
        holds: pod.ready,
        reason: pod.ready ? "" : "ContainersNotReady",
        message: pod.ready ? "" : "containers with unready status: [app]",
      },
    },
    {
      id: "write/0",
      at: pod.created,
      what: {
        kind: "write",
        manager: "kube-controller-manager",
        operation: "Update",
        subresource: "",
        ours: false,
      },
    },
    { id: "created", at: pod.created, what: { kind: "created" } },
  ];
  return {
    id: pod.id,
    gone: false,
    containers: [
      {
        name: "app",
        kind: "app",
        image: pod.image,
        digest: "sha256:4b0f0e2cf2f1f6a0b62f0f1f2a5a8f5e1c7a1ef0a9b3f6f5f0d8c1b2a3948576",
        state: failing
          ? {
              state: "waiting",
              reason: "CrashLoopBackOff",
              message: "back-off 2m40s restarting failed container",
            }
          : { state: "running", since: pod.ready_since },
        ready: pod.ready,
        restarts: pod.restarts,
        ports: ["http 8080/TCP"],
        last: exit,
      },
      {
        name: "log-agent",
        kind: "sidecar",
        image: "registry.example.com/base/log-agent:3.2",
        digest: null,
        state: { state: "running", since: pod.created },
        ready: true,
        restarts: 0,
        ports: ["9102/TCP"],
        last: null,
      },
    ],
    conditions: ["PodScheduled", "Initialized", "Ready"].map((kind) => ({
      kind,
      holds: kind !== "Ready" || pod.ready,
      reason: "",
      message: "",
    })),
    entries: entries.sort((a, b) => (b.at ?? "").localeCompare(a.at ?? "", "en")),
    left_out: 0,
  };
}

/** Template labels that a release brings in. */
const MOVING: Record<string, string> = {
  "group-prod-sh-1": "r28",
  "group-staging": "r63",
  "group-prod-bj-1": "r41",
};

const rank: Record<Health, number> = {
  danger: 0,
  unknown: 1,
  warn: 2,
  progress: 3,
  ok: 3,
  done: 4,
};
const HEALTHS: Health[] = ["danger", "unknown", "warn", "progress", "ok", "done"];

const keys: Record<InstanceSort, (pod: InstanceRow) => string | number> = {
  status: (pod) => pod.status,
  pod: (pod) => pod.name,
  version: (pod) => pod.version,
  ready: (pod) => pod.ready_containers,
  restarts: (pod) => pod.restarts,
  cpu: (pod) => pod.cpu_milli ?? -1,
  memory: (pod) => pod.memory_bytes ?? -1,
  node: (pod) => pod.node,
  ip: (pod) => pod.ip,
  age: (pod) => -Date.parse(pod.created ?? ""),
};

/** A summary of all, and those that a query asks for, as the core sorts and filters them. */
function linesOf(
  all: Instance[],
  query: InstanceQuery | null,
  moving: string | undefined,
): InstanceLine[] {
  const rows = all.map((one, at): InstanceRow => {
    const wave = (value: number | null, part: number) =>
      value === null
        ? []
        : Array.from({ length: 16 }, (_, step) =>
            Math.round(value * (1 + part * Math.sin(step * 0.9 + at))),
          );
    return {
      ...one,
      at: 0,
      new: one.release === moving,
      cpu: wave(one.cpu_milli, 0.08),
      memory: wave(one.memory_bytes, 0.02),
    };
  });
  const key = (one: InstanceRow) => `${one.version}${one.new ? "+" : ""}`;
  const words = (query?.text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const matching = rows.filter((one) => {
    if (query?.health && query.health !== one.health) return false;
    if (query?.share && query.share !== key(one)) return false;
    const hay = [one.name, one.node, one.ip, one.version, one.status].join(" ").toLowerCase();
    return words.every((word) => hay.includes(word));
  });
  const usual = (a: InstanceRow, b: InstanceRow) =>
    rank[a.health] - rank[b.health] ||
    Number(b.new) - Number(a.new) ||
    a.name.localeCompare(b.name, "en");
  matching.sort((a, b) => {
    if (!query?.sort) return usual(a, b);
    const [x, y] = [keys[query.sort](a), keys[query.sort](b)];
    const order = x < y ? -1 : x > y ? 1 : 0;
    return (query.descending ? -order : order) || usual(a, b);
  });
  const shares = [...new Set(rows.map(key))].map((share) => {
    const pods = rows.filter((one) => key(one) === share);
    return {
      key: share,
      version: pods[0]?.version ?? "",
      release: pods[0]?.release ?? null,
      new: share.endsWith("+"),
      pods: pods.length,
      ready: pods.filter(({ ready }) => ready).length,
      failing: pods.filter(({ health }) => health === "danger").length,
      cells: pods.map(({ name, ready, health }) => ({ name, ready, health })),
    };
  });
  const measured = rows.filter((one) => one.cpu_milli !== null);
  const from = query?.from ?? 0;
  return [
    {
      kind: "summary",
      id: "summary",
      total: rows.length,
      matching: matching.length,
      states: HEALTHS.map((health) => ({
        health,
        count: rows.filter((one) => one.health === health).length,
      })).filter(({ count }) => count > 0),
      shares: shares.sort((a, b) => Number(b.new) - Number(a.new)),
      cpu_milli: measured.reduce((sum, one) => sum + (one.cpu_milli ?? 0), 0),
      memory_bytes: measured.reduce((sum, one) => sum + (one.memory_bytes ?? 0), 0),
      measured: measured.length,
      cpu_peak: Math.max(0, ...rows.flatMap(({ cpu }) => cpu)),
      memory_peak: Math.max(0, ...rows.flatMap(({ memory }) => memory)),
    },
    ...matching
      .map((one, at) => ({ kind: "pod" as const, ...one, at }))
      .slice(from, from + (query?.most ?? 0)),
  ];
}

function pod(
  hash: string,
  last: string,
  facts: Partial<Instance>,
  cpu?: number,
  memory?: number,
): Instance {
  const fresh = hash === NEW;
  return {
    id: `pod-${last}`,
    name: `checkout-api-prod-sh-1-${hash}-${last}`,
    health: "ok",
    status: "Running",
    reason: null,
    version: fresh ? "2.14.0" : "2.13.4",
    release: fresh ? "r28" : "r27",
    image: `registry.example.com/shop/checkout-api:${fresh ? "2.14.0" : "2.13.4"}`,
    ready: true,
    ready_containers: facts.ready === false ? 0 : 1,
    containers: 1,
    container: "app",
    restarts: 0,
    last_exit: null,
    ip: "",
    host_ip: "10.24.0.2",
    node: "",
    replica_set: `checkout-api-prod-sh-1-${hash}`,
    created: ago(2 * 86_400),
    ready_since: ago(fresh ? 4 * 60 : 2 * 86_400),
    cpu_milli: cpu ?? null,
    memory_bytes: memory === undefined ? null : memory * 1024 * 1024,
    ...facts,
  };
}

/** Pods of a group in which nothing moves. */
function settled(group: string, count: number, release: string, version: string): Instance[] {
  return ENDS.slice(0, count).map((end, at) => {
    const place = { node: `bj-node-${String(at + 3).padStart(2, "0")}`, ip: `10.20.${at + 2}.44` };
    const one = pod(QUIET, end, place, 127 + at * 2, 209 + at);
    return {
      ...one,
      id: `pod-${group}-${end}`,
      name: one.name.replace("prod-sh-1", group),
      replica_set: one.replica_set.replace("prod-sh-1", group),
      image: `registry.example.com/shop/checkout-api:${version}`,
      release,
      version,
    };
  });
}

function staging(...facts: Parameters<typeof pod>): Instance {
  const one = pod(...facts);
  const fresh = one.version === "2.14.0";
  return {
    ...one,
    name: one.name.replace("prod-sh-1", "staging"),
    replica_set: one.replica_set.replace("prod-sh-1", "staging"),
    release: fresh ? "r63" : "r62",
  };
}

function event(
  id: string,
  seconds: number,
  kind: string,
  reason: string,
  message: string,
  count = 1,
): EventFact {
  const object = `Pod/checkout-api-prod-sh-1-${NEW}-hv7qd`;
  return { id, at: ago(seconds), kind, reason, message, object, count };
}
