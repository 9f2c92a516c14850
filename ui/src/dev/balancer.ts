import type { SimulatedCore } from "~/platform/simulate";
import type {
  BalancerCheck,
  BalancerCreate,
  BalancerDraft,
  BalancerKind,
  BalancerLive,
  BalancerPlace,
  BalancerRow,
  BalancerSaved,
  BalancerUpdate,
  Endpoint,
  FieldError,
  GroupCard,
  PlaceLive,
} from "~/wire/types";
import { ENDS } from "./instance";
import { ago, snapshot } from "./time";

/** What leads to the groups of checkout-api while prod-bj-1 rests half way. */
export function balancerStory(params: URLSearchParams, groups: GroupCard[]): SimulatedCore {
  const stale = params.has("stale");
  const none = params.has("empty") || params.has("nobalancers");
  const rows: BalancerRow[] = none ? [] : stories.map((story) => rowOf(story, groups));
  const check = (draft: BalancerDraft): FieldError[] =>
    draft.name.trim() === ""
      ? [{ field: "name", code: "required", params: {}, fix: null }]
      : draft.ports.flatMap(({ port, node_port }, at) => [
          ...(/^\d+$/.test(port.trim())
            ? []
            : [
                { field: `ports.${at}.port`, code: "not_a_number" as const, params: {}, fix: null },
              ]),
          ...(node_port === "30080"
            ? [
                {
                  field: `ports.${at}.node_port`,
                  code: "node_port_taken" as const,
                  params: {},
                  fix: null,
                },
              ]
            : []),
        ]);
  const saved = (id: string, draft: BalancerDraft): BalancerSaved => {
    const fields = check(draft);
    if (fields.length > 0) {
      throw { code: "invalid", params: {}, detail: "check", hints: [], retryable: false, fields };
    }
    return { id, attempts: [{ link: "bj-prod", cluster: "bj-prod", error: null }] };
  };
  return {
    calls: {
      balancer_list: (app: string) => (app === "app-checkout" ? rows : []),
      balancer_new: ({ groups: chosen }: { groups: string[] }): BalancerDraft => ({
        name: "checkout-api",
        kind: "ClusterIP",
        ports: [{ name: "http", port: "8080", target: "http", node_port: "", protocol: "TCP" }],
        groups: chosen,
      }),
      balancer_check: ({ draft }: BalancerCheck) => check(draft),
      balancer_create: ({ draft }: BalancerCreate) => saved("balancer-bj", draft),
      balancer_update: ({ id, draft }: BalancerUpdate) => saved(id, draft),
      balancer_apply: () => [{ link: "bj-prod", cluster: "bj-prod", error: null }],
      balancer_label: () => ({ added: 2, removed: 0 }),
      balancer_delete: () => null,
      balancer_restore: () => null,
    },
    feeds: {
      balancers: (_, send) =>
        send(
          snapshot(
            none ? [] : stories.map((story) => liveOf(story, rowOf(story, groups), stale)),
            stale ? ago(40) : undefined,
          ),
        ),
    },
  };
}

interface Story {
  name: string;
  kind: BalancerKind;
  address: string;
  port: [string, string, string];
  nodePort?: number;
  groups: string[];
  /** Pods of the new and of the old version that get traffic. */
  pods: [number, number];
  state?: BalancerPlace["state"];
}

const stories: Story[] = [
  lb("checkout-api-bj", "10.20.0.80", "prod-bj-1", [5, 5]),
  {
    ...lb("checkout-api-bj-metrics", "10.20.191.14", "prod-bj-1", [5, 5]),
    kind: "ClusterIP",
    port: ["metrics", "9102", "9102"],
  },
  { ...lb("checkout-api-dev", "10.16.77.201", "dev-lihua", [0, 2]), ...inside("8080") },
  lb("checkout-api-gz", "", "prod-gz-1", [0, 6]),
  { ...lb("checkout-api-old", "10.16.42.9", "", [0, 0]), ...inside("8080"), groups: [] },
  lb("checkout-api-sh", "10.24.0.80", "prod-sh-1", [0, 8]),
  { ...lb("checkout-api-stg", "10.16.9.4", "staging", [0, 3]), kind: "NodePort", nodePort: 30081 },
  {
    ...lb("checkout-api-test", "10.16.9.5", "test", [0, 2]),
    kind: "NodePort",
    nodePort: 30082,
    state: "changed",
  },
];

