import type { ReleaseState } from "~/wire/types";
import { back } from "./releaseBack";
import { diagnosis } from "./releaseDiagnosis";
import { plan } from "./releasePlan";
import { train } from "./releaseTrain";
import { usage } from "./releaseUsage";

const state: Record<ReleaseState, string> = {
  planned: "Planned",
  moving: "Rolling",
  resting: "Rests",
  stopped: "Stopped",
  succeeded: "Succeeded",
  aborted: "Aborted",
  superseded: "Superseded",
  failed: "Failed",
};

/** Of pods that a way back may do without. */
function fewer(less: string): string {
  return less === "1" ? "one pod less" : `${less} pods less`;
}

export const release = {
  noun: "Release",
  releases: "Releases",
  batch: "Batch",
  batches: "Batches",
  rolling: "Rolling",
  continue: "Continue",
  abort: "Abort",
  takeOver: "Take over",
  rollBack: "Roll back to this version",
  artifact: "Artifact",
  new: "New release",
  state,
  back,
  diagnosis,
  plan,
  train,
  usage,

  unnumbered: "no number yet",
  titleOf: (number: string, group: string) => `${number} · ${group}`,
  to: "to",

  list: {
    which: "Which releases",
    last: "Last of each group",
    all: "All",
    allGroups: "All groups",
    filterGroup: "Group",
    result: "Result",
    group: "Group",
    number: "No.",
    version: "Version",
    by: "By",
    started: "Started",
    took: "Took",
    lastTen: "Last ten",
    open: "Open",
    running: "since it began",
    legend: "Every group once, newest first; what moves stands on top. Older ones are under All.",
    unread: (count: string) =>
      count === "1" ? "1 record cannot be shown." : `${count} records cannot be shown.`,
    unreadText: (names: string) => `In the cluster, and in no history: ${names}.`,
    unreadNewer: (name: string) => `${name} (of a newer Slipway)`,
    unreadBroken: (name: string, reason: string) => `${name} (${reason})`,
    shown: (shown: string, total: string) => `${shown} of ${total} shown`,
    more: "Show more",
    moreLoading: "Loading…",
    empty: "No releases yet",
    emptyText:
      "A release takes one group to one image. Every one is kept here, with what it changed.",
    emptyGroup: "This group was never released",
    anyone: "Anyone",
    anyResult: "Any result",
    anyTime: "Any time",
    span: {
      today: "Today",
      week: "Last 7 days",
      month: "Last 30 days",
      quarter: "Last 90 days",
    } as Record<string, string>,
    find: "Number, version, note",
    nothingFound: "No release is like that",
    nothingFoundText: "Another filter may show some.",
    clearFilters: "Clear the filters",
    beforeIt: (group: string) => `Before it on ${group}`,
    nothingBefore: "Nothing: it is the first one.",
    allOf: "All of this group",
    whatChanges: "What changes",
    noChanges: "No field of the workload.",
    note: "Note",
    noNote: "None",
    image: "Image",
    cluster: "Cluster",
    byFrom: (person: string, device: string) => `by ${person}, from ${device}`,
    byPerson: (person: string) => `by ${person}`,
  },

  stage: {
    label: "Stages",
    plan: "Plan",
    preflight: "Preflight",
    passed: "passed",
    passedOf: (passed: string, checks: string) => `${passed} of ${checks} passed`,
    record: "Record",
    begin: "Begin",
    move: "Rolling",
    end: "Done",
    commit: "Commit",
  },

  batched: {
    batch: (number: string) => `Batch ${number}`,
    rolling: "All at once",
    notBegun: (pods: string) => `${pods}, not begun`,
    some: (done: string, all: string) => `${done} of ${all} batches`,
    pods: (pods: string) => (pods === "1" ? "1 pod" : `${pods} pods`),
    podsOn: (pods: string, version: string) =>
      pods === "1" ? `1 pod on ${version}` : `${pods} pods on ${version}`,
    since: (time: string) => `since ${time}`,
    rested: (duration: string) => `rested ${duration}`,
    rests: (duration: string) => `rests ${duration}`,
    waits: (duration: string) => `waits ${duration}`,
    movesIn: (number: string, all: string) => `Rolling, batch ${number} of ${all}`,
    stoppedIn: (number: string, all: string) => `Stopped in batch ${number} of ${all}`,
    restsAfter: (number: string, all: string) => `Rests after batch ${number} of ${all}`,
    waitsSince: (time: string, duration: string) => `waits for approval since ${time}, ${duration}`,
    nextAt: (number: string, time: string, left: string) =>
      `batch ${number} begins at ${time}, in ${left}`,
    continue: (number: string, pods: string) =>
      `Continue: batch ${number}, ${pods === "1" ? "1 pod" : `${pods} pods`}`,
    begun: (number: string) => `Batch ${number} begun`,
    again: (number: string) => `New pods were taken away: batch ${number} once more`,
    rest: (number: string) => `Rests after batch ${number}`,
    restDone: (number: string) => `Rested after batch ${number}`,
    reached: (pods: string, count: string, version: string) =>
      `${pods} of ${count} pods on ${version}`,
  },
  pause: "Pause",
  aborting: "Goes back…",

  newReady: (ready: string, count: string) => `${ready} of ${count} new pods ready`,
  podsReady: (ready: string, count: string) => `${ready} of ${count} pods ready`,
  since: (time: string) => `since ${time}`,
  at: (time: string) => `at ${time}`,
  took: (duration: string) => `took ${duration}`,
  decide: "nothing moves until you decide",
  replacedBy: "a newer release took its place",
  endedWithout: "ended without a decision",
  hands: {
    others: (person: string) => `${person} drives it.`,
    othersText: (device: string) =>
      `From ${device}; what it does is seen here as it happens. Should that computer go away, you can take over.`,
    drove: (person: string, device: string) => `Last driven by ${person} from ${device}.`,
    adrift: "Nobody drives this release.",
    adriftText: (person: string, device: string) =>
      `${person} drove it from ${device}, which is silent. The cluster keeps what runs; take over to go on from here.`,
    newer: "A newer Slipway made this release.",
    newerText: (version: string) =>
      `Its record has version ${version}. It is shown as far as it can be read here, and only a newer Slipway drives it.`,
  },
  newCount: (count: string) => `${count} new ready`,
  oldCount: (count: string) => `${count} old ready`,

  guarantee: {
    begun: "You can close the lid.",
    moving:
      "The cluster goes on replacing pods by itself. If a new pod does not become ready, the rest keep their version; Slipway says so as soon as it runs again.",
    stopped: "Paused in the cluster.",
    stoppedText: "Nothing moves until somebody continues or aborts, also with this computer off.",
    batch:
      "If this computer goes away now, the cluster finishes the step that is under way and stays there, with all pods that are ready. Any deployer can take it over from another machine.",
    rest: (fresh: string, old: string) =>
      `If this computer goes away now, the cluster keeps ${fresh} new and ${old} old pods. Any deployer can continue or abort from another machine.`,
    restTimer: (fresh: string, old: string) =>
      `If this computer goes away now, the cluster keeps ${fresh} new and ${old} old pods, and the next batch begins only once a deployer takes over.`,
    back: "The cluster goes back by itself; Slipway writes down how it ended as soon as it runs again.",
    backAsks:
      "What runs stays. Should the quota have room again, the cluster goes on back by itself, also with this computer off.",
    waiting: "Nothing has moved yet.",
    waitingText: (version: string) =>
      `Should this computer go away now, the group stays on ${version}, and the release goes on when Slipway runs again.`,
    waitingTextFirst:
      "Should this computer go away now, nothing runs yet, and the release goes on when Slipway runs again.",
  },

  abortTo: (version: string) => `Abort, back to ${version}…`,
  abortFirst: "Abort…",
  abortTitle: (number: string, group: string) => `Abort ${number} on ${group}?`,
  abortDo: (version: string) => `Abort, back to ${version}`,
  abortDoFirst: "Abort",
  abortText: (version: string) =>
    `The cluster replaces the new pods by pods of ${version}, with the template and configuration they had before. Pods of ${version} that still run stay as they are.`,
  abortTextFirst: "This is the group's first release: its Deployment stays, scaled to 0 pods.",
  below: {
    waits: "The way back waits: the quota of the namespace allows no further pod.",
    still: (less: string) =>
      `The way back still waits, with ${fewer(less)} too: the quota of the namespace allows no further pod.`,
    button: (less: string) => `Go back with ${fewer(less)}…`,
    title: (group: string, less: string) => `Go back with ${fewer(less)} on ${group}?`,
    do: (less: string) => `Go back with ${fewer(less)}`,
    text: (version: string, count: string, less: string) =>
      `Pods of ${version} take the place of new ones that end first. Until all are replaced, ${less === "1" ? `one of the ${count} pods is` : `up to ${less} of the ${count} pods are`} missing at a time. The group's own strategy is back afterwards.`,
  },
  abortRecord: "The record stays in the history as aborted.",
  acting: "Working…",
  awayText: "It can be ordered once the cluster answers again.",

  newPods: (release: string) => `New pods of ${release}`,
  newPodsBare: "New pods",
  oldPods: (version: string) => `Old pods on ${version}`,
  oldPodsBare: "Old pods",
  noNewPods: "No pod of this release runs now.",
  noNewPodsYet: "No new pod yet.",
  lastEvent: "Last event",
  noEvent: "no event",
  readyAt: (time: string) => `Ready ${time}`,
  events: "Events",
  noEvents: "The cluster keeps no events of this release any more.",
  noEventsYet: "None yet.",
  timeline: "Timeline",
  changes: "What changed",
  noChanges: "Nothing in the pod template.",
  image: "Image",
  objects: "Config",
  notes: "Note",
  unset: "not set",
  openLog: "Log",
  runningState: "Running state",
  byWhom: (person: string) => `by ${person}`,
  transition: {
    plan: "Planned",
    lease: "Lease taken",
    record: "Record created",
    recordNamed: (number: string) => `Record ${number} created`,
    objects: "Config objects created",
    begin: "Deployment changed",
    move: "Pods are being replaced",
    end: "Done",
    stopped: "Stopped",
    continued: "Continued",
    takenOver: "Taken over",
    resting: "Rests",
    aborted: "Aborted",
    superseded: "Superseded",
    failed: "Failed",
    succeeded: "Succeeded",
  },
  notFound: "This release is not known here",
  notFoundText: "It may belong to an app or cluster that is not linked on this computer.",
  toReleases: "Releases",
  offline: "The cluster is linked no more; what is stored stays readable.",
};
