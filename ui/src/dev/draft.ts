import type {
  FieldError,
  GroupCard,
  GroupDraft,
  ProbeDraft,
  StrategyAsked,
  StrategyPreview,
} from "~/wire/types";

const noCheck: ProbeDraft = {
  kind: "none",
  http: { path: "", port: "", scheme: "HTTP", headers: [] },
  command: { kind: "image" },
  tcp: "",
  delay_seconds: "0",
  period_seconds: "10",
  timeout_seconds: "1",
  success_threshold: "1",
  failure_threshold: "3",
};
const noHook = { kind: "none" as const, command: { kind: "image" as const }, http: noCheck.http };

/** What a new group begins with. */
export const firstDraft: GroupDraft = {
  name: "",
  environment: "dev",
  link: "",
  note: "",
  image: "",
  count: "1",
  cpu: { request: "100m", limit: "500m" },
  memory: { request: "128Mi", limit: "256Mi" },
  gpu: { resource: "", count: "", selector: [] },
  command: { kind: "image" },
  args: [],
  working_dir: "",
  ports: [],
  pull_secret: "",
  service_account: "",
  node_selector: [],
  tolerations: [],
  strategy: {
    kind: "rolling",
    max_surge: "25%",
    max_unavailable: "25%",
    min_ready_seconds: "5",
    progress_deadline_seconds: "600",
    split: "even",
    number: "3",
    canary: "1",
    pace: { approval: true, seconds: "600" },
    steps: [],
  },
  readiness: noCheck,
  liveness: noCheck,
  startup: { ...noCheck, period_seconds: "2", failure_threshold: "30" },
  lifecycle: {
    before_start: {
      kind: "none",
      command: { kind: "image" },
      url: "",
      image: "",
      seconds: "120",
    },
    after_start: noHook,
    before_stop: noHook,
    grace_period_seconds: "30",
  },
  variables: [],
  patch: "",
};

/** A group of the story, with something in every section. */
export function storyDraft(card: GroupCard): GroupDraft {
  return {
    ...firstDraft,
    name: card.name,
    environment: card.environment,
    link: card.link,
    note: card.note,
    image: "2.14.0",
    count: card.count,
    cpu: { request: "200m", limit: "500m" },
    memory: { request: "384Mi", limit: "512Mi" },
    command: { kind: "shell", value: "exec java $JAVA_OPTS -jar app.jar" },
    ports: [
      { name: "http", port: "8080", protocol: "TCP" },
      { name: "admin", port: "8081", protocol: "TCP" },
    ],
    pull_secret: "shop-registry",
    strategy: {
      ...firstDraft.strategy,
      kind: "batches",
      split: "explicit",
      max_surge: "1",
      max_unavailable: "0",
      min_ready_seconds: "10",
      steps: [
        { size: "1", pace: { approval: true, seconds: "600" } },
        { size: "4", pace: { approval: false, seconds: "600" } },
      ],
    },
    readiness: {
      ...noCheck,
      kind: "http",
      http: {
        path: "/healthz",
        port: "http",
        scheme: "HTTP",
        headers: [{ name: "X-Probe", value: "slipway" }],
      },
      period_seconds: "5",
      timeout_seconds: "2",
    },
    liveness: { ...noCheck, kind: "tcp", tcp: card.errors > 0 ? "admn" : "admin" },
    startup: {
      ...firstDraft.startup,
      kind: "command",
      command: { kind: "shell", value: "test -f /tmp/started" },
      delay_seconds: "2",
    },
    lifecycle: {
      before_start: {
        ...firstDraft.lifecycle.before_start,
        kind: "wait",
        url: "http://config.shop.svc/ready",
      },
      after_start: noHook,
      before_stop: {
        ...noHook,
        kind: "command",
        command: { kind: "shell", value: "sleep 15" },
      },
      grace_period_seconds: "45",
    },
    variables: [
      { name: "JAVA_OPTS", value: "-XX:MaxRAMPercentage=75" },
      { name: "DB_POOL_MAX", value: "60" },
    ],
    patch:
      "spec:\n  template:\n    spec:\n      containers:\n        - name: log-shipper\n          image: registry.example.com/shop/log-shipper:3.1\n",
  };
}

/** What the core finds wrong, as far as the story goes. */
export function checkDraft(draft: GroupDraft, id: string | null): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (field: string, code: FieldError["code"], fix: string | null = null) =>
    errors.push({ field, code, params: {}, fix });
  if (id === null) errors.push(...checkName("name", draft.name));
  if (draft.link === "") wrong("link", "required");
  if (draft.count.trim() === "") wrong("count", "required");
  if (draft.cpu.limit === "50m") {
    errors.push({
      field: "cpu.limit",
      code: "limit_below_request",
      params: { request: draft.cpu.request },
      fix: draft.cpu.request,
    });
  }
  draft.ports.forEach(({ port }, at) => {
    if (!/^\d+$/.test(port)) wrong(`ports.${at}.port`, "not_a_number");
  });
  for (const probe of ["readiness", "liveness", "startup"] as const) {
    const { kind, http, tcp } = draft[probe];
    const port = kind === "http" ? http.port : tcp;
    const known = draft.ports.map(({ name }) => name);
    if ((kind === "http" || kind === "tcp") && !/^\d+$/.test(port) && !known.includes(port)) {
      errors.push({
        field: kind === "http" ? `${probe}.http.port` : `${probe}.tcp`,
        code: port === "" ? "required" : "unknown_port",
        params: { port },
        fix: port === "" ? null : (known.find((name) => name[0] === port[0]) ?? null),
      });
    }
  }
  if (draft.patch.includes("[")) {
    errors.push({
      field: "patch",
      code: "not_yaml",
      params: { line: "1", column: "1", reason: "syntax" },
      fix: null,
    });
  }
  return errors;
}

export function checkName(field: string, typed: string): FieldError[] {
  if (typed.trim() === "") return [{ field, code: "required", params: {}, fix: null }];
  if (/^[a-z][a-z0-9-]*$/.test(typed)) return [];
  const fix = typed.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return [{ field, code: "not_a_label", params: {}, fix }];
}

/** How the core splits the pods into batches. */
export function previewStrategy({ strategy, count: typed }: StrategyAsked): StrategyPreview {
  const count = Number(typed) || 0;
  const share = (size: string, round: (part: number) => number) =>
    size.endsWith("%") ? round((Number(size.slice(0, -1)) * count) / 100) : Number(size) || 0;
  const batches: number[] = [];
  let left = count;
  const take = (size: number) => {
    const some = Math.min(Math.max(1, size), left);
    if (some > 0) batches.push(some);
    left -= some;
  };
  if (strategy.kind === "batches" && strategy.split === "explicit") {
    for (const step of strategy.steps) take(share(step.size, Math.ceil));
  } else if (strategy.kind === "batches") {
    const canary = strategy.canary.trim();
    if (canary !== "") take(share(canary, Math.ceil));
    for (
      let further = Number(strategy.number) - (canary === "" ? 0 : 1);
      further > 0;
      further -= 1
    ) {
      if (left >= further) take(Math.floor(left / further));
    }
  }
  take(left);
  return {
    batches,
    least: count - share(strategy.max_unavailable, Math.floor),
    most: count + share(strategy.max_surge, Math.ceil),
  };
}
