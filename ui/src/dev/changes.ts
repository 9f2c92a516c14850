import type { FieldChange, GroupSection } from "~/wire/types";

const change = (section: GroupSection, field: string, before: unknown, after: unknown) => ({
  section,
  field,
  before,
  after,
  hidden: false,
  count: 1,
});

/** What a release of the story changes. */
export function changed(before: string, after: string): FieldChange[] {
  return [
    change("container", "containers.app.image", before, after),
    change("variables", "variables.DB_POOL_MAX", "20", "60"),
  ];
}

/** What a group of the story began with. */
export const begun: FieldChange[] = [
  change("container", "cpu", null, { request: "200m", limit: "500m" }),
  change("container", "image", null, "registry.example.com/shop/checkout-api:2.13.3"),
  change("container", "memory", null, { request: "384Mi", limit: "512Mi" }),
  change("container", "ports", null, [{ name: "http", port: 8080, protocol: "TCP" }]),
  change("strategy", "strategy", null, {
    max_surge: "25%",
    max_unavailable: "0",
    min_ready_seconds: 10,
    progress_deadline_seconds: 600,
    batches: {
      kind: "explicit",
      steps: [
        { size: "1", pace: { kind: "approval" } },
        { size: "4", pace: { kind: "wait", seconds: 600 } },
      ],
    },
  }),
  change("health", "readiness", null, {
    check: { http: { path: "/healthz", port: "http", scheme: "HTTP", headers: [] } },
    delay_seconds: 0,
    period_seconds: 5,
    timeout_seconds: 1,
    success_threshold: 1,
    failure_threshold: 3,
  }),
  change("lifecycle", "lifecycle", null, {
    before_start: null,
    after_start: null,
    before_stop: { command: ["/export/app/bin/drain.sh", "15"] },
    grace_period_seconds: 45,
  }),
  { ...change("variables", "variables.DB_PASSWORD", null, "a1b2c3"), hidden: true },
  change("variables", "variables.PROFILE", null, "prod"),
  change(
    "files",
    "/export/app/conf/application.yaml",
    null,
    "checkout-api-application-yaml-5c1f7e02ab",
  ),
];
