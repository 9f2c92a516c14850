import type { Code, Hint, ReleaseState } from "~/wire/types";
import { has, moment, type Params, type Sentence, sentences, subject } from "../params";
import { release } from "./release";

interface Errors {
  /** What failed. */
  title: Record<Code, Sentence>;
  /** Why, in facts. */
  why: Record<Code, Sentence>;
  hint: Record<Hint, string>;
}

const nouns: Record<string, string> = {
  app: "The app",
  group: "The group",
  balancer: "The load balancer",
  environment: "The environment",
  cluster: "The cluster",
  release: "The release",
};

/** Parts of a kubeconfig that a context names. */
const parts: Record<string, string> = { user: "user", cluster: "cluster" };

/** What stands in the way of a file in a container. */
const remote: Record<string, (path: string) => string> = {
  missing: (path) => `There is no ${path}`,
  no_folder: (path) => `${path} is no folder`,
  denied: (path) => `The user of the container may not do this with ${path}`,
  read_only: () => "The file system of the container is read-only",
  full: () => "The disk of the container is full",
  taken: (path) => `There is a ${path} already`,
  differs: (path) => `${path} did not come through as it was sent`,
  outside: (path) => `The container sent ${path}, which leads out of the chosen folder`,
  special: (path) => `${path} is no file`,
};

const remoteWhy: Record<string, string> = {
  missing: "It may have been removed since the folder was listed.",
  no_folder: "Only a folder can be looked into, and have files put into it.",
  denied: "Its permissions do not allow it.",
  taken: "Nothing was replaced.",
  differs: "Nothing was put in its place.",
  outside: "Nothing of it was kept.",
  special: "It is a device, a pipe or a socket.",
};

function stateOf(p: Params): string {
  return (release.state[p.state as ReleaseState] ?? p.state ?? "–").toLowerCase();
}