function lb(name: string, address: string, group: string, pods: [number, number]): Story {
  const groups = group === "dev-lihua" ? ["dev-lihua", "dev-wangfang"] : [group];
  return { name, kind: "LoadBalancer", address, port: ["http", "80", "8080"], groups, pods };
}

function inside(port: string): Pick<Story, "kind" | "port"> {
  return { kind: "ClusterIP", port: ["http", port, port] };
}

function rowOf(story: Story, groups: GroupCard[]): BalancerRow {
  const own = groups.filter(({ name }) => story.groups.includes(name));
  const link = own[0]?.link ?? "bj-dev";
  const [name, port, target] = story.port;
  return {
    id: story.name.replace("checkout-api", "balancer"),
    app: "app-checkout",
    draft: {
      name: story.name,
      kind: story.kind,
      ports: [{ name, port, target, node_port: "", protocol: "TCP" }],
      groups: own.map(({ id }) => id),
    },
    saved: ago(3_600),
    groups: own.map(({ id, name: group, environment }) => ({ id, name: group, environment, link })),
    unknown_groups: 0,
    places: [
      {
        link,
        link_name: link,
        namespace: "shop",
        state: story.state ?? "applied",
        labelled: own.length > 1,
        applied: ago(86_400),
      },
    ],
  };
}

function liveOf(story: Story, row: BalancerRow, stale: boolean): BalancerLive {
  const [fresh, old] = story.pods;
  const [place] = row.places;
  const endpoints = [
    ...ENDS.slice(0, fresh).map((name, at) => endpoint(story, name, true, at)),
    ...ENDS.slice(fresh, fresh + old).map((name, at) => endpoint(story, name, false, at)),
  ];
  const pending = story.kind === "LoadBalancer" && story.address === "";
  const [name, port, target] = story.port;
  const live: PlaceLive = {
    link: place?.link ?? "",
    state: "there",
    stale_since: stale ? ago(40) : null,
    changed_elsewhere: false,
    kind: story.kind,
    cluster_ip: story.kind === "ClusterIP" ? story.address : "10.20.77.3",
    addresses: story.kind === "LoadBalancer" && !pending ? [story.address] : [],
    ports: [
      {
        name,
        port: Number(port),
        target: Number(target),
        node_port: story.nodePort ?? (story.kind === "LoadBalancer" ? 31_480 : null),
        protocol: "TCP",
      },
    ],
    pending_since: pending ? ago(5_400) : null,
    events: pending
      ? [
          {
            id: "event-1",
            at: ago(5_390),
            kind: "Normal",
            reason: "EnsuringLoadBalancer",
            message: "Ensuring load balancer",
            object: `Service/${story.name}`,
            count: 1,
          },
        ]
      : [],
    endpoints,
    shares: [
      ...(fresh > 0 ? [{ version: "2.14.0", new: true, count: fresh }] : []),
      ...(old > 0 ? [{ version: "2.13.4", new: false, count: old }] : []),
    ],
    no_traffic: endpoints.length === 0 ? { kind: "no_group" } : null,
    unlabelled: story.groups.length > 1 ? 1 : 0,
    stray: 0,
  };
  return { id: row.id, places: [live] };
}

function endpoint(story: Story, name: string, fresh: boolean, at: number): Endpoint {
  const group = story.groups[at % Math.max(1, story.groups.length)] ?? "";
  return {
    pod: `checkout-api-${group}-${fresh ? "7f86d5c9b4" : "6c9d4f7b58"}-${name}`,
    address: `10.20.${4 + at}.${17 + 11 * at}`,
    group,
    version: fresh ? "2.14.0" : "2.13.4",
    release: fresh ? "r41" : "r40",
    new: fresh,
    ready: true,
    terminating: false,
    health: "ok",
    since: ago(fresh ? 600 - 60 * at : 130_000 - 60 * at),
  };
}
