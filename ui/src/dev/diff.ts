import type { SimulatedCore } from "~/platform/simulate";
import type {
  AppPending,
  DiffLine,
  DiffOfGroups,
  DiffRequest,
  DiffSideHead,
  DiffSideOf,
  Discard,
  FieldChange,
  SavedYaml,
  ThreeCell,
  ThreeLine,
  ThreeView,
  YamlView,
} from "~/wire/types";
import { ago } from "./time";

const GROUP = "group-prod-gz-1";

const yaml = (replicas: string, memory: string, secret: string) =>
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout-api-prod-gz-1
  namespace: shop
  annotations:
    slipway.dev/app-uid: app-checkout
    slipway.dev/group-uid: ${GROUP}
  labels:
    app.kubernetes.io/managed-by: slipway
    app.kubernetes.io/name: checkout-api
    slipway.dev/app: checkout-api
    slipway.dev/group: prod-gz-1
spec:
  replicas: ${replicas}
  minReadySeconds: 5
  selector:
    matchLabels:
      slipway.dev/app: checkout-api
      slipway.dev/group: prod-gz-1
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 25%
  template:
    metadata:
      labels:
        app.kubernetes.io/name: checkout-api
        slipway.dev/app: checkout-api
        slipway.dev/group: prod-gz-1
    spec:
      containers:
      - name: app
        image: registry.example.com/shop/checkout-api:2.13.4
        ports:
        - name: http
          containerPort: 8080
          protocol: TCP
        resources:
          limits:
            cpu: 500m
            memory: ${memory}
          requests:
            cpu: 200m
            memory: 384Mi
        volumeMounts:
        - name: application-yaml
          mountPath: /export/app/conf/application.yaml
          subPath: application.yaml
      - name: log-agent
        image: registry.example.com/shop/log-agent:1.4
      volumes:
      - name: application-yaml
        secret:
          secretName: ${secret}
`;

/** The pool of prod-sh-1, as the story corrects it. */
function fileDiff(): DiffOfGroups["objects"][number] {
  const text = (pool: string) =>
    `spring:\n  datasource:\n    hikari:\n      maximum-pool-size: ${pool}\n      minimum-idle: 5\n`;
  const diff = { lines: compared(text("20"), text("26")), added: 1, removed: 1 };
  return {
    role: "file:/export/app/conf/application.yaml",
    kind: "ConfigMap",
    before: "checkout-api-prod-sh-1-application-yaml-4b1d0a77f0",
    after: "checkout-api-prod-sh-1-application-yaml-e6c2b9d315",
    sensitive: false,
    diff,
    content: diff,
  };
}

const released = yaml("6", "512Mi", "checkout-api-prod-gz-1-application-yaml-5c1f7e02ab");
const live = yaml("8", "768Mi", "checkout-api-prod-gz-1-application-yaml-5c1f7e02ab");
const saved = yaml("6", "512Mi", "checkout-api-prod-gz-1-application-yaml-d20b9e6f41");

const secret = (name: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: shop\nimmutable: true\ntype: Opaque\n`;

