import type { Catalogue } from "~/i18n";
import type {
  AmountsDraft,
  CommandDraft,
  GroupCard,
  GroupDraft,
  HookDraft,
  KeptPart,
  ProbeDraft,
} from "~/wire/types";

/** What a field of the group will be. */
export interface Understood {
  key: string;
  label: string;
  value: string;
  /** Stands as it is typed for a machine. */
  code?: boolean;
  note?: string;
}

/** A candidate as it stands in the address: link and name of the Deployment. */
export function candidateOf(word: string | undefined): { link: string; workload: string } | null {
  const cut = word?.indexOf("/") ?? -1;
  if (word === undefined || cut < 1 || cut === word.length - 1) return null;
  return { link: word.slice(0, cut), workload: word.slice(cut + 1) };
}

/** The name that a group most likely has: that of the Deployment, without the app's before it. */
export function proposedName(workload: string, slug: string): string {
  const rest = workload.startsWith(`${slug}-`) ? workload.slice(slug.length + 1) : workload;
  return /^[a-z]/.test(rest) ? rest : workload;
}

/** The environment of most groups of the app in that cluster; null where there is none. */
export function proposedEnvironment(cards: readonly GroupCard[], link: string): string | null {
  const counts = new Map<string, number>();
  for (const card of cards) {
    if (card.link === link) counts.set(card.environment, (counts.get(card.environment) ?? 0) + 1);
  }
  const most = [...counts].toSorted(([, a], [, b]) => b - a)[0];
  return most?.[0] ?? null;
}

function commandText(command: CommandDraft): string {
  if (command.kind === "image") return "";
  return command.kind === "shell" ? command.value : command.value.join(" ");
}

function amountText({ request, limit }: AmountsDraft, text: Catalogue): string {
  const words = text.adopt;
  if (request === "" && limit === "") return "";
  if (request === limit) return request;
  if (limit === "") return words.asks(request);
  return request === "" ? words.atMost(limit) : words.upTo(request, limit);
}

function probeText(probe: ProbeDraft): string {
  switch (probe.kind) {
    case "http":
      return `${probe.http.scheme} GET ${probe.http.path}`;
    case "tcp":
      return `TCP ${probe.tcp}`;
    case "command":
      return commandText(probe.command);
    default:
      return "";
  }
}

function hookText({ kind, command, http }: HookDraft): string {
  if (kind === "none") return "";
  return kind === "http" ? `${http.scheme} GET ${http.path}` : commandText(command);
}

/** Every field of a draft that says something, by the names of the form. */
export function understood(draft: GroupDraft, text: Catalogue): Understood[] {
  const words = text.adopt;
  const { edit } = text.group;
  const form = text.groupForm;
  const { strategy, lifecycle, gpu } = draft;
  const probe = (key: "readiness" | "liveness" | "startup"): Understood => ({
    key,
    label: form.probe[key],
    value: probeText(draft[key]),
    code: true,
    note: words.every(draft[key].period_seconds),
  });
  const pairs = (all: { key: string; value: string }[]) =>
    all.map(({ key, value }) => `${key}=${value}`).join(", ");
  const before = lifecycle.before_start;
  const rows: Understood[] = [
    { key: "image", label: edit.image, value: draft.image, code: true },
    { key: "count", label: edit.count, value: draft.count },
    { key: "cpu", label: edit.cpu, value: amountText(draft.cpu, text) },
    { key: "memory", label: edit.memory, value: amountText(draft.memory, text) },
    {
      key: "gpu",
      label: form.section.gpu,
      value: gpu.count === "" ? "" : `${gpu.count} × ${gpu.resource}`,
    },
    { key: "command", label: edit.command, value: commandText(draft.command), code: true },
    { key: "args", label: edit.args, value: draft.args.join(" "), code: true },
    { key: "working_dir", label: form.workingDir, value: draft.working_dir, code: true },
    {
      key: "ports",
      label: edit.ports,
      value: draft.ports
        .map(({ name, port, protocol }) =>
          [name, port, protocol === "TCP" ? "" : protocol].filter(Boolean).join(" "),
        )
        .join(", "),
    },
    { key: "pull_secret", label: form.pullSecret, value: draft.pull_secret, code: true },
    {
      key: "service_account",
      label: form.serviceAccount,
      value: draft.service_account,
      code: true,
    },
    {
      key: "node_selector",
      label: form.nodeSelector,
      value: pairs(draft.node_selector),
      code: true,
    },
    {
      key: "tolerations",
      label: form.tolerations,
      value: draft.tolerations.map(({ key }) => key || form.anyTaint).join(", "),
    },
    probe("readiness"),
    probe("liveness"),
    probe("startup"),
    {
      key: "before_start",
      label: words.beforeStart,
      value: before.kind === "wait" ? before.url : commandText(before.command),
      code: true,
    },
    {
      key: "after_start",
      label: words.afterStart,
      value: hookText(lifecycle.after_start),
      code: true,
    },
    {
      key: "before_stop",
      label: words.beforeStop,
      value: hookText(lifecycle.before_stop),
      code: true,
    },
    {
      key: "grace",
      label: words.gracePeriod,
      value: `${lifecycle.grace_period_seconds} s`,
    },
    {
      key: "strategy",
      label: form.section.strategy,
      value: words.rolling(strategy.max_surge, strategy.max_unavailable),
    },
    {
      key: "variables",
      label: form.section.variables,
      value: draft.variables.map(({ name }) => name).join(", "),
      code: true,
    },
  ];
  return rows.filter(({ value }) => value !== "");
}

/** A part that stays, in the words people have for it; what has none is named as Kubernetes does. */
function keptPart({ kind, name, detail }: KeptPart, { adopt: words }: Catalogue) {
  const many = words.keptMany[name];
  if (many && /^\d+$/.test(detail))
    return { title: words.keptOf(words.kept[kind], many(detail)), note: "" };
  return {
    title: `${words.kept[kind]} ${name}`,
    note: kind === "variable" && detail === "" ? words.reference : detail,
  };
}

/** What stays, with labels and with annotations under one heading each. */
export function keptLines(
  kept: readonly KeptPart[],
  text: Catalogue,
  number: (count: number) => string,
): { kind: KeptPart["kind"]; title: string; note: string }[] {
  const words = text.adopt;
  const many = (kind: "label" | "annotation", title: (count: string) => string) => {
    const names = [...new Set(kept.filter((part) => part.kind === kind).map(({ name }) => name))];
    return names.length === 0
      ? []
      : [{ kind, title: title(number(names.length)), note: names.join(", ") }];
  };
  return [
    ...kept
      .filter(({ kind }) => kind !== "label" && kind !== "annotation")
      .map((part) => ({ kind: part.kind, ...keptPart(part, text) })),
    ...many("label", words.labels),
    ...many("annotation", words.annotations),
  ];
}
