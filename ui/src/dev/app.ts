import type { SimulatedCore } from "~/platform/simulate";
import type {
  App,
  AppCheck,
  AppDraft,
  Cell,
  Environment,
  FieldError,
  GroupCard,
  GroupCheck,
  GroupDraft,
  GroupLive,
  GroupState,
  GroupView,
  HookDraft,
  HttpGetDraft,
  Overview,
  ProbeDraft,
  ReleaseRow,
} from "~/wire/types";
import { ago, snapshot } from "./time";

const app: App = {
  id: "app-checkout",
  slug: "checkout-api",
  title: "checkout-api",
  repository: "registry.example.com/shop/checkout-api",
  deploy_path: "/export/app/",
};

const http: HttpGetDraft = { path: "", port: "", scheme: "HTTP", headers: [] };

const probe: ProbeDraft = {
  kind: "none",
  http,
  command: { kind: "image" },
  tcp: "",
  delay_seconds: "0",
  period_seconds: "10",
  timeout_seconds: "1",
  success_threshold: "1",
  failure_threshold: "3",
};

const hook: HookDraft = { kind: "none", command: { kind: "image" }, http };

const first: GroupDraft = {
  name: "",
  environment: "dev",
  link: "",
  note: "",
  image: "",
  count: "1",
  cpu: { request: "100m", limit: "500m" },
  memory: { request: "128Mi", limit: "256Mi" },
  command: { kind: "image" },
  args: [],
  ports: [],
  gpu: { resource: "", count: "", selector: [] },
  working_dir: "",
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
  readiness: probe,
  liveness: probe,
  startup: { ...probe, period_seconds: "2", failure_threshold: "30" },
  lifecycle: {
    before_start: { kind: "none", command: { kind: "image" }, url: "", image: "", seconds: "120" },
    after_start: hook,
    before_stop: hook,
    grace_period_seconds: "30",
  },
  variables: [],
  patch: "",
};

/** What the app's own pages ask: the overview, the groups with what runs, and their drafts. */
export function appStory(params: URLSearchParams, others: SimulatedCore): SimulatedCore {
  const list =
    (others.calls?.group_list as ((app: string) => GroupCard[]) | undefined) ?? (() => []);
  const environments = () =>
    (others.calls?.environment_list?.(null as never) ?? []) as Environment[];
  const groupsOf = (id: string): GroupCard[] => {
    const cards = list(id);
    return cards.length === 0 || params.has("nogroups") ? [] : [...cards, draft(cards)];
  };
  const stale = params.has("stale");
  return {
    calls: {
      app_get: () => app,
      app_overview: (id: string): Overview => {
        const groups = groupsOf(id);
        return {
          app: { ...app, id, ...(params.has("norepo") ? { repository: "" } : {}) },
          columns: environments().map((environment) => ({
            environment,
            groups: groups.filter((one) => one.environment === environment.id),
          })),
          clusters: 4,
          latest: groups
            .map((one) => one.last_release)
            .filter((one): one is ReleaseRow => one !== null)
            .toSorted((a, b) => b.created.localeCompare(a.created)),
        };
      },
      app_check: ({ draft }: AppCheck) => checkApp(draft),
      app_create: (typed: AppDraft) => {
        const fields = checkApp(typed);
        if (fields.length > 0) throw invalid(fields);
        return { ...typed, id: "app-checkout" };
      },
      app_update: ({ draft }: AppCheck) => {
        const fields = checkApp(draft);
        if (fields.length > 0) throw invalid(fields);
        return app;
      },
      app_delete: () => null,
      group_list: groupsOf,
      group_new: () => first,
      group_get: (id: string): GroupView => {
        const card = groupsOf(app.id).find((one) => one.id === id);
        if (!card) throw { ...invalid([]), code: "not_found", params: { what: "group", name: "" } };
        return {
          id,
          app: app.id,
          card,
          environment: environments().find((one) => one.id === card.environment) ?? null,
          draft: {
            ...first,
            name: card.name,
            environment: card.environment,
            link: card.link,
            image: "2.14.0",
            count: card.count,
            cpu: { request: "200m", limit: "500m" },
            memory: { request: "384Mi", limit: "512Mi" },
            command: { kind: "shell", value: "exec java $JAVA_OPTS -jar app.jar" },
            ports: [
              { name: "http", port: "8080", protocol: "TCP" },
              { name: "admin", port: "8081", protocol: "TCP" },
            ],
            readiness: { ...probe, kind: "http", http: { ...http, path: "/readyz", port: "8080" } },
            variables: [
              { name: "JAVA_OPTS", value: "-XX:MaxRAMPercentage=75" },
              { name: "DB_POOL_MAX", value: "60" },
            ],
          },
          errors: [],
          workload: `checkout-api-${card.name}`,
          saved: ago(3600),
        };
      },
      strategy_preview: () => ({ batches: [], least: 0, most: 0 }),
      group_check: ({ draft, id }: GroupCheck) => checkGroup(draft, id),
      group_create: ({ draft }: GroupCheck) => {
        const fields = checkGroup(draft, null);
        if (fields.length > 0) throw invalid(fields);
        return "group-prod-gz-2";
      },
      group_update: ({ draft, id }: GroupCheck) => {
        const fields = checkGroup(draft, id);
        if (fields.length > 0) throw invalid(fields);
        return null;
      },
      keyring_retry: () => others.calls?.setting_about?.(null as never),
    },
    feeds: {
      groups: (topic, send) =>
        send(
          snapshot(
            topic.kind === "groups"
              ? groupsOf(topic.app).map((card) => live(card, stale ? ago(40) : null))
              : [],
            stale ? ago(40) : undefined,
          ),
        ),
    },
  };
}

