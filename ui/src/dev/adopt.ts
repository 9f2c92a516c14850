import type { SimulatedCore } from "~/platform/simulate";
import type { Candidate, GroupDraft, Takeover, TakeoverPreview } from "~/wire/types";
import { checkDraft, firstDraft } from "./draft";
import { ago } from "./time";

const image = "registry.example.com/shop/checkout-api:2.12.9";

const candidates: Candidate[] = [
  {
    name: "checkout-backoffice",
    containers: [
      { name: "log-agent", image: "registry.example.com/tools/log-agent:3.1" },
      { name: "backoffice", image },
    ],
    count: 2,
    ready: 2,
    made_by: "kubectl-create",
    made: ago(170 * 86_400),
    changed_by: "kubectl-edit",
    changed: ago(8 * 86_400),
  },
  {
    name: "checkout-mirror",
    containers: [{ name: "mirror", image }],
    count: 1,
    ready: 0,
    made_by: "helm",
    made: ago(90 * 86_400),
    changed_by: "helm",
    changed: ago(86_400),
  },
];

const patch = `metadata:
  annotations:
    team: orders
spec:
  template:
    metadata:
      annotations:
        prometheus.io/scrape: "true"
    spec:
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
            - matchExpressions:
              - key: disk
                operator: In
                values:
                - ssd
      containers:
      - name: backoffice
        env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef:
              name: backoffice-db
              key: password
        volumeMounts:
        - name: report-cache
          mountPath: /var/cache
      - name: log-agent
        image: registry.example.com/tools/log-agent:3.1
      volumes:
      - name: report-cache
        emptyDir:
          sizeLimit: 2Gi
`;

/** Deployments that others made, and what becomes of them. */
export function adoptStory(params: URLSearchParams): SimulatedCore {
  const adopted = new Set<string>();
  const offline = {
    code: "unreachable",
    params: { server: "https://k8s-gz-prod.example.com:6443", reason: "connection refused" },
    detail: "list Deployments: connection refused",
    hints: ["check_network"],
    retryable: true,
    fields: [],
  };
  const forbidden = {
    code: "forbidden",
    params: { verb: "patch", resource: "deployments", namespace: "shop" },
    detail: "patch Deployment: 403",
    hints: ["ask_owner"],
    retryable: false,
    fields: [],
  };
  const draftOf = (takeover: Takeover): GroupDraft => ({
    ...firstDraft,
    name: takeover.name,
    environment: takeover.environment,
    link: takeover.link,
    image,
    count: "2",
    cpu: { request: "100m", limit: "250m" },
    memory: { request: "256Mi", limit: "384Mi" },
    command: { kind: "list", value: ["java", "-jar", "app.jar", "--role=backoffice"] },
    ports: [{ name: "http", port: "8080", protocol: "TCP" }],
    readiness: {
      ...firstDraft.readiness,
      kind: "http",
      http: { path: "/healthz", port: "http", scheme: "HTTP", headers: [] },
    },
    liveness: { ...firstDraft.liveness, kind: "tcp", tcp: "8080", period_seconds: "20" },
    lifecycle: {
      ...firstDraft.lifecycle,
      before_stop: {
        ...firstDraft.lifecycle.before_stop,
        kind: "command",
        command: { kind: "shell", value: "sleep 5" },
      },
    },
    variables: [
      { name: "JAVA_OPTS", value: "-XX:MaxRAMPercentage=75" },
      { name: "ROLE", value: "backoffice" },
    ],
    patch,
  });
  return {
    calls: {
      takeover_list: (link: string): Candidate[] => {
        if (params.has("stale") || link === "gz-prod") throw offline;
        return link === "bj-prod" ? candidates.filter(({ name }) => !adopted.has(name)) : [];
      },
      takeover_preview: (takeover: Takeover): TakeoverPreview => {
        if (params.has("reader")) throw forbidden;
        const candidate = candidates.find(({ name }) => name === takeover.workload);
        if (!candidate) {
          throw {
            ...offline,
            code: "not_found",
            params: { what: "Deployment", name: takeover.workload },
          };
        }
        const draft = draftOf(takeover);
        const helm = candidate.made_by === "helm";
        return {
          candidate,
          container: takeover.container ?? candidate.containers.at(-1)?.name ?? "",
          selector: `app=${candidate.name}`,
          draft,
          kept: [
            {
              kind: "sidecar",
              name: "log-agent",
              detail: "registry.example.com/tools/log-agent:3.1",
            },
            { kind: "volume", name: "report-cache", detail: "emptyDir" },
            { kind: "variable", name: "DB_PASSWORD", detail: "" },
            { kind: "container", name: "volumeMounts", detail: "1" },
            { kind: "pod", name: "affinity", detail: "nodeAffinity" },
            { kind: "annotation", name: "team", detail: "orders" },
            { kind: "annotation", name: "prometheus.io/scrape", detail: "true" },
          ],
          labels: [
            "app.kubernetes.io/managed-by",
            "app.kubernetes.io/name",
            "slipway.dev/app",
            "slipway.dev/group",
          ],
          conflicts: helm
            ? [{ manager: "helm", field: ".metadata.labels.app.kubernetes.io/managed-by" }]
            : [],
          errors: helm
            ? [{ field: "image", code: "not_an_image", params: { reason: "no_tag" }, fix: null }]
            : checkDraft(draft, "adopted"),
        };
      },
      takeover_start: (takeover: Takeover) => {
        adopted.add(takeover.workload);
        return "group-prod-gz-2";
      },
    },
  };
}
