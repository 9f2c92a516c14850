import type { GroupCard, PlanRequest, PlanView, Verdict } from "~/wire/types";
import { environments } from "./environment";
import { ago } from "./time";

/** What the tag of the story's plan leads to. */
const PINNED = `sha256:8d41a97b${"0".repeat(46)}30c2f7c2aa`;

/** A colleague gave it more memory, and the draft has it as it was. */
const takesBack: Verdict = {
  check: "meanwhile",
  level: "warning",
  code: "takes_back",
  params: { seq: "r204", by: "Chen Wei", count: "1", fields: "memory.limit" },
};

export function planOf(request: PlanRequest, cards: GroupCard[]): PlanView {
  const card = cards.find(({ id }) => id === request.group);
  const environment = environments.find(({ id }) => id === card?.environment);
  if (!card || !environment) throw gone(request.group);
  if (/\s/.test(request.image)) {
    throw {
      code: "invalid",
      params: {},
      detail: "plan release: image",
      hints: [],
      retryable: false,
      fields: [{ field: "image", code: "not_an_image", params: { reason: "a space" }, fix: null }],
    };
  }
  const blocked = card.name === "prod-gz-1";
  // A tag, or a full reference with its digest.
  const tag = request.image.split("@")[0]?.split(":").at(-1) ?? request.image;
  return {
    hash: "5f1e",
    group: card.id,
    group_name: card.name,
    environment,
    cluster: card.link_name ?? "",
    namespace: "shop",
    workload: `checkout-api-${card.name}`,
    from_version: "2.13.4",
    to_version: tag,
    image: `registry.example.com/shop/checkout-api:${tag}`,
    count: Number(card.count),
    surge: 1,
    unavailable: 0,
    batches: card.name.startsWith("prod")
      ? [
          { pods: 1, pace: { kind: "approval" } },
          { pods: 3, pace: { kind: "approval" } },
          { pods: Math.max(1, Number(card.count) - 4), pace: null },
        ]
      : [],
    first: false,
    verdicts: [
      { check: "permissions", level: "ok", code: "ok", params: {} },
      { check: "image", level: "ok", code: "ok", params: { digest: PINNED } },
      { check: "platform", level: "ok", code: "ok", params: { need: "linux/amd64" } },
      {
        check: "pull_secret",
        level: "ok",
        code: "works",
        params: { name: "shop-registry", host: "registry.example.com" },
      },
      { check: "dry_run", level: "ok", code: "ok", params: {} },
      {
        check: "ownership",
        level: "warning",
        code: "ours",
        params: { fields: ".spec.template.spec.containers" },
      },
      blocked
        ? {
            check: "alone",
            level: "blocks",
            code: "running",
            params: { seq: "r19", by: "Chen Wei" },
          }
        : { check: "alone", level: "ok", code: "ok", params: {} },
      ...(card.name === "test" ? [takesBack] : []),
      { check: "deployment", level: "ok", code: "ok", params: {} },
      {
        check: "replica_owner",
        level: "warning",
        code: "hpa_batches",
        params: { name: "checkout-api", min: "8", max: "24" },
      },
      {
        check: "quota",
        level: "warning",
        code: "tight",
        params: { quota: "shop", resource: "limits.memory", free: "512Mi", need: "1024Mi" },
      },
      { check: "room", level: "warning", code: "unseen", params: {} },
      { check: "budget", level: "ok", code: "none", params: {} },
      { check: "ports", level: "ok", code: "ok", params: {} },
    ],
    diff: {
      added: 3,
      removed: 2,
      lines: [
        fold(38),
        line("same", 39, 39, "    spec:"),
        line("same", 40, 40, "      containers:"),
        line("del", 41, null, "      - image: checkout-api:2.13.4", [[28, 34]]),
        line("add", null, 41, `      - image: checkout-api:${tag}`, [[28, 34]]),
        line("same", 42, 42, "        env:"),
        line("same", 43, 43, "        - name: DB_POOL_MAX"),
        line("del", 44, null, '          value: "20"', [[18, 20]]),
        line("add", null, 44, '          value: "60"', [[18, 20]]),
        line("add", null, 45, "        - name: SHIPPING_ADDRESS"),
        line("same", 45, 46, "        name: app"),
        fold(22),
      ],
    },
    objects: [],
    as_of: ago(4),
  };
}

type Line = PlanView["diff"]["lines"][number];

function line(
  kind: Line["kind"],
  old: number | null,
  fresh: number | null,
  text: string,
  words: [number, number][] = [],
): Line {
  return {
    kind,
    ...(old === null ? {} : { old }),
    ...(fresh === null ? {} : { new: fresh }),
    text,
    words,
  };
}

function fold(folded: number): Line {
  return { kind: "fold", text: "", folded };
}

export function gone(name: string) {
  return {
    code: "not_found",
    params: { name },
    detail: `read group ${name}`,
    hints: [],
    retryable: false,
    fields: [],
  };
}
