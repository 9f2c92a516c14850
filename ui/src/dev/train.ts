import type { SimulatedCore } from "~/platform/simulate";
import type {
  CarView,
  Decided,
  FieldError,
  Measured,
  ReleaseRow,
  Stopped,
  StopRules,
  TrainAct,
  TrainDraft,
  TrainEdit,
  TrainState,
  TrainView,
  Why,
} from "~/wire/types";
import { environments } from "./environment";
import { gone } from "./plan";
import { ago } from "./time";

const SOAK = 1800;
const RULES: StopRules = {
  restarts: true,
  ready: true,
  cpu_percent: 30,
  memory_percent: 30,
  limit_seconds: 3600,
};
const LI_HUA = { identity: "li-hua", display: "Li Hua", device: "lihua-mbp" };
const CHEN_WEI = { identity: "chen-wei", display: "Chen Wei", device: "chenwei-x1" };

/** The releases that the train has begun. One at rest is that of the story. */
export function trainReleases(params: URLSearchParams, releases: ReleaseRow[]): ReleaseRow[] {
  if (params.has("rest")) return [];
  return trainOf(params, releases).cars.flatMap(({ release }) => release ?? []);
}

/**
 * The three production groups, one after the other. `train=` tells how it stands, `rest` that its first group rests after a
 * batch; `drives=others` who goes on with it.
 */
export function trainStory(
  params: URLSearchParams,
  releases: ReleaseRow[],
  onChange: () => void,
): SimulatedCore {
  let view = trainOf(params, releases);
  const held = () => view.paused !== null || view.stopped !== null;
  const told = (what: Decided["what"]): Decided[] => [
    ...view.decided,
    { at: new Date().toISOString(), by: "Li Hua", what },
  ];
  const set = (part: Partial<TrainView>, state: TrainState) => {
    view = { ...view, ...part, row: { ...view.row, state } };
    const over = state === "ended" || state === "done";
    const ways: TrainView["actions"] = [held() ? "resume" : "pause", "skip", "end"];
    if (!view.ours) ways.push("take_over");
    const cars = view.cars.map((car) => (over ? { ...car, skippable: false } : car));
    view = { ...view, cars, actions: over ? [] : ways };
    onChange();
  };
  return {
    calls: {
      train_list: (app: string) =>
        app === "app-checkout" && !params.has("none") && view.actions.length > 0 ? [view.row] : [],
      train_get: (id: string) => {
        if (id !== view.row.id) throw gone("train");
        return view;
      },
      train_check: (draft: TrainDraft) => wrong(draft),
      train_start: () => view.row.id,
      train_edit: ({ change }: TrainEdit) => {
        if (change.kind === "soak") {
          const { group, soak } = change;
          const now = { seconds: Number(soak.soak), ask: soak.ask };
          const cars = view.cars.map((car) => (car.group === group ? { ...car, soak: now } : car));
          const asks = cars.find((car) => car.group === view.next)?.soak?.ask ?? false;
          set({ cars, asks, decided: told({ kind: "soak", group, soak: now }) }, view.row.state);
        }
        if (change.kind === "rules") {
          const fields = wrong({ cpu: change.rules.cpu, memory: change.rules.memory });
          if (fields.length > 0) throw refused(fields);
          const whole = (typed: string) => (typed === "" ? null : Number(typed));
          const { restarts, ready, cpu, memory, limit } = change.rules;
          const rules = {
            restarts,
            ready,
            cpu_percent: whole(cpu),
            memory_percent: whole(memory),
            limit_seconds: whole(limit),
          };
          const measured = measuredOf(view.stopped, rules);
          set({ rules, measured, decided: told({ kind: "rules", rules }) }, view.row.state);
        }
        if (change.kind === "order") {
          const { groups } = change;
          const waiting = groups.flatMap((id) => view.cars.find(({ group }) => group === id) ?? []);
          const cars = view.cars.map((car) =>
            car.state === "waiting" ? (waiting.shift() ?? car) : car,
          );
          const next = cars.find(({ state }) => state === "waiting")?.group ?? null;
          set({ cars, next, decided: told({ kind: "order", groups }) }, view.row.state);
        }
        return null;
      },
      train_act: ({ action, group }: TrainAct) => {
        const at = new Date().toISOString();
        const said = { by: "Li Hua", at };
        if (action === "pause") set({ paused: said, decided: told({ kind: "pause" }) }, "paused");
        if (action === "resume") {
          set({ paused: null, stopped: null, decided: told({ kind: "resume" }) }, "soaking");
        }
        if (action === "end") set({ ended: said, decided: told({ kind: "end" }) }, "ended");
        if (action === "take_over") {
          const what = { kind: "take_over", author: LI_HUA, computer: "here" } as const;
          set({ ours: true, driver: LI_HUA, decided: told(what) }, view.row.state);
        }
        if (action === "begin" && group) {
          set({ asks: false, decided: told({ kind: "begin", group }) }, "soaking");
        }
        if (action === "skip" && group) {
          const cars = view.cars.map((car) =>
            car.group === group ? { ...car, state: "skipped" as const, skippable: false } : car,
          );
          const next = cars.find(({ state }) => state === "waiting")?.group ?? null;
          set({ cars, next, decided: told({ kind: "skip", group }) }, view.row.state);
        }
        return null;
      },
    },
  };
}

function refused(fields: FieldError[]) {
  return { code: "invalid", params: {}, detail: "train", hints: [], retryable: false, fields };
}

