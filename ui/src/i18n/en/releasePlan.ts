import type { Check, VerdictLevel } from "~/wire/types";
import { digest, moment, type Params } from "../params";
import { template } from "./field";

type Sentence = (p: Params) => string;

const check: Record<Check, string> = {
  permissions: "Permissions",
  dry_run: "Dry run by the server",
  ownership: "Who manages the fields",
  alone: "Other releases",
  meanwhile: "Released meanwhile",
  replica_owner: "Who owns the replica count",
  deployment: "Deployment as it is",
  quota: "Quota",
  room: "Room on the nodes",
  budget: "Disruption budget",
  ports: "Ports of health checks",
  config: "Configuration",
  image: "Image exists",
  platform: "Right architecture",
  pull_secret: "Pull secret works",
  balancers: "Load balancers",
  gpu: "GPU",
  helper: "Helper image",
};

/** What a check found, by its code. A code that is not here is said by its level, with its parameters. */
const found: Record<Check, Record<string, Sentence>> = {
  permissions: {
    ok: () => "all there",
    missing: (p) => `missing: ${p.rules}`,
  },
  dry_run: {
    ok: () => "accepted",
    refused: (p) => `refused: ${p.message}`,
  },
  ownership: {
    ok: () => "this group",
    ours: (p) => `set by Slipway in another way, taken over: ${p.fields}`,
    conflict: (p) =>
      p.count === "1"
        ? `${p.manager} set ${p.field}`
        : `${p.manager} set ${p.field}; ${p.count} fields in all`,
  },
  alone: {
    ok: () => "none moves",
    running: (p) => `${p.seq} by ${p.by} moves`,
    held: (p) => `${p.by} moves this group now`,
    newer: (p) => `a release with a record of version ${p.version} is open: update Slipway`,
    buried: (p) => `${p.by} deleted this group on ${moment(p.at, "en")}: a release brings it back`,
  },
  meanwhile: {
    takes_back: (p) =>
      p.count === "1"
        ? `takes back ${p.fields}, changed by ${p.by} in ${p.seq}`
        : `takes back ${p.count} fields that ${p.by} changed in ${p.seq}: ${p.fields}`,
  },
  replica_owner: {
    ok: () => "this group",
    hpa: (p) => `an autoscaler, ${p.min}–${p.max}: the release leaves the count as it is`,
    hpa_batches: (p) =>
      `the autoscaler ${p.name}, ${p.min}–${p.max}: when it changes the count, the batches are planned anew`,
    unseen: () => "your role may not read autoscalers: nobody knows whether one changes the count",
  },
  deployment: {
    ok: () => "nothing else moves it",
    paused: () =>
      "somebody paused it: ask them, or resume it with kubectl rollout resume, and check again",
    recreate: () =>
      "it is of type Recreate: this release makes it rolling, so both versions run beside each other",
    mixed: (p) =>
      `${p.versions} versions run beside each other, and no release of Slipway moves: wait until that is over, or undo it`,
    unseen: () => "your role may not read ReplicaSets: nobody knows whether two versions run",
  },
  quota: {
    ok: () => "leaves enough",
    none: () => "the namespace has none",
    tight: (p) =>
      `${p.quota} leaves ${p.free} of ${p.resource}, the release wants ${p.need} on top: it may stop there until some are free`,
    full: (p) =>
      `${p.quota} allows ${p.hard} of ${p.resource}, ${p.used} are used, ${p.need} more are needed: free some, raise the quota, or let a pod be missing meanwhile`,
    objects: (p) =>
      `${p.quota} allows ${p.hard} ${p.resource}, ${p.used} are used, ${p.need} more are needed: delete some, or raise the quota`,
    unsaid: (p) =>
      `${p.quota} counts ${p.resource}, and the group does not say it: pods are refused unless the namespace has defaults`,
    unseen: () => "your role may not read quotas: nobody knows whether they leave enough",
  },
  room: {
    ok: (p) => (p.pods === "0" ? "no more pods than now" : `for ${p.fits} more pods`),
    tight: (p) =>
      `for ${p.fits} of the ${p.pods} pods on top (${p.need} each): it may stop there until there is more`,
    full: (p) =>
      `for ${p.fits} of ${p.pods} more pods (${p.need} each): free some, add nodes, or let a pod be missing meanwhile`,
    large: (p) => `no node that the pods may use is as large as one pod: ${p.need}`,
    unseen: () => "your role may not see nodes and their pods: nobody knows whether there is room",
  },
  budget: {
    ok: (p) => `${p.name} wants ${p.wanted} ready, the release leaves ${p.ready}`,
    none: () => "none for these pods",
    below: (p) =>
      `${p.name} wants ${p.wanted} ready, the release leaves ${p.ready}: no node can be drained meanwhile`,
    several: (p) => `${p.names} are for the same pods: Kubernetes then evicts none of them`,
    unseen: () => "your role may not read disruption budgets: nobody knows whether one is touched",
  },
  ports: {
    ok: () => "the containers have them",
    unnamed: (p) =>
      `${p.probe} asks the port ${p.port}, and the container has none of that name: it would always fail`,
    undeclared: (p) =>
      `${p.probe} asks port ${p.port}, which no container names: it works only if one listens there`,
  },
  config: {
    ok: () => "every placeholder has a value",
    unset: (p) => `${p.file}, line ${p.line}: ${p.key} has no value and no default`,
    template: (p) =>
      `${p.file}, line ${p.line}, column ${p.column}: ${template[p.reason ?? ""] ?? p.reason}`,
    path: (p) =>
      p.other
        ? `${p.file} and ${p.other} can not both be there`
        : `${p.file} is no path for a file`,
    too_large: (p) => `${p.file} would have ${p.size} bytes, at most ${p.max}`,
    variables: (p) =>
      `The variables would have ${p.size} bytes together, at most ${p.max}; the largest is ${p.file}`,
    elsewhere: (p) => `not known here, and not in the cluster: ${p.keys}`,
    gone: (p) =>
      `the cluster has the Secrets of then no more, and this computer not the values of ${p.keys}: take back the image only, or set them and release anew`,
    newer: (p) =>
      `a newer Slipway wrote that record (version ${p.version}): update Slipway, or take back the image only`,
    made_sensitive: (p) =>
      `${p.what} was readable then and is sensitive now: take back the image only, or release anew`,
    unused: (p) => `values that nothing uses: ${p.keys}`,
  },
  image: {
    ok: (p) => digest(p.digest),
    missing: (p) => `its registry does not have ${p.image}: push it, or choose another tag`,
    other: (p) => `${p.image} is no image but ${p.kind}: choose another tag`,
    refused: (p) =>
      `its registry does not tell this computer whether it has ${p.image}: sign in on the page Artifacts`,
    limited: (p) =>
      p.seconds
        ? `its registry was asked too often: check again in ${p.seconds} s`
        : "its registry was asked too often: check again later",
    plain: () => "its registry speaks plain HTTP: allow that on the page Artifacts, if it is meant",
    silent: (p) => `nobody knows whether ${p.image} is there: ${p.reason}`,
  },
  platform: {
    ok: (p) => p.need ?? "",
    unseen: (p) => `it is for ${p.has}; your role may not see what the nodes are`,
    none: (p) => `it is for ${p.has}, the nodes are ${p.need}: build it for those`,
    some: (p) =>
      `it is for ${p.has}, and fits ${p.fits} of ${p.all} nodes (${p.need}): choose nodes by a label, or build it for all`,
  },
  pull_secret: {
    ok: (p) => `${p.name} is there; your role may not read whether it works`,
    login: (p) =>
      `${p.name} is there, and your own login at ${p.host} works; your role may not read whether it is the same`,
    works: (p) => `${p.name} was tried at ${p.host}`,
    missing: (p) =>
      `${p.name} is not in the namespace: an image that is not public can not be pulled`,
    other_host: (p) => `${p.name} has no login for ${p.host}: make one that does`,
    unreadable: (p) => `${p.name} is no image pull secret: make another`,
    refused: (p) => `${p.host} does not take the login in ${p.name}: make it anew`,
    untried: (p) => `${p.name} could not be tried: ${p.host} does not answer`,
    needed: (p) =>
      `${p.host} wants a login, and the group has no pull secret: choose one, unless the nodes have their own`,
  },
  balancers: {
    ok: () => "their ports are there",
    target: (p) => `${p.balancer} leads to port ${p.port}, which the group does not have`,
  },
  gpu: {
    ok: (p) => (p.nodes === "1" ? "one node offers it" : `${p.nodes} nodes offer it`),
    none: (p) => `no node offers ${p.resource}, or any other GPU`,
    other: (p) => `no node offers ${p.resource}; there is ${p.others}`,
    product: (p) => `no node with ${p.labels} offers ${p.resource}`,
    most: (p) => `asks for ${p.count} a pod, and no node has more than ${p.most}`,
    cordoned: (p) => `the nodes that offer ${p.resource} take no new pods now`,
    unknown: (p) => `your role may not list nodes: nobody knows whether one offers ${p.resource}`,
  },
  helper: {
    ok: () => "its registry has it",
    missing: (p) => `its registry does not have ${p.image}`,
    refused: (p) => `its registry does not tell whether it has ${p.image}`,
    silent: (p) => `nobody knows whether ${p.image} is there: ${p.reason}`,
  },
};