function draft(cards: GroupCard[]): GroupCard {
  const like = cards.find(({ environment }) => environment === "prod");
  return {
    id: "group-prod-gz-2",
    name: "prod-gz-2",
    note: "Second group in gz, for the sale in December",
    environment: like?.environment ?? "prod",
    link: "gz-prod",
    link_name: "gz-prod",
    namespace: "shop",
    errors: 1,
    draft_version: "2.14.0",
    count: "6",
    last_release: null,
    deleting: false,
  };
}

function live(card: GroupCard, staleSince: string | null): GroupLive {
  const release = card.last_release;
  const desired = Number(card.count);
  const state: GroupState =
    release === null
      ? "absent"
      : release.state === "stopped"
        ? "stopped"
        : release.state === "moving"
          ? "rolling"
          : "running";
  const fresh = state === "stopped" ? 3 : state === "rolling" ? 1 : 0;
  const cells: Cell[] = Array.from({ length: desired + (state === "stopped" ? 1 : 0) }, (_, at) => {
    const failing = state === "stopped" && at === 2;
    return { new: at < fresh, ready: !failing, health: failing ? "danger" : "ok" };
  });
  return {
    id: card.id,
    state,
    version: release?.to_version ?? null,
    from_version: release?.from_version ?? null,
    desired: state === "absent" ? 0 : desired,
    ready: state === "absent" ? 0 : desired,
    cells: state === "absent" ? [] : cells,
    stale_since: staleSince,
  };
}

function checkApp(draft: AppDraft): FieldError[] {
  return checkName("slug", draft.slug);
}

function checkName(field: string, typed: string): FieldError[] {
  if (typed.trim() === "") return [{ field, code: "required", params: {}, fix: null }];
  if (/^[a-z][a-z0-9-]*$/.test(typed)) return [];
  const fix = typed.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return [{ field, code: "not_a_label", params: {}, fix }];
}

function checkGroup(draft: GroupDraft, id: string | null): FieldError[] {
  const errors = id === null ? checkName("name", draft.name) : [];
  if (draft.link === "") {
    errors.push({ field: "link", code: "required", params: {}, fix: null });
  }
  if (draft.count.trim() === "") {
    errors.push({ field: "count", code: "required", params: {}, fix: null });
  }
  if (draft.cpu.limit === "50m") {
    errors.push({
      field: "cpu.limit",
      code: "limit_below_request",
      params: { request: draft.cpu.request },
      fix: draft.cpu.request,
    });
  }
  draft.ports.forEach(({ port }, at) => {
    if (!/^\d+$/.test(port)) {
      errors.push({ field: `ports.${at}.port`, code: "not_a_number", params: {}, fix: null });
    }
  });
  return errors;
}

function invalid(fields: FieldError[]) {
  return { code: "invalid", params: {}, detail: "check", hints: [], retryable: false, fields };
}