function wrong({ cpu, memory }: Pick<TrainDraft, "cpu" | "memory">): FieldError[] {
  return Object.entries({ cpu, memory }).flatMap(([field, typed]) =>
    typed === "" || /^[0-9]+$/.test(typed)
      ? []
      : [{ field, code: "not_a_number" as const, params: {}, fix: null }],
  );
}

function trainOf(params: URLSearchParams, releases: ReleaseRow[]): TrainView {
  const production = environments.find(({ id }) => id === "prod");
  const rests = params.has("rest");
  const how = rests ? "waiting" : (params.get("train") ?? "soaking");
  const names = ["prod-bj-1", "prod-sh-1", "prod-gz-1"];
  const begun = how === "moving" ? 2 : how === "done" ? 3 : 1;
  const cars = names.map((name, at): CarView => {
    if (!production) throw new Error("no production in the story");
    const like = releases.find(({ group_name }) => group_name === name);
    const moves = how === "moving" && at === 1;
    // Each takes 29 min; the next one begins 30 min later.
    const ended = (how === "moving" ? 0 : 12 * 60) + (begun - 1 - at) * (29 * 60 + SOAK);
    const release: ReleaseRow | null =
      like && at < begun
        ? {
            ...like,
            from_version: "2.13.4",
            to_version: "2.14.0",
            state: rests ? "resting" : moves ? "moving" : "succeeded",
            stage: rests || moves ? "move" : "end",
            created: ago(rests ? 14 * 60 : ended + 29 * 60),
            ended: rests || moves ? null : ago(ended),
            train: { id: "train-1", car: at + 1, cars: 3 },
          }
        : null;
    return {
      group: `group-${name}`,
      name,
      environment: production,
      cluster: name.replace(/^prod-(..)-1$/, "$1-prod"),
      state: release ? "begun" : "waiting",
      release,
      version: "2.13.4",
      soak: at === 0 ? null : { seconds: SOAK, ask: how === "asks" && at === 1 },
      skippable: release === null,
    };
  });
  const ours = params.get("drives") !== "others";
  const stopped = stopOf(how);
  const paused = how === "paused" ? { by: "Chen Wei", at: ago(300) } : null;
  const soaks = begun === 1 && !rests;
  const state: TrainState =
    stopped !== null
      ? "stopped"
      : how === "moving" || how === "waiting" || how === "paused" || how === "done"
        ? how
        : how === "asks"
          ? "waiting"
          : "soaking";
  const over = state === "done";
  const way = stopped !== null || paused !== null ? ["resume" as const] : ["pause" as const];
  const decided: Decided[] = [
    ...(paused ? [{ at: paused.at, by: paused.by, what: { kind: "pause" as const } }] : []),
    ...(stopped
      ? [{ at: stopped.at, by: null, what: { kind: "stop" as const, why: stopped.why } }]
      : []),
  ];
  return {
    row: {
      id: "train-1",
      app: "app-checkout",
      version: "2.14.0",
      note: "2.14.0 to production: shipping address v2, larger DB pool",
      author: ours ? LI_HUA : CHEN_WEI,
      created: cars[0]?.release?.created ?? ago(0),
      state,
      cars: 3,
      passed: over ? 3 : soaks ? 1 : begun - 1,
    },
    image: `registry.example.com/shop/checkout-api:2.14.0@sha256:8d41${"0".repeat(56)}f7c2`,
    rules: RULES,
    cars,
    driver: ours ? LI_HUA : CHEN_WEI,
    ours,
    asks: how === "asks",
    next: soaks ? (cars[1]?.group ?? null) : null,
    earliest: soaks
      ? new Date(Date.now() + (how === "asks" ? -2 : 18) * 60_000).toISOString()
      : null,
    watched: over ? null : (cars[soaks || rests ? 0 : 1]?.group ?? null),
    measured: ours && !over ? measuredOf(stopped, RULES) : [],
    paused,
    stopped,
    ended: null,
    decided,
    actions: over
      ? []
      : [
          ...way,
          ...(how === "asks" ? ["begin" as const] : []),
          "skip",
          "end",
          ...(ours ? [] : ["take_over" as const]),
        ],
  };
}

const BROKEN: Measured = {
  rule: "restarts",
  holds: false,
  figure: 2,
  limit: 0,
  pod: "checkout-api-prod-bj-1-6c9fd7b4c8-hv7qd",
};

/** Why it stands. */
function stopOf(how: string): Stopped | null {
  const group = "group-prod-sh-1";
  const whys: Record<string, Why> = {
    rule: { kind: "rule", group: "group-prod-bj-1", measured: BROKEN },
    moved: { kind: "moved", group, parts: ["group", "live"] },
    blocked: { kind: "blocked", group, checks: ["config", "quota"] },
    busy: { kind: "busy", group, by: "Chen Wei" },
  };
  const why = whys[how];
  return why ? { why, at: ago(120) } : null;
}

function measuredOf(stopped: Stopped | null, rules: StopRules): Measured[] {
  const broken = stopped?.why.kind === "rule";
  const one = (rule: Measured["rule"], figure: number, limit: number | null): Measured[] =>
    limit === null ? [] : [{ rule, holds: true, figure, limit, pod: null }];
  return [
    broken ? [BROKEN] : one("restarts", 0, rules.restarts ? 0 : null),
    one("ready", 0, rules.ready ? 0 : null),
    one("cpu", -4, rules.cpu_percent),
    one("memory", 1, rules.memory_percent),
    one("time", 1740, rules.limit_seconds),
  ].flat();
}
