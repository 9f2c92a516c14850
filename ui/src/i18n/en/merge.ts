import type { FileSide, MergedOf } from "~/wire/types";

const of: Record<MergedOf, string> = {
  group: "group",
  value: "value of the group",
  app: "app",
  app_variable: "variable of the app",
  default: "default of the app",
  sensitive: "key of the app",
};

const file: Record<FileSide, string> = {
  missing: "no such file",
  text: "text",
  binary: "not text",
  sensitive: "sensitive, not shown",
};

export const merge = {
  places: {
    place: (number: string) => `Place ${number}`,
    take: "what stays",
    both: "Both",
    nothing: "no line",
    undecided: (count: string) =>
      count === "1"
        ? "1 place is not decided yet: choose what stays, and the result stands here."
        : `${count} places are not decided yet: choose what stays, and the result stands here.`,
  },
  action: "Merge…",
  meanwhile: (seq: string, by: string) => `${by} released ${seq} meanwhile`,
  alsoMeanwhile: (seq: string, by: string) => `${by} released ${seq} meanwhile.`,
  outFrom: (seq: string, time: string) =>
    `Your draft goes out from ${seq}, ${time}. What only one of you changed comes together by itself.`,
  takesBack: (count: string) =>
    count === "1"
      ? "A release of the draft would take back 1 change."
      : `A release of the draft would take back ${count} changes.`,
  base: (seq: string) => `Before (${seq})`,
  ours: "Mine",
  theirs: (by: string) => `${by}'s`,
  conflicts: "Changed by both",
  conflictsText: "Choose what stays, field by field and place by place.",
  choice: (name: string) => `What stays of ${name}`,
  lines: "Line by line",
  comesIn: (seq: string) => `Comes in from ${seq}`,
  stays: "Stays as in your draft",
  same: "Changed by both in the same way",
  field: "Field",
  now: "Now",
  next: "After the merge",
  before: "Before",
  mine: "In your draft",
  of,
  file,
  fileIn: (side: string, what: string) => `${side}: ${what}`,
  fileOf: { app: "file of the app", group: "file of the group" },
  hidden: "sensitive, not shown",
  hiddenChanged: "another sensitive value, not shown",
  keySensitive: { true: "sensitive", false: "readable" },
  unset: "not set",
  added: "added",
  deleted: "deleted",
  changed: "changed",
  placesIn: (count: string) => (count === "1" ? "1 place comes in" : `${count} places come in`),
  result: "Result, as your draft will have it",
  decided: (done: string, all: string) => `${done} of ${all} conflicts decided`,
  noConflicts: "No conflicts",
  versions: "What a file held before stays in its versions.",
  take: "Merge into the draft",
  taking: "Merging…",
  undecided: (count: string) =>
    count === "1" ? "1 conflict is not decided yet." : `${count} conflicts are not decided yet.`,
  done: (seq: string) => `Your draft has what ${seq} changed`,
  doneText: "It goes out from that release now. Nothing is released yet.",
  nothing: "Nothing to merge",
  nothingText: "Your draft has everything that others released of this group.",
};
