import type { FolderTrouble, LeftOutWhy } from "~/wire/types";

const leftOut: Record<LeftOutWhy, string> = {
  sensitive: "sensitive",
  name: "its path or the name of its group is wrong",
  case: "another file has this path, but for capital letters",
};

const trouble: Record<FolderTrouble, string> = {
  missing: "Deleted in the folder. In Slipway it is as it was.",
  too_large: "Larger than 900 KiB: it can not be taken.",
  odd: "A folder or a link stands in its place.",
  unreadable: "It can not be read.",
  unwritable: "It can not be written. In Slipway it is saved.",
  unsaved: "It can not be saved in Slipway. In the folder it is as it was.",
};

export const folder = {
  open: "Open as folder",
  opening: "Opening…",
  opened: "Folder",
  state: {
    gone: () => "gone",
    conflict: (count: string) => (count === "1" ? "1 conflict" : `${count} conflicts`),
    readOnly: () => "read-only",
    apart: () => "not in step",
    unwatched: () => "not watched",
    watching: () => "watching",
  },
  inConflict: "This file was changed here and in the folder.",
  resolve: "Resolve…",
  title: "Open as a folder",
  text: "What any editor changes there is saved here as a draft, and what is saved here is written there. No cluster is touched before a release.",
  path: "path of the folder",
  close: "Follow no more",
  closing: "Ending…",
  stays: "The files on the disk stay.",
  same: (count: string) =>
    count === "1" ? "1 file on both sides" : `${count} files on both sides`,
  gone: "The folder is gone",
  goneText: "Nothing was deleted in Slipway.",
  write: "Write again",
  writing: "Writing…",
  unwatched: "Changes are seen only when this window comes to the front",
  conflicts: (count: string) =>
    count === "1" ? "1 file changed on both sides" : `${count} files changed on both sides`,
  conflictText: "Neither side is written until you decide, or make both the same.",
  base: "Both had",
  ours: "Slipway",
  theirs: "Folder",
  binary: "This is not text: it can not be merged.",
  keepOurs: "Keep Slipway's",
  keepTheirs: "Take the folder's",
  keepMerged: "Save the result",
  deciding: "Saving…",
  result: "Result, as both sides will have it",
  kept: "What you do not keep stays in the versions of the file, where Slipway had it.",
  problems: "Not in step",
  trouble,
  changes: "Changed by an editor",
  none: "Nothing yet. Edit a file there, and its change stands here.",
  merged: "merged with a change made in Slipway",
  unchanged: (count: string) =>
    count === "1" ? "… 1 unchanged line" : `… ${count} unchanged lines`,
  leftOutTitle: "Not in the folder",
  leftOut,
  strangers: "In the folder, not in Slipway",
  add: "Add",
};
