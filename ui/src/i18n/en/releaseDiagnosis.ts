import type { Cause } from "~/wire/types";

export type CauseOf<Kind extends Cause["kind"]> = Extract<Cause, { kind: Kind }>;

/** What the cause's own facts do not hold, ready to be put into a sentence. */
export interface CauseFacts {
  /** The pod as people say it: its last part. */
  pod: string;
  /** Its own last line, empty when there is none. */
  lastLine: string;
  /** Length of time, where the cause has one. */
  duration: string;
  restarts: string;
}

/** One sentence per cause, from facts alone: what the pod did and what it said last, never a guess. */
export type CauseSentences = {
  [Kind in Cause["kind"]]: (cause: CauseOf<Kind>, facts: CauseFacts) => string;
};

const cause: CauseSentences = {
  image: (c, f) => `Pod ${f.pod} does not get its image ${c.image}: ${c.reason}.`,
  config: (c, f) => `Container ${c.container} of pod ${f.pod} can not be created: ${c.message}`,
  crash: (c, f) =>
    f.lastLine
      ? `Pod ${f.pod} exits with code ${c.code}; its last line: “${f.lastLine}”`
      : `Pod ${f.pod} exits with code ${c.code} and left no line in its log.`,
  out_of_memory: (c, f) =>
    c.limit
      ? `Pod ${f.pod} was ended because container ${c.container} went over its memory limit of ${c.limit}.`
      : `Pod ${f.pod} was ended because container ${c.container} took more memory than its node had.`,
  probe: (c, f) => `Pod ${f.pod} started, but its ${probe[c.probe]} probe keeps failing.`,
  unschedulable: (_, f) => `No node takes pod ${f.pod}.`,
  quota: () => "The quota of the namespace allows no further pod.",
  admission: () => "The cluster refuses to make new pods.",
  node_lost: (c, f) => `Node ${c.node} does not answer any more; pod ${f.pod} was on it.`,
  deadline: (_, f) => `The new pods did not become ready within ${f.duration}.`,
  foreign: (c) => `${c.manager} ${foreign[c.what]} while the release was moving.`,
  gone: (c) => `${c.what} is gone from the cluster.`,
  refused: (c) =>
    c.operation in refused
      ? `The cluster refused ${refused[c.operation]}.`
      : `The cluster refused the beginning: ${c.operation}.`,
};

/** What is refused once pods have moved. */
const refused: Record<string, string> = {
  move: "the next step of the release",
  abort: "the way back",
};

const probe: Record<CauseOf<"probe">["probe"], string> = {
  liveness: "liveness",
  readiness: "readiness",
  startup: "startup",
};

const foreign: Record<CauseOf<"foreign">["what"], string> = {
  template: "changed the pod template",
  paused: "paused the Deployment",
  resumed: "resumed the Deployment",
  strategy: "changed the strategy that held the Deployment between two batches",
};

export const diagnosis = {
  cause,
  restarts: (count: string) => `restarted ${count} times so far`,
  ran: (duration: string) => `ran ${duration} before it exited`,
  changesOne: (path: string, before: string, after: string) =>
    `This release changes ${path} from ${before} to ${after}.`,
  changesIn: (path: string, how: string) => `This release changes ${path}: ${how}.`,
  changesMany: (count: string) => `This release changes ${count} fields; they are listed below.`,
  changesNothing: "This release changes no field of the pods.",
  foundNothing: "No pod and no event reports a failure.",
  nothingMoved: "Nothing was changed in the cluster.",
  staysThere: "What was written last stays in the cluster.",

  evidence: "Evidence",
  copyAll: "Copy all",
  openInLogs: "Open in logs",
  lastExit: "Last exit",
  event: "Event",
  message: "Message",
  changed: (release: string) => `Changed in ${release}`,
  changedHere: "Changed",
  ruledOut: "Ruled out",
  exit: (code: string, reason: string) => (reason ? `Code ${code} (${reason})` : `Code ${code}`),
  container: (name: string) => `container ${name}`,
  times: (count: string) => `${count} times`,
  /** What was looked at and found well. */
  ruled: {
    image_pulled: "image pulled",
    node_ready: "node healthy",
    no_oom: "not out of memory",
    scheduled: "pod has a node",
    config_present: "config objects there",
    quota: "quota leaves room",
    probes: "no probe failed",
  } as Record<string, string>,
  lastLines: (container: string, pod: string) => `Last lines of ${container} in ${pod}`,
  previousRun: "previous run",
  kept: "kept with the release",
  noLog: "The container wrote nothing before it exited.",
  lastLineMark: "last line",

  whatToDo: "What to do",
  abortTitle: (version: string) => `Back to ${version}`,
  abortTitleFirst: "Take it back",
  abortText: (version: string) =>
    `The new pods are replaced by pods of ${version}, with the configuration they had. Pods of ${version} that still run stay untouched.`,
  abortTextFirst: "There is no version before it: the Deployment stays, with no pods.",
  againTitle: "Correct it and release again",
  againText: "Another image or changed settings, as a new release. It replaces this one.",
  againButton: "New release…",
  continueTitle: "Keep going",
  continueText:
    "If the cause is gone meanwhile, the cluster goes on replacing pods where it stopped.",
  belowTitle: (less: string) =>
    less === "1" ? "Back with one pod less" : `Back with ${less} pods less`,
  belowText: (version: string, less: string) =>
    less === "1"
      ? `A new pod ends before one of ${version} takes its place, so the quota has room; one pod is missing meanwhile.`
      : `One more new pod ends before those of ${version} take their place; up to ${less} pods are missing meanwhile.`,
  roomTitle: "Make room",
  roomText:
    "Once the quota allows one more pod, the way back goes on by itself, and no pod is missing.",
  roomTextLess: "Once the quota allows one more pod, the way back goes on by itself.",
  nothingTitle: "Nothing, for now",
  nothingText: (ready: string, count: string) =>
    `${ready} of ${count} pods are ready and stay so, also with this computer off.`,
  nothingTextBare: "The release stays paused in the cluster, also with this computer off.",
};