const title = sentences({
  internal: () => "Slipway met a bug",
  invalid: () => "Some fields need another look",
  not_found: (p) =>
    p.what === "context"
      ? `There is no context ${p.name}`
      : `${subject(p, nouns)} does not exist any more`,
  taken: (p) =>
    has(p, "name") ? `The name ${p.name} is taken` : `${subject(p, nouns)} exists already`,
  in_use: (p) =>
    p.what === "environment"
      ? "Groups stand in this environment"
      : has(p, "name")
        ? `${p.name} is still in use`
        : "Still in use",
  bad_call: () => "The window and the core do not agree",
  kubeconfig_not_yaml: () => "The kubeconfig is not YAML",
  kubeconfig_no_contexts: () => "The kubeconfig holds no context",
  kubeconfig_missing: () => "There is no kubeconfig",
  kubeconfig_dangling: (p) => `The context ${p.context} is incomplete`,
  kubeconfig_unsupported: (p) =>
    has(p, "context") ? `The context ${p.context} can not be used` : "The context can not be used",
  certificate_expired: () => "The certificate has expired",
  exec_not_installed: (p) => `${p.program} is not installed`,
  exec_failed: (p) => `${p.program} could not sign in`,
  exec_timeout: (p) => `${p.program} does not answer`,
  oidc_failed: () => "Signing in failed",
  code_empty: () => "There is no authorization code",
  code_unknown: () => "This is no authorization code",
  code_cut_off: () => "The authorization code is cut off",
  code_typo: () => "The authorization code has a typo",
  code_newer: () => "The authorization code is of a newer format",
  code_expired: () => "The authorization code has expired",
  unreachable: () => "The cluster can not be reached",
  wrong_ca: () => "The server shows another certificate",
  nonsense: () => "What answers is no cluster",
  unauthorized: () => "The cluster does not accept the credential",
  forbidden: () => "Your role does not allow this",
  timeout: () => "No answer in time",
  link_forgotten: () => "The preview is gone",
  unlinked: () => "The cluster is linked no more",
  no_shell: ({ container }) => `The image of ${container} has no shell`,
  no_tool: ({ container, tool }) => `The image of ${container} has no ${tool}`,
  remote: ({ what, path }) =>
    remote[what ?? ""]?.(path ?? "–") ?? `${path} could not be read or written`,
  sign_in: (p) =>
    has(p, "name") ? `${p.name} needs you to sign in` : "The cluster needs you to sign in",
  namespace_gone: (p) =>
    has(p, "namespace") ? `The namespace ${p.namespace} is gone` : "The namespace is gone",
  conflict: () => "Somebody else manages a field",
  changed_elsewhere: (p) => `${has(p, "name") ? p.name : "It"} was changed by another computer`,
  quota: () => "The quota does not allow it",
  rejected: () => "The cluster refused it",
  group_gone: (p) =>
    has(p, "name") ? `${p.name} is gone from the cluster` : "The group does not exist any more",
  release_running: () => "A release is running already",
  elsewhere: () => "A value is not known here",
  file_moved: () => "The file was saved elsewhere",
  field_moved: () => "The cluster changed meanwhile",
  merge_moved: () => "One of the sides changed meanwhile",
  plan_moved: () => "The cluster changed since the plan",
  made_sensitive: (p) => `${p.what} is sensitive now`,
  tag_moved: (p) => `The tag ${p.tag} was moved since the plan`,
  registry_missing: (p) => `${p.host} does not have it`,
  registry_refused: (p) => `${p.host} does not let you in`,
  registry_limited: (p) => `${p.host} was asked too often`,
  registry_unreachable: (p) => `${p.host} can not be reached`,
  registry_plain: (p) => `${p.host} speaks plain HTTP`,
  registry_broken: (p) => `${p.host} does not answer as a registry does`,
  credential_helper: (p) => `${p.program} gave no login`,
  docker_config: () => "Docker's configuration can not be read",
  plan_forgotten: () => "The plan is not known any more",
  plan_blocked: () => "The plan is blocked",
  not_now: () => "Not possible now",
  log_gone: () => "The log is gone",
  deleting: (p) => `${p.name} is being deleted`,
  import_unknown: () => "This file is no export",
  import_broken: () => "The export is damaged",
  import_newer: () => "The export is of a newer Slipway",
  import_too_large: () => "The export is too large",
  import_name: () => "The export is refused",
  file: () => "The file can not be read",
  held: () => "The Deployment is held",
  budget: (p) =>
    has(p, "budget") ? `${p.budget} keeps this pod` : "Several budgets keep this pod",
  busy: () => "The cluster is busy",
  dismissed: () => "Nothing was done",
  not_writable: () => "The folder can not be written",
  disk_full: () => "The disk is full",
  database_newer: () => "The data were written by a newer Slipway",
  database: () => "The data can not be read",
  keyring_missing: () => "There is no keyring",
  keyring_locked: () => "The keyring is locked",
  key_lost: () => "The keyring lost the key of this data folder",
});