/** What waits for a release, and the definitions of prod-gz-1, which somebody changed in the cluster. */
export function diffStory(params: URLSearchParams): SimulatedCore {
  const quiet = params.has("empty") || params.has("nothing");
  const offline = () => {
    throw {
      code: "unreachable",
      params: { server: "https://gz-prod.example.com:6443", reason: "i/o timeout" },
      detail: "read Deployment shop/checkout-api-prod-gz-1",
      hints: ["check_address", "check_vpn"],
      retryable: true,
      fields: [],
    };
  };
  let goesBack = false;
  const discarded = new Set<string>();
  return {
    calls: {
      app_pending: (): AppPending => ({
        groups: quiet
          ? []
          : [
              {
                group: "group-dev-wangfang",
                changes: 1,
                sections: [{ section: "container", changes: 1 }],
              },
              {
                group: "group-prod-bj-1",
                changes: 3,
                sections: [
                  { section: "strategy", changes: 1 },
                  { section: "health", changes: 1 },
                  { section: "lifecycle", changes: 1 },
                ],
              },
              {
                group: "group-prod-sh-1",
                changes: 2,
                sections: [{ section: "files", changes: 2 }],
              },
              { group: GROUP, changes: 1, sections: [{ section: "files", changes: 1 }] },
            ],
        counting: false,
      }),
      group_yaml: ({ group, side }: DiffSideOf): YamlView => {
        if (side.kind === "live" && params.has("stale")) offline();
        const text = side.kind === "live" ? live : side.kind === "saved" ? saved : released;
        const name = /secretName: (.*)/.exec(text)?.[1] ?? "";
        return {
          head: head(group, side),
          objects: [
            {
              role: "workload",
              kind: "Deployment",
              name: "checkout-api-prod-gz-1",
              sensitive: false,
              yaml: text,
            },
            {
              role: "file:/export/app/conf/application.yaml",
              kind: "Secret",
              name,
              sensitive: true,
              yaml: secret(name),
            },
          ],
        };
      },
      group_diff: ({ from, to }: DiffRequest): DiffOfGroups => {
        const either = [from.side.kind, to.side.kind];
        if (either.includes("live") && params.has("stale")) offline();
        const isLive = either.includes("live");
        const of = ({ side }: DiffSideOf) =>
          side.kind === "live" ? live : side.kind === "saved" ? saved : released;
        const name = (group: string) => group.replace("group-", "");
        const text = (side: DiffSideOf) => of(side).replaceAll("prod-gz-1", name(side.group));
        const groups = from.group !== to.group;
        const lines = compared(text(from), text(to));
        return {
          from: head(from.group, from.side),
          to: head(to.group, to.side),
          changes: quiet ? [] : [file, ...(isLive || groups ? [memory] : [])],
          objects: quiet
            ? []
            : [
                {
                  role: "workload",
                  kind: "Deployment",
                  before: `checkout-api-${name(from.group)}`,
                  after: `checkout-api-${name(to.group)}`,
                  sensitive: false,
                  diff: {
                    lines,
                    added: lines.filter(({ kind }) => kind === "add").length,
                    removed: lines.filter(({ kind }) => kind === "del").length,
                  },
                  content: null,
                },
                ...(to.group === "group-prod-sh-1" ? [fileDiff()] : []),
              ],
          defaulted: isLive ? 14 : 0,
          refused: null,
        };
      },
      group_three: (group: string): ThreeView => {
        if (params.has("stale")) offline();
        const lines = threeLines();
        return {
          released: head(group, { kind: "released" }),
          live: head(group, { kind: "live" }),
          saved: head(group, { kind: "saved" }),
          foreign: quiet
            ? []
            : [
                {
                  path: "spec.replicas",
                  field: "spec.replicas",
                  section: "basics",
                  released: "6",
                  live: "8",
                  draft: "6",
                  manager: "kubectl",
                  subresource: "scale",
                  time: ago(12 * 60),
                  at_once: true,
                  goes_back: false,
                },
                {
                  path: "spec.template.spec.containers[app].resources.limits.memory",
                  field: "containers[app].resources.limits.memory",
                  section: "container",
                  released: "512Mi",
                  live: "768Mi",
                  draft: "512Mi",
                  manager: goesBack ? null : "kubectl-edit",
                  subresource: "",
                  time: goesBack ? null : ago(13 * 60),
                  at_once: false,
                  goes_back: goesBack,
                },
              ],
          drafted: quiet ? [] : [file].filter(({ field }) => !discarded.has(field)),
          objects: [
            {
              role: "workload",
              kind: "Deployment",
              name: "checkout-api-prod-gz-1",
              sensitive: false,
              lines: quiet ? [{ ...none, folded: lines.length }] : lines,
              foreign: quiet ? 0 : 2,
              drafted: quiet ? 0 : 1,
            },
          ],
          defaulted: 14,
          refused: null,
        };
      },
      group_adopt: () => ({ patched: false }),
      group_revert: () => {
        goesBack = true;
        return null;
      },
      group_discard: ({ field }: Discard) => {
        discarded.add(field);
        return { left_to_app: false };
      },
      group_save_yaml: (groups: string[]): SavedYaml[] =>
        groups.map((group) => ({
          folder: `/home/li-hua/deploy/checkout-api-${group.replace("group-", "")}`,
          files: 2,
          left_out: group === GROUP ? ["checkout-api-prod-gz-1-application-yaml-d20b9e6f41"] : [],
        })),
    },
  };
}

