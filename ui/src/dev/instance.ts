import type { SimulatedCore } from "~/platform/simulate";
import type { EventFact, Instance } from "~/wire/types";
import { ago, snapshot } from "./time";

const OLD = "7f86bb9d55";
const NEW = "6c9fd7b4c8";

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
};

export function instanceStory(params: URLSearchParams): SimulatedCore {
  const stale = params.has("stale");
  return {
    feeds: {
      instances: (topic, send) =>
        send(
          snapshot(
            topic.kind === "instances" && !params.has("pods") ? (running[topic.group] ?? []) : [],
            stale ? ago(40) : undefined,
          ),
        ),
      events: (_, send) => send(snapshot(events)),
    },
    pipes: {
      logs: (topic, send) => {
        if (topic.kind !== "logs") return;
        // The window listens once the pipe is open.
        queueMicrotask(() => {
          send({ kind: "lines", seq: 0, lines: crashLog });
          if (topic.previous) send({ kind: "end", error: null });
        });
      },
    },
  };
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