const why = sentences({
  internal: () => "Nothing else is affected. The details say where.",
  invalid: (p) =>
    has(p, "group")
      ? `The draft of ${p.group} is not complete.`
      : "What is wrong stands under each field.",
  not_found: (p) =>
    p.what === "context" ? "The kubeconfig does not name it." : "It was deleted meanwhile.",
  taken: (p) =>
    p.what === "Deployment"
      ? "A Deployment of this name stands in the cluster, and Slipway did not make it."
      : p.what === "Service"
        ? "A Service of this name stands in the cluster that is not this load balancer's. It stays untouched."
        : "Another one has it already.",
  in_use: (p) =>
    p.what === "app.balancers"
      ? "It has load balancers whose Services stand in a cluster. Delete those first."
      : p.what === "environment"
        ? `${p.count === "1" ? "1 group" : `${p.count} groups`}: ${p.name}.`
        : p.count === "1"
          ? "1 group needs it."
          : `${p.count} groups need it.`,
  bad_call: () => "The installation is incomplete or two versions are mixed.",
  kubeconfig_not_yaml: (p) =>
    `${has(p, "file") ? p.file : "the pasted text"}, line ${p.line}, column ${p.column}${has(p, "reason") ? `: ${p.reason}` : ""}`,
  kubeconfig_no_contexts: (p) =>
    has(p, "file") ? `${p.file} names none.` : "The pasted text names none.",
  kubeconfig_missing: (p) => `Looked for ${p.file}.`,
  kubeconfig_dangling: (p) =>
    `It names the ${parts[p.what ?? ""] ?? p.what} ${p.name}, which the file does not hold.`,
  kubeconfig_unsupported: (p) =>
    has(p, "reason") ? (p.reason ?? "") : `${p.what} is not supported.`,
  certificate_expired: (p) => `It was valid until ${moment(p.at, "en")}.`,
  exec_not_installed: (p) =>
    `The cluster signs in with this program; it was looked for in ${p.path}.`,
  exec_failed: (p) => p.message ?? "",
  exec_timeout: (p) => `Waited ${p.seconds} s.`,
  oidc_failed: (p) => `${p.issuer}: ${p.message}`,
  code_empty: () => "The field or file is empty.",
  code_unknown: () => "A code begins with slw1.",
  code_cut_off: (p) =>
    has(p, "expected")
      ? `It has ${p.have} of about ${p.expected} characters; chat programs often shorten long lines.`
      : `It ends after ${p.have} characters; chat programs often shorten long lines.`,
  code_typo: () => "Its checksum does not fit.",
  code_newer: (p) => `It has format ${p.format}, which this Slipway does not know.`,
  code_expired: (p) => `It was valid until ${moment(p.at, "en")}.`,
  unreachable: (p) => `${p.server}: ${p.reason}`,
  wrong_ca: (p) =>
    has(p, "reason")
      ? `${p.server}: ${p.reason}`
      : `${p.server} is not the server this link was made for, or its authority changed.`,
  nonsense: (p) =>
    `${p.server} does not speak as the API of Kubernetes does (${p.reason}). A proxy, or a page to sign in on, may stand in between.`,
  unauthorized: (p) =>
    has(p, "reason")
      ? `${p.server}: ${p.reason}`
      : `${p.server} answers 401: it has ended or was taken back.`,
  forbidden: (p) =>
    has(p, "verb")
      ? `The cluster answers 403: ${p.verb} ${p.resource}${has(p, "namespace") ? ` in ${p.namespace}` : ""} is missing.`
      : "The cluster answers 403 and does not say which right is missing.",
  timeout: (p) => (has(p, "reason") ? (p.reason ?? "") : `Waited ${p.seconds} s.`),
  link_forgotten: () => "It is kept for ten minutes.",
  unlinked: () => "The group stays readable here.",
  no_shell: () => "Nothing can be typed where no program reads it.",
  no_tool: () => "Files are read and moved with it.",
  remote: (p) =>
    has(p, "message") ? `The container says: ${p.message}` : (remoteWhy[p.what ?? ""] ?? ""),
  sign_in: () => "The session there has ended.",
  namespace_gone: () => "Somebody deleted it in the cluster.",
  changed_elsewhere: () =>
    "What it was changed to there is not what waits here. Applying takes yours, and theirs is gone.",
  conflict: (p) =>
    !has(p, "manager")
      ? "Another program set what would be changed."
      : has(p, "more") && p.more !== "0"
        ? `${p.manager} set ${p.field}; ${p.more} more.`
        : `${p.manager} set ${p.field}.`,
  quota: (p) => p.message ?? "",
  rejected: (p) => p.message ?? "",
  group_gone: () => "Somebody deleted it meanwhile.",
  // A release has no number before its record is made.
  release_running: (p) =>
    `${has(p, "seq") ? p.seq : "One"}${has(p, "by") ? ` by ${p.by}` : ""} moves this group.`,
  elsewhere: (p) =>
    `${p.keys} is set on another computer, and the cluster has no object with it. Set it here.`,
  field_moved: (p) => `${p.field} has another value now than was shown. Nothing was written.`,
  file_moved: (p) =>
    `${p.path} was saved by ${p.by} after it was opened here. Nothing was overwritten.`,
  merge_moved: () => "The draft or the newest release is not as it was shown. Nothing was written.",
  plan_moved: (p) =>
    has(p, "what")
      ? `${p.what} is not what the plan saw.`
      : "Somebody changed it in the cluster meanwhile.",
  made_sensitive: () => "The plan still has it in the clear, so it was not begun.",
  tag_moved: (p) => `When it was planned it led to ${p.planned}, now it leads to ${p.now}.`,
  registry_missing: (p) => `There is no ${p.repository} in it, or nothing under this tag.`,
  registry_refused: (p) =>
    [
      p.signed_in === "true"
        ? `It does not take your login for ${p.repository}.`
        : `It shows ${p.repository} only to those who sign in.`,
      has(p, "message") ? p.message : "",
    ]
      .filter(Boolean)
      .join(" "),
  registry_limited: (p) =>
    has(p, "seconds")
      ? `It answers again in ${p.seconds} s. Nothing is asked until you try again.`
      : "It does not say how long. Nothing is asked until you try again.",
  registry_unreachable: (p) => p.reason ?? "",
  registry_plain: () =>
    "It was asked over TLS, and has none. Whoever listens could read your login.",
  registry_broken: (p) => p.reason ?? "",
  credential_helper: (p) => `Docker keeps this login in a program of its own: ${p.reason}.`,
  docker_config: (p) => `${p.path}: ${p.reason}`,
  plan_forgotten: () => "Plans are kept until Slipway closes.",
  plan_blocked: () => "A check does not pass.",
  not_now: (p) =>
    has(p, "state") ? `Its state is “${stateOf(p)}”.` : "Something else is under way.",
  log_gone: (p) => `The cluster keeps no log of ${p.pod} any more.`,
  deleting: () => "Wait until it is gone, or restore it afterwards.",
  import_unknown: (p) => `Slipway did not write it: ${p.reason}`,
  import_broken: (p) => `${p.part}: ${p.reason}`,
  import_newer: (p) => `It has format ${p.format}; this Slipway knows ${p.known}.`,
  import_too_large: (p) => `${p.part} has more than ${p.max} bytes.`,
  import_name: (p) => `It names ${p.name}, which leads out of it.`,
  file: (p) => `${p.path}: ${p.reason}`,
  held: () => "It is paused, or rests between two batches: nothing would be replaced.",
  budget: (p) => p.message ?? "",
  busy: (p) => (has(p, "message") ? (p.message ?? "") : "It asks for patience."),
  dismissed: () => "It was closed or cancelled before.",
  not_writable: (p) => `${p.path}: ${p.reason}`,
  disk_full: (p) => p.path ?? "",
  database_newer: (p) =>
    `${p.path} has version ${p.found}; this one knows ${p.known}. Nothing was touched.`,
  database: (p) => `${p.path}: ${p.reason}`,
  keyring_missing: (p) => p.reason ?? "",
  keyring_locked: () => "Tokens can be used once it is unlocked.",
  key_lost: () => "Tokens saved here can not be read any more; link the clusters again.",
});

