import type { SimulatedCore } from "~/platform/simulate";
import type {
  BalancerRow,
  FeedMessage,
  FieldError,
  ForwardDraft,
  ForwardPort,
  ForwardRow,
  ForwardTarget,
  ForwardUse,
  GroupCard,
} from "~/wire/types";
import { ago, snapshot } from "./time";

const POD = "checkout-api-prod-bj-1-58d4c9c7f6-";

/** Four forwards as somebody has them after an hour: two serve, one waits for a pod, one found its port taken. */
export function forwardStory(params: URLSearchParams, known: SimulatedCore): SimulatedCore {
  let rows: ForwardRow[] = params.has("empty") || params.has("noforwards") ? [] : story();
  let number = rows.length;
  let send: ((message: FeedMessage) => void) | undefined;
  const tell = () => send?.(snapshot(rows));
  const groups = () => (known.calls?.group_list?.("app-checkout" as never) ?? []) as GroupCard[];
  const balancers = () =>
    (known.calls?.balancer_list?.("app-checkout" as never) ?? []) as BalancerRow[];
  const nameOf = (target: ForwardTarget): string => {
    if (target.kind === "pod") return target.pod;
    if (target.kind === "group") return groups().find(({ id }) => id === target.group)?.name ?? "";
    return balancers().find(({ id }) => id === target.balancer)?.draft.name ?? "";
  };
  const portsOf = (target: ForwardTarget): ForwardPort[] =>
    target.kind === "balancer"
      ? [{ name: "http", port: 80 }]
      : [
          { name: "http", port: 8080 },
          { name: "admin", port: 8081 },
          { name: "metrics", port: 9102 },
        ];
  const open = ({ target, port, local }: ForwardDraft): string => {
    const fields = [...wrong("port", port), ...(local === "" ? [] : wrong("local", local))];
    if (fields.length > 0) {
      throw { code: "invalid", params: {}, detail: "", hints: [], retryable: false, fields };
    }
    const of = portsOf(target).find((one) => one.name === port || String(one.port) === port);
    const here = Number(local) || 40_000 + number;
    const taken = rows.some((row) => row.local === here);
    const pod = target.kind === "pod" ? target.pod : `${POD}b8xqn`;
    rows = [
      ...rows,
      {
        id: `forward ${++number}`,
        number,
        target,
        name: nameOf(target),
        port_name: of?.name ?? "",
        port: of?.port ?? (Number(port) || null),
        local: here,
        since: new Date().toISOString(),
        down: 0,
        up: 0,
        state: taken
          ? { state: "taken", privileged: false, proposal: here + 1 }
          : { state: "open", pod },
      },
    ];
    tell();
    return `forward ${number}`;
  };
  return {
    calls: {
      forward_open: open,
      forward_ports: portsOf,
      forward_use: ({ id, local }: ForwardUse) => {
        rows = rows.map((row): ForwardRow => {
          if (row.id !== id) return row;
          const pod = row.target.kind === "pod" ? row.target.pod : `${POD}b8xqn`;
          return { ...row, local: local ?? 40_000 + row.number, state: { state: "open", pod } };
        });
        tell();
        return null;
      },
      forward_close: (id: string) => {
        rows = rows.filter((row) => row.id !== id);
        tell();
        return null;
      },
      browser_open: () => true,
    },
    feeds: {
      forward_list: (_, answer) => {
        send = answer;
        tell();
      },
    },
  };
}

/** What the core would refuse, as far as a story needs it. */
function wrong(field: string, typed: string): FieldError[] {
  const number = Number(typed);
  if (field === "port" && Number.isNaN(number) && /^[a-z][a-z0-9-]*$/.test(typed)) return [];
  if (typed !== "" && number >= 1 && number <= 65_535) return [];
  const code = typed === "" ? "required" : Number.isNaN(number) ? "not_a_number" : "out_of_range";
  return [{ field, code, params: { min: "1", max: "65535" }, fix: null }];
}

function story(): ForwardRow[] {
  const retry = new Date(Date.now() + 2_000).toISOString();
  return [
    row(1, { kind: "pod", group: "group-prod-bj-1", pod: `${POD}g2fsm` }, "g2fsm", ["http", 8080], {
      local: 8080,
      state: { state: "taken", privileged: false, proposal: 8082 },
    }),
    row(2, { kind: "group", group: "group-prod-sh-1" }, "prod-sh-1", ["metrics", 9102], {
      local: 19102,
      down: 77_000,
      up: 6_000,
      state: { state: "waiting", why: "replacement", reason: "", retry_at: retry },
    }),
    row(
      3,
      { kind: "balancer", balancer: "balancer-bj", link: "bj-prod" },
      "checkout-api-bj",
      ["", 80],
      {
        local: 8880,
        since: ago(32 * 60),
        down: 340_000,
        up: 21_000,
        state: { state: "open", pod: `${POD}b8xqn` },
      },
    ),
    row(
      4,
      { kind: "pod", group: "group-prod-bj-1", pod: `${POD}w6tkz` },
      "w6tkz",
      ["admin", 8081],
      {
        local: 18081,
        since: ago(11 * 60),
        down: 1_200_000,
        up: 84_000,
        state: { state: "open", pod: `${POD}w6tkz` },
      },
    ),
  ];
}

function row(
  number: number,
  target: ForwardTarget,
  name: string,
  [port_name, port]: [string, number],
  facts: Partial<ForwardRow> & Pick<ForwardRow, "local" | "state">,
): ForwardRow {
  const whole = target.kind === "pod" ? target.pod : name;
  const since = ago(600);
  return {
    id: `forward ${number}`,
    number,
    target,
    name: whole,
    port_name,
    port,
    since,
    down: 0,
    up: 0,
    ...facts,
  };
}
