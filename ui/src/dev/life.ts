import type { SimulatedCore } from "~/platform/simulate";
import type {
  CountView,
  DeletedGroup,
  DeletionOrder,
  DeletionPlan,
  Doomed,
  GroupCard,
  GroupRights,
} from "~/wire/types";
import { environments } from "./environment";
import { ago } from "./time";

/** Groups as a whole: stopped, copied, deleted, had back; and an app in a file. */
export function lifeStory(groups: GroupCard[]): SimulatedCore {
  return {
    calls: {
      group_clone: () => "group-prod-gz-2",
      group_stop: () => null,
      group_start: () => null,
      group_count: (id: string): CountView => ({
        count: Number(groups.find((one) => one.id === id)?.count ?? 1),
        scaler: id === "group-prod-bj-1" ? { name: "checkout-bj", min: 6, max: 20 } : null,
        left: { quota: "shop", resource: "requests.memory", pods: 5 },
        most: 1000,
        surge: "25%",
        unavailable: "0",
      }),
      group_scale: () => null,
      group_restart: () => null,
      terminal_debug: () => "debug-1f3a9c",
      group_rights: (): GroupRights => ({
        change: null,
        evict: null,
        delete: null,
        shell: null,
        logs: null,
        forward: null,
      }),
      group_delete_plan: (id: string): DeletionPlan =>
        plan(
          groups.find((one) => one.id === id),
          id,
        ),
      group_delete: ({ group, typed }: DeletionOrder) => {
        const { named, name } = plan(
          groups.find((one) => one.id === group),
          group,
        );
        if (named && typed !== name) throw otherName(name);
        return null;
      },
      group_deletion: () => null,
      group_delete_retry: () => null,
      group_deleted: (): DeletedGroup[] => [
        {
          id: "group-load",
          name: "load",
          environment: "test",
          deleted: ago(3 * 24 * 3600),
          until: ago(-27 * 24 * 3600),
          export: "/home/lihua/.local/share/slipway/exports/checkout-api-load.zip",
        },
      ],
      group_restore: () => null,
      app_export: () => "/home/lihua/checkout-api.zip",
      app_import: () => "app-mall",
    },
  };
}

function plan(card: GroupCard | undefined, id: string): DeletionPlan {
  const name = card?.name ?? id.replace("group-", "");
  const environment = environments.find((one) => one.id === card?.environment) ?? null;
  // The one group of the story that was never released.
  const draft = card === undefined;
  const workload = `checkout-api-${name}`;
  const pods = draft ? 0 : Number(card.count);
  return {
    hash: "plan",
    group: id,
    name,
    environment: environment ?? environments[3] ?? null,
    cluster: draft ? null : (card.link_name ?? null),
    namespace: draft ? null : "shop",
    pods,
    goes: draft
      ? []
      : [
          object("Deployment", workload, { pods: String(pods), replica_sets: "4" }),
          object("Service", "checkout-api-gz", { type: "LoadBalancer", address: "10.28.0.80" }),
          object("ConfigMap", `${workload}-logback-xml-91d04be33c`, { keys: "1", bytes: "1032" }),
          object("ConfigMap", `${workload}-env-08ba4f61d7`, { keys: "4", bytes: "310" }),
          object("Secret", `${workload}-application-yaml-5c1f7e02ab`, { keys: "2" }),
          object("Lease", `slipway-${workload}`, {}),
        ],
    stays: draft
      ? []
      : [
          {
            kind: "PodDisruptionBudget",
            name: "checkout-gz",
            why: "foreign",
            manager: "kubectl",
            created: ago(170 * 24 * 3600),
          },
        ],
    unseen: [],
    last_seq: draft ? 0 : 18,
    named: pods > 0 || draft || environment?.protected === true,
    export: `/home/lihua/.local/share/slipway/exports/${workload}.zip`,
    as_of: ago(2),
  };
}

function object(kind: Doomed["kind"], name: string, facts: Record<string, string>): Doomed {
  return { kind, name, uid: name, facts, state: { state: "waiting" } };
}

function otherName(name: string) {
  return {
    code: "invalid",
    params: {},
    detail: "the name is not typed",
    hints: [],
    retryable: false,
    fields: [{ field: "typed", code: "other_name", params: { name }, fix: null }],
  };
}
