import type { Check, VerdictLevel } from "~/wire/types";
import { digest, moment, type Params } from "../params";
import { template } from "./field";

type Sentence = (p: Params) => string;

const check: Record<Check, string> = {
  permissions: "Permissions",
  dry_run: "Dry run by the server",
  ownership: "Who manages the fields",
  alone: "Other releases",
  replica_owner: "Who owns the replica count",
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
    buried: (p) => `${p.by} deleted this group on ${moment(p.at, "en")}: a release brings it back`,
  },
  replica_owner: {
    ok: () => "this group",
    hpa: (p) => `an autoscaler, ${p.min}–${p.max}: the release leaves the count as it is`,
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
  group: "Group",
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
  checkedAt: (time: string) => `checked against the cluster at ${time}`,
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
  inBatches: (sizes: string) => `In batches: ${sizes}`,
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
