import type { CarState, Part, StopRule, TrainState } from "~/wire/types";

const state: Record<TrainState, string> = {
  moving: "Under way",
  waiting: "Waits for a person",
  soaking: "Soaks",
  paused: "Paused",
  stopped: "Stopped",
  ended: "Ended early",
  done: "Done",
};

const part: Record<Part, string> = {
  image: "the image",
  group: "the group's settings",
  configuration: "files, values or variables",
  balancers: "load balancers",
  live: "what runs",
};

const rule: Record<StopRule, string> = {
  restarts: "No container restarts",
  ready: "No ready pod is lost",
  cpu: "CPU per pod",
  memory: "Memory per pod",
  time: "Time for a group",
};

const car: Record<Exclude<CarState, "begun">, string> = {
  waiting: "Not begun.",
  skipped: "Skipped: the train goes on without it.",
};

export const train = {
  noun: "Train",
  state,
  part,
  rule,
  car,

  /** In a new release. */
  order: "In this order, one after another",
  orderHint: "Drag, or Alt with an arrow key.",
  place: (place: string) => `${place}.`,
  move: (group: string) => `Move ${group}`,
  leaveOut: "Leave out",
  leaveOutOf: (group: string) => `Leave out ${group}`,
  between: "Between two groups",
  soak: "Soak",
  noSoak: "none",
  rules: "Stop rules",
  rulesHint: "The train stops and asks as soon as one fails for the new pods of a group.",
  cpuRule: "CPU per pod above old, at most",
  memoryRule: "Memory per pod above old, at most",
  limit: "Each group within",
  noLimit: "any time",
  planOf: "Plan of a group",
  blocked: (group: string) => `${group} is blocked:`,
  ofGroups: (groups: string) => `${groups}:`,
  deployAll: (count: string) => `Deploy to ${count} groups`,
  deployAllAsk: (count: string) => `Deploy to ${count} groups…`,
  confirmTitle: (count: string) => `Deploy to ${count} groups?`,
  confirmText: (soak: string | null) =>
    soak
      ? `One after another, in this order, with ${soak} of soak between. The first begins at once.`
      : "One after another, in this order, without a soak. The first begins at once.",
  confirmAction: (count: string, environment: string) =>
    `Deploy to ${count} groups, ${environment} among them`,

  /** Its page. */
  title: (version: string) => `Train · ${version}`,
  of: (count: string) => `train of ${count} groups`,
  by: (person: string, time: string) => `by ${person}, ${time}`,
  passed: (done: string, all: string) => `${done} of ${all} groups done`,
  cars: "Groups of the train",
  notFound: "This train is not known here",
  notFoundText: "It may belong to an app or cluster that is not linked on this computer.",
  movesNow: (group: string) => `${group} is under way`,
  waitsIn: (group: string) => `${group} waits for a person`,
  soaks: (group: string) => `${group} soaks`,
  pausedBy: (person: string, time: string) => `Paused by ${person} at ${time}`,
  waitsFor: (group: string) => `${group} waits for your word`,
  endedBy: (person: string, time: string) => `Ended by ${person} at ${time}`,
  soakRow: (soak: string) => `Soak ${soak}`,
  soaked: (soak: string) => `Soaked ${soak}`,
  soakLeft: (group: string, time: string, left: string) =>
    `${group} begins at ${time} at the earliest, in ${left}`,
  soakHeld: (group: string) => `then ${group}, once somebody resumes the train`,
  soakOver: (group: string) => `over; ${group} is next`,
  soakNone: "No soak",
  soakedBetween: (from: string, to: string) => `${from} – ${to}`,
  soakLeftAsks: (group: string, time: string, left: string) =>
    `until ${time}, ${left} more, then somebody is asked before ${group}`,
  soakAsks: (group: string) => `over; ${group} begins once somebody says so`,
  thenBegins: (group: string) => `then ${group}`,
  thenAsks: (group: string) => `then ask before ${group}`,
  soakSaid: (soak: string, ask: boolean) => (ask ? `${soak}, then ask` : soak),
  soakBefore: (group: string) => `Soak before ${group}`,
  askBefore: (group: string) => `Before ${group}`,
  beginItself: "begin by itself",
  askFirst: "ask me first",
  askEach: "Ask me before each group",
  soakProgress: "Soak",
  earliest: (time: string) => `begins ${time} at the earliest`,
  earlier: (group: string) => `Move ${group} earlier`,
  begin: (group: string) => `Begin ${group}`,
  planning: "Its plan is being checked…",
  planChecked: (time: string, passed: string, checks: string) =>
    `Plan checked ${time}, ${passed} of ${checks} passed.`,
  plan: {
    title: "Plan",
    image: "image",
    files: (count: number, n: string) => (count === 1 ? "1 config file" : `${n} config files`),
    settings: (count: number, n: string) => (count === 1 ? "1 setting" : `${n} settings`),
    changes: (count: number, n: string) => (count === 1 ? "1 change" : `${n} changes`),
    nothing: "nothing changes",
    objects: "Objects",
    added: (lines: string) => `+${lines}`,
    removed: (lines: string) => `−${lines}`,
  },
  uses: { cpu: "CPU per pod", memory: "Memory", restarts: "Restarts" },
  restsSince: (time: string) => `since ${time}`,
  betweenTimes: (from: string, to: string, duration: string) => `${from} – ${to} · ${duration}`,
  unknownCluster: "not on this computer",
  openRelease: (number: string, group: string) => `${number} on ${group}`,

  pause: "Pause the train",
  resume: "Resume",
  resumeRule: "Go on, without this rule",
  editRules: "Edit",
  editRulesOf: "Edit the stop rules",
  editTitle: "Stop rules of this train",
  editText: "They hold from now on, on whichever computer goes on with the train.",
  save: "Save",
  whenItStops: "When it stops",
  restsAndAsks: "it rests and asks",
  groupsDone: "Groups done",
  stayOn: (version: string) => `stay on ${version}`,
  resumePlan: "Go on with this plan",
  skip: "Skip",
  skipOf: (group: string) => `Skip ${group}`,
  end: "End the train…",
  endTitle: "End this train?",
  endText: "No further group begins. Groups that are done keep the new version.",
  endDo: "End the train",
  takeOver: "Take over…",
  takeOverDo: "Take over from here",
  takeOverTitle: "Go on from this computer",
  takeOverText: (person: string) =>
    `${person} goes on with this train. Once you take over, its next groups begin from here, with the definitions that this computer has of them.`,
  takeOverNext: (group: string) => `Plan of ${group}, which is next`,
  planNow: (group: string) => `Plan of ${group} as it is now`,
  otherPlans: (groups: string) => `Planned as well, and confirmed with it: ${groups}.`,
  back: "Not now",
  acting: "Working…",

  promise: "You can close the lid while a group moves.",
  promiseText: "The next group begins only while somebody's Slipway is open.",
  promiseOurs: "Here that is this computer.",
  promiseOthers: (person: string, device: string) => `That is ${person}'s, ${device}.`,

  why: {
    restarts: (group: string, pod: string, count: string) =>
      count === "1"
        ? `A container of pod ${pod} restarted once on ${group}; the rule allows none.`
        : `Containers restarted ${count} times on ${group}, most of all in pod ${pod}; the rule allows none.`,
    ready: (group: string, pod: string, count: string) =>
      count === "1"
        ? `Pod ${pod} of ${group} was ready and is not any more.`
        : `${count} pods of ${group} were ready and are not any more, ${pod} among them.`,
    cpu: (group: string, pod: string, above: string, limit: string) =>
      `CPU per pod on ${group} is ${above} above the old version; the rule allows ${limit}. Most is used by pod ${pod}.`,
    memory: (group: string, pod: string, above: string, limit: string) =>
      `Memory per pod on ${group} is ${above} above the old version; the rule allows ${limit}. Most is used by pod ${pod}.`,
    time: (group: string, took: string, limit: string) =>
      `${group} has moved for ${took}; the rule allows ${limit}.`,
    car: (group: string, state: string) =>
      `The release of ${group} ended: ${state}. The train can go on past it.`,
    moved: (group: string, parts: string) =>
      `The plan of ${group} is not the one that was confirmed: ${parts} changed since.`,
    unconfirmed: (group: string) =>
      `Nobody has confirmed a plan of ${group} on the computer that goes on with the train.`,
    blocked: (group: string, checks: string) => `The plan of ${group} is blocked: ${checks}.`,
    busy: (group: string, by: string) =>
      by ? `Another release of ${group} moves, by ${by}.` : `Another release of ${group} moves.`,
    refused: (group: string, message: string) => `${group} could not begin: ${message}.`,
    unknown: "For a reason that only a newer Slipway knows.",
  },
  figure: {
    above: (share: string) => `${share} more`,
    below: (share: string) => `${share} less`,
    unknown: "no figure yet",
    elsewhere: (person: string) => `They are measured on ${person}'s computer.`,
  },
  ruleLimit: (rule: string, limit: string) => `${rule} at most ${limit} above old`,
  ruleTime: (limit: string) => `Each group within ${limit}`,
  noRules: "None: only a release that fails stops it.",

  timeline: "Timeline",
  event: {
    begun: "Train begun",
    carBegun: (group: string) => `${group} begun`,
    carEnded: (group: string, state: string) => `${group}: ${state}`,
    ofCar: (group: string, what: string) => `${group} · ${what}`,
    ready: (number: string) => `Batch ${number} ready`,
    waits: "waits for approval",
    showAll: (count: string) => `Show all ${count}`,
    pause: "Paused",
    resume: "Resumed",
    skip: (group: string) => `${group} skipped`,
    end: "Ended",
    soak: (group: string) => `Soak before ${group} changed`,
    rules: "Stop rules changed",
    order: "Order changed",
    begin: (group: string) => `${group} may begin`,
    take_over: (person: string) => `Taken over by ${person}`,
    stop: "Stopped",
    unknown: "Decided by a newer Slipway",
  },
  moves: "What moves",
  movesOf: (group: string) => `What moves on ${group}`,
  noConfig: "nothing changes",
  moreChanges: (count: string) => `and ${count} more`,
  partOf: (car: string, cars: string) => `Part of a train, ${car} of ${cars}`,
  open: "Open the train",
  underWay: "Trains under way",
  rowOf: (version: string) => `Train · ${version}`,
};