const level: Record<VerdictLevel, string> = {
  ok: "passed",
  warning: "to be looked at",
  blocks: "blocks the release",
};

export const plan = {
  group: "Groups",
  image: "Image",
  imagePlaceholder: "Tag or full reference",
  imageHint: "A tag or digest of the app's repository, or a full reference.",
  runsHere: (version: string) => `Runs here: ${version}`,
  runsNothing: "Nothing runs here yet",
  runsOn: (groups: string) => `on ${groups}`,
  use: "Use",
  taken: "chosen",
  takeVersion: (version: string) => `Use ${version}`,
  running: "Running now",
  readOnly: "linked no more",
  wrongFields: (count: string) =>
    count === "1" ? "1 field to correct" : `${count} fields to correct`,

  title: "Plan",
  checkedAt: (time: string, groups: number) =>
    `checked against ${groups === 1 ? "the cluster" : "the clusters"} at ${time}`,
  checking: "Checking against the cluster…",
  checkAgain: "Check again",
  chooseFirst: "Choose a group and an image",
  chooseFirstText: "The plan then shows what will happen, checked against the cluster.",
  preflight: "Preflight",
  check,
  found,
  level,
  blocked: (count: string) => (count === "1" ? "A check blocks it." : `${count} checks block it.`),
  blockedWhy: "The plan is blocked",

  strategy: "Strategy",
  rolling: "Rolling, by the cluster itself",
  from: (from: string, to: string) => `${from} → ${to}`,
  first: "First release of this group",
  same: "Same image, only the settings change",
  pods: "Pods",
  cluster: "Cluster",
  workload: "Deployment",
  extra: (count: string) => `at most ${count} extra`,
  noExtra: "no extra pod",
  never: (count: string) => `never fewer than ${count}`,
  extraAndNever: (extra: string, never: string) => `${extra}, ${never}`,
  firstPods: (count: string) => (count === "1" ? "1 pod is created" : `${count} pods are created`),
  noPods: "No pods: the count is 0, only the template changes",
  now: "Now",
  between: "On the way, at most",
  after: "Then",
  afterBatch: (number: string) => `After batch ${number}`,
  waitsApproval: "waits for approval",
  waitsFor: (time: string) => `waits ${time}`,
  thenDone: "then done",
  more: (count: string) => (count === "1" ? "… 1 batch more" : `… ${count} batches more`),
  objects: "Config",

  changes: "What changes",
  added: (count: string) => `+${count}`,
  removed: (count: string) => `−${count}`,
  noChanges: "Nothing changes against the live objects.",
  live: "live → as the server would store it",
  unchanged: (count: string) => `${count} unchanged lines`,

  note: "Note",
  notePlaceholder: "Why, for the history",
  deploy: (group: string) => `Deploy to ${group}`,
  deployDialog: (group: string) => `Deploy to ${group}…`,
  deployBare: "Deploy",
  deploying: "Deploying…",
  confirmTitle: (group: string) => `Deploy to ${group}?`,
  confirmText: (environment: string, cluster: string) =>
    `${environment} is protected. This replaces the pods on ${cluster}.`,
  confirmAction: (environment: string, group: string) => `Deploy to ${environment} · ${group}`,
  planAgain: "Plan again",
  openRunning: "Open the running release",
  noGroups: "No group to release to",
  noGroupsText: "A release takes one group to one image. Create a group first.",
};