const hint: Record<Hint, string> = {
  try_again: "Try again.",
  copy_code_whole: "Copy the authorization code again, as a whole, or read it from a file.",
  ask_owner_for_code: "Ask an owner for a new authorization code.",
  ask_owner_for_role: "Ask an owner for a role that allows it.",
  ask_cluster_admin: "Ask whoever runs the cluster.",
  update_slipway: "Update Slipway.",
  check_address: "Check the address of the server.",
  check_vpn: "Check network and VPN.",
  check_ca: "Ask whoever runs the cluster whether its certificate changed.",
  sign_in_again: "Sign in again.",
  install_program: "Install the program, or put it on the PATH.",
  run_program_in_terminal: "Run the program once in a terminal and follow what it says.",
  choose_another_file: "Choose another file.",
  choose_another_name: "Choose another name.",
  choose_another_group: "Choose another group.",
  delete_groups_first: "Delete its groups first.",
  plan_again: "Plan the release again.",
  open_running_release: "Open the running release.",
  wait_or_continue: "Wait, or continue where it stopped.",
  lower_amounts: "Lower CPU, memory or the count, or ask for more quota.",
  free_space: "Free some space on the disk.",
  choose_another_folder: "Choose another folder.",
  unlock_keyring: "Unlock the keyring of the desktop, then check again.",
  use_memory_only: "Or keep tokens in memory until Slipway closes.",
  link_again: "Link the cluster again.",
  report_bug: "Copy the details and report them.",
  check_clock: "Check the clock of this computer.",
  compare_versions: "Compare both, then save again.",
  set_value_here: "Set the value on this computer.",
  registry_sign_in: "Sign in to the registry on the page Artifacts.",
  allow_plain: "If it has no TLS on purpose, allow plain HTTP for it on the page Artifacts.",
  correct_draft: "Open the group’s Edit page and correct it there.",
  check_repository: "Check the repository of the app.",
  list_again: "List the folder again.",
  debug_container: "Add a debug container beside it, with an image that has it.",
};

export const error: Errors = { title, why, hint };
