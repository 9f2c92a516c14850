import type { GroupSection } from "~/wire/types";

const section: Record<GroupSection, string> = {
  basics: "basics",
  container: "container",
  strategy: "strategy",
  health: "health checks",
  lifecycle: "lifecycle",
  gpu: "GPU",
  variables: "variables",
  patch: "advanced patch",
  files: "files",
  balancers: "load balancers",
  other: "rendering",
};

const changes = (count: number, shown: string) => (count === 1 ? "1 change" : `${shown} changes`);

export const diff = {
  section,
  changes,
  pendingTitle: changes,
  pendingWait: (count: number, sections: string) =>
    `${count === 1 ? "waits" : "wait"} for a release: ${sections}.`,
  sectionCount: (section: string, count: string) => `${section} ${count}`,
  seeDiff: "See diff",
  deploy: "Deploy…",
  deployLater: "Fields of this draft must be corrected first.",
  markOf: (count: number, shown: string) => `${changes(count, shown)} pending`,
  filesPending: (count: number, shown: string) =>
    count === 1
      ? "Configuration of 1 group waits for a release"
      : `Configuration of ${shown} groups waits for a release`,

  side: {
    saved: "Saved",
    released: "Last released",
    live: "Live",
  },
  release: (seq: string) => `Release ${seq}`,
  from: "Compare",
  to: "with",
  swap: "Swap the sides",
  ofGroup: (side: string, group: string) => `${side} of ${group}`,
  groupOf: (side: string) => `Group: ${side}`,
  thisGroup: (name: string) => `${name}, this group`,
  savedAt: (time: string) => `draft saved ${time}`,
  releasedBy: (seq: string, by: string, time: string) => `${seq} · ${by}, ${time}`,
  liveAt: (time: string) => `read ${time}`,
  how: "How the diff is drawn",
  beside: "Side by side",
  inline: "Inline",
  fields: "Fields that differ",
  field: "Field",
  before: "Before",
  after: "After",
  unset: "not set",
  hidden: "changed; sensitive, not shown",
  fileChanges: changes,
  objects: "Objects that differ",
  object: (kind: string, name: string) => `${kind} ${name}`,
  added: (count: string) => `+${count}`,
  removed: (count: string) => `−${count}`,
  unchanged: (count: string) =>
    count === "1" ? "… 1 unchanged line" : `… ${count} unchanged lines`,
  same: "No difference",
  sameText: "Both sides would run the same pods with the same configuration.",
  masked: "Sensitive values are dots.",
  sensitive: "What it holds is sensitive and not shown; only that it is another one.",
  refused: (message: string) =>
    `The cluster would not take the saved side, so that it is compared as it is: ${message}`,
  defaulted: (count: string) =>
    count === "1"
      ? "compared by dry run, so 1 defaulted field is no difference"
      : `compared by dry run, so ${count} defaulted fields are no difference`,
  byDryRun: "compared by dry run",
  never: "This group was never released",
  neverText: "There is nothing to compare with yet. The first release shows everything as new.",
  blind: (cluster: string, time: string) => `${cluster} has not answered since ${time}.`,
  blindRetrying: (cluster: string, time: string, again: string) =>
    `${cluster} has not answered since ${time}, next try ${again}.`,
  otherSides: "The other sides are on this computer, and can be looked at meanwhile.",
  next: "Next change",
  previous: "Previous change",
  position: (at: string, all: string) => `${at} of ${all}`,

  yaml: {
    title: "YAML",
    which: "What is shown",
    rendered: "Rendered",
    live: "Live",
    released: "Last released",
    three: "Three-way",
    object: "Object",
    objectAt: (at: string, all: string) => `${at} of ${all}`,
    copy: "Copy",
    copied: "Copied",
    save: "Save for apply -k…",
    saving: "Saving…",
    saved: (folder: string) => `Saved to ${folder}`,
    savedText: (files: string) => `${files} files. kubectl apply -k takes the folder as it is.`,
    leftOut: (count: number, shown: string) =>
      count === 1
        ? "1 Secret is left out: it must be in the cluster already. kustomization.yaml names it."
        : `${shown} Secrets are left out: they must be in the cluster already. kustomization.yaml names them.`,
    edit: "Edit group",
    hidden: "managedFields and status folded, sensitive values hidden",
    changedInCluster: "changed in the cluster",
    changedInDraft: "changed in the draft",
    foreign: (count: number, shown: string) =>
      count === 1 ? "1 foreign line" : `${shown} foreign lines`,
    drafted: (count: number, shown: string) =>
      count === 1 ? "1 line from the draft" : `${shown} lines from the draft`,
    allSame: "What was released, what is live and what would be rendered say the same.",
    nothingRuns: "Nothing runs in the cluster yet",
  },

  discard: {
    action: "Discard",
    of: (field: string) => `Discard the change of ${field}`,
    done: (field: string) => `${field} is as it was released`,
    ofApp: "What of it the app changed for all its groups stays.",
    versions: "What it was is kept in the versions of the file.",
  },

  foreign: {
    title: (count: number, shown: string) =>
      count === 1
        ? "1 field was changed in the cluster by somebody else"
        : `${shown} fields were changed in the cluster by somebody else`,
    since: (seq: string, time: string) =>
      `since ${seq}, ${time}. A release stops and asks; nothing is taken over silently.`,
    table: "Fields that differ",
    column: {
      field: "Field that differs",
      released: "Last released",
      live: "Live",
      draft: "Draft",
      by: "Changed by",
    },
    subresource: (manager: string, subresource: string) => `${manager}, subresource ${subresource}`,
    draftBy: "Draft",
    withRelease: "with the next release",
    goesBack: "goes back with the next release",
    adopt: (value: string) => `Adopt ${value}`,
    revert: (value: string) => `Revert to ${value}`,
    revertAway: "Take it away",
    adoptOf: (field: string) => `Adopt ${field}`,
    revertOf: (field: string) => `Revert ${field}`,
    adoptAll: (count: number): string => (count === 2 ? "Adopt both" : "Adopt all"),
    revertAll: (count: number): string => (count === 2 ? "Revert both…" : "Revert all…"),
    adoptOne: "Adopt",
    revertOne: "Revert…",
    cost: "Adopt writes the live value into the draft. Reverting replicas acts at once; reverting a field of the pod template goes with a release, because it replaces pods.",
    adopted: (field: string) => `${field} is in the draft now`,
    adoptedMany: (count: string) => `${count} fields are in the draft now`,
    inPatch: "What the form has no field for is in the advanced patch.",
    confirmTitle: (count: number, shown: string) =>
      count === 1 ? "Revert 1 field?" : `Revert ${shown} fields?`,
    confirmNow: (value: string) => `The count goes back to ${value} at once.`,
    confirmRelease: (count: string) =>
      count === "1"
        ? "1 field of the pod template is marked, and goes back with the next release: that replaces pods."
        : `${count} fields of the pod template are marked, and go back with the next release: that replaces pods.`,
    confirm: "Revert",
    reverting: "Reverting…",
    reverted: "The count is as it was released",
    marked: "Goes back with the next release",
  },
};