const file: FieldChange = {
  section: "files",
  field: "/export/app/conf/application.yaml",
  before: "checkout-api-prod-gz-1-application-yaml-5c1f7e02ab",
  after: "checkout-api-prod-gz-1-application-yaml-d20b9e6f41",
  hidden: true,
  count: 1,
};

const memory: FieldChange = {
  section: "container",
  field: "containers.app.resources.limits.memory",
  before: "768Mi",
  after: "512Mi",
  hidden: false,
  count: 1,
};

function head(group: string, side: DiffSideHead["side"]): DiffSideHead {
  const past = side.kind === "released" || side.kind === "release";
  return {
    group,
    group_name: group.replace("group-", ""),
    side,
    seq: past ? 18 : null,
    version: "2.13.4",
    by: past ? "Chen Wei" : null,
    at: side.kind === "live" ? ago(4) : side.kind === "saved" ? ago(3600) : ago(2 * 86_400),
    workload: `checkout-api-${group.replace("group-", "")}`,
  };
}

/** Texts of as many lines, compared line by line. */
function compared(before: string, after: string): DiffLine[] {
  const [old, now] = [before.trimEnd().split("\n"), after.trimEnd().split("\n")];
  const lines = old.flatMap((text, at): DiffLine[] => {
    const line = { old: at + 1, new: at + 1, text };
    const other = now[at] ?? "";
    return text === other
      ? [{ ...line, kind: "same" }]
      : [
          { kind: "del", old: line.old, text, words: wordOf(text, other) },
          { kind: "add", new: line.new, text: other, words: wordOf(other, text) },
        ];
  });
  return folded(
    lines,
    ({ kind }) => kind !== "same",
    (count) => ({ kind: "fold", text: "", folded: count }),
  );
}

const none: ThreeLine = {
  released: null,
  live: null,
  saved: null,
  foreign: false,
  drafted: false,
  folded: 0,
};

function threeLines(): ThreeLine[] {
  const of = (text: string) => text.trimEnd().split("\n");
  const [before, now, next] = [of(released), of(live), of(saved)];
  const cell = (lines: string[], at: number, others: string[][]): ThreeCell => ({
    number: at + 1,
    text: lines[at] ?? "",
    words: wordOf(lines[at] ?? "", ...others.map((other) => other[at] ?? "")),
  });
  const lines = before.map((text, at): ThreeLine => {
    return {
      released: cell(before, at, [now, next]),
      live: cell(now, at, [before]),
      saved: cell(next, at, [before]),
      foreign: now[at] !== text,
      drafted: next[at] !== text,
      folded: 0,
    };
  });
  return folded(
    lines,
    (line) => line.foreign || line.drafted,
    (count) => ({ ...none, folded: count }),
  );
}

/** The value on a line that another one has another value on. */
function wordOf(line: string, ...others: string[]): [number, number][] {
  const from = line.indexOf(": ") + 2;
  return others.every((other) => other === line) ? [] : [[from, line.length]];
}

function folded<Line>(
  lines: Line[],
  differs: (line: Line) => boolean,
  fold: (count: number) => Line,
): Line[] {
  const out: Line[] = [];
  let left = 0;
  lines.forEach((line, at) => {
    const near = lines.slice(Math.max(0, at - 3), at + 4).some(differs);
    if (near && left > 0) out.push(fold(left));
    left = near ? 0 : left + 1;
    if (near) out.push(line);
  });
  if (left > 0) out.push(fold(left));
  return out;
}
