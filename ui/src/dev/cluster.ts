import type { SimulatedCore } from "~/platform/simulate";
import type {
  ClusterRow,
  ContextRow,
  Grant,
  LinkFrom,
  LinkPreview,
  NoPrometheus,
  PrometheusView,
  SignInView,
} from "~/wire/types";
import { ago } from "./time";

const rows: ClusterRow[] = [
  row("bj-prod", 90, ["prod-bj-1"]),
  row("sh-prod", 9, ["prod-sh-1"]),
  row("gz-prod", 200, ["prod-gz-1"]),
  row("bj-dev", null, ["dev-lihua", "dev-wangfang", "test", "staging"]),
];

export function clusterStory(params: URLSearchParams): SimulatedCore {
  return {
    calls: {
      cluster_list: () => (params.has("empty") ? [] : rows),
      setting_about: () => ({
        version: "0.1.0",
        data_dir: "~/.local/share/slipway",
        keyring: { state: "ready" },
        set_aside: null,
        device: "lihua-mbp",
      }),
      cluster_rename: () => null,
      cluster_unlink: () => null,
      cluster_retry: () => null,
      cluster_prometheus: (): PrometheusView => prometheusOf(params.get("traffic")),
      cluster_prometheus_set: () => null,
      cluster_link: () => "sq-prod",
      cluster_inspect: (from: LinkFrom): LinkPreview => {
        if (from.kind === "code" && from.code.length < 60) {
          throw {
            code: "code_cut_off",
            params: { have: String(from.code.length), expected: "1200" },
            detail: "read authorization code: the checksum is missing",
            hints: ["copy_code_whole"],
            retryable: false,
            fields: [],
          };
        }
        return preview;
      },
      cluster_inspect_stop: () => null,
      cluster_contexts: () => ({
        files: ["~/.kube/config"],
        contexts: [
          context("shop@sq-prod", true, { kind: "certificate", expires: ago(-80 * 86_400) }),
          context("shop@eks-eu", false, {
            kind: "exec",
            command: "aws",
            args: ["eks", "get-token", "--cluster-name", "eks eu"],
            found: "/usr/local/bin/aws",
          }),
          {
            ...context("old", false, { kind: "none" }),
            problem: {
              code: "kubeconfig_dangling",
              params: { context: "old", what: "user", name: "me" },
              detail: "read kubeconfig: context old names the user me, which is not there",
              hints: ["choose_another_file"],
              retryable: false,
              fields: [],
            },
          },
        ],
      }),
    },
  };
}

function row(name: string, days: number | null, groups: string[]): ClusterRow {
  return {
    link: {
      id: name,
      name,
      server: `https://k8s-${name}.example.com:6443`,
      fingerprint: "9F:3A:71:0C:44:B8:5E:D2:E8:01:12:5E:D2:E8",
      namespace: "shop",
      namespace_uid: name,
      identity: "system:serviceaccount:shop-access:li-hua",
      role: name === "bj-dev" ? "owner" : "manager",
      expires: days === null ? null : ago(-days * 86_400),
      source:
        name === "bj-dev"
          ? { kind: "kubeconfig", file: "~/.kube/config", context: "shop@bj-dev" }
          : { kind: "code" },
      prometheus: null,
    },
    groups: groups.map((group) => ({
      app: "checkout-api",
      app_id: "app-checkout",
      group,
      group_id: `group-${group}`,
    })),
  };
}

const rule = { api_group: "metrics.k8s.io", resource: "pods", verbs: ["get", "list"] };

const preview: LinkPreview = {
  token: "t",
  name: "sq-prod",
  server: "https://k8s-sq-prod.example.com:6443",
  fingerprint: "9F:3A:71:0C:44:B8:5E:D2:E8:01:12:5E:D2:E8",
  namespace: "shop",
  identity: "system:serviceaccount:shop-access:li-hua",
  role: "manager",
  expires: ago(-90 * 86_400),
  server_version: "v1.36.3",
  latency_ms: 38,
  replaces: null,
  grants: [
    grant("see", true),
    grant("operate", true),
    grant("deploy", true),
    grant("manage", true),
    { ...grant("metrics", false), missing: [rule] },
    {
      ...grant("nodes", false),
      missing: [{ api_group: "", resource: "nodes", verbs: ["list"] }],
    },
    {
      ...grant("members", false),
      missing: [{ api_group: "", resource: "serviceaccounts", verbs: ["create"] }],
      yaml: "",
    },
  ],
};

function grant(feature: Grant["feature"], allowed: boolean): Grant {
  const yaml = allowed
    ? ""
    : "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: slipway-metrics\n  namespace: shop\nrules:\n- apiGroups: [metrics.k8s.io]\n  resources: [pods]\n  verbs: [get, list]\n";
  return { feature, allowed, missing: [], yaml };
}

function context(name: string, current: boolean, sign_in: SignInView): ContextRow {
  return {
    name,
    file: "~/.kube/config",
    cluster: name,
    user: name,
    server: "https://k8s-sq-prod.example.com:6443",
    namespace: "shop",
    current,
    sign_in,
    problem: null,
  };
}

/** How the story's Prometheus is; `?traffic=forbidden` and the like say otherwise. */
function prometheusOf(missing: string | null): PrometheusView {
  return {
    typed: "",
    place: missing === "unknown" ? null : "monitoring/prometheus:9090",
    missing: missing as NoPrometheus | null,
    yaml: missing === "forbidden" ? role : "",
  };
}

const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: slipway-may-ask-prometheus
  namespace: monitoring
rules:
- apiGroups: [""]
  resources: [services/proxy]
  verbs: [get]
  resourceNames: [prometheus:9090]
`;
