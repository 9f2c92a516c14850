import type { EnvironmentColour } from "~/wire/types";

const colour: Record<EnvironmentColour, string> = {
  dev: "slate",
  test: "blue",
  staging: "violet",
  prod: "magenta",
};

export const setting = {
  title: "Settings",
  sections: "Parts of the settings",
  savedAtOnce: "Saved as you change it",
  ofThisComputer: "Settings of this computer. Environments of an app travel with its releases.",

  general: "General",
  language: "Language",
  languageSystem: "System",
  languageNote: "changes at once",
  theme: "Theme",
  themeSystem: "System",
  light: "Light",
  dark: "Dark",
  themeNote: "logs and diffs follow",
  displayName: "Your name",
  displayNameHint:
    "Stands in records of releases beside the name the cluster knows you by. It is not proven.",
  notSaved: "This could not be saved",

  environments: "Environments",
  environmentsNote: "in the order a version travels; drag, or Alt and arrow keys",
  environmentAdd: "Add environment",
  environmentMove: (name: string) => `Move ${name}`,
  environmentLast: "One environment has to stay.",
  environmentDelete: (name: string) => `Delete ${name}`,
  environmentDeleteTitle: (name: string) => `Delete ${name}?`,
  environmentDeleteText: "It goes from this computer. Releases keep what they were made with.",
  environmentDeleted: (name: string) => `${name} is deleted`,
  column: {
    name: "Name",
    chinese: "Chinese name",
    colour: "Colour",
    looks: "Looks like",
    groups: "Groups",
    protected: "Protected",
  },
  colour,
  protectedYes: "name typed to delete",
  protectedNo: "no",

  data: "Data and logs",
  folder: "Data folder",
  folderHint: "Apps, groups and a copy of all releases. No tokens.",
  logSize: "Log cache",
  logSizeHint:
    "On disk, for each open log. When it is full, its oldest lines go first. Logs that are open now keep the size they were opened with.",
  logSizeOwn: "Other size…",
  logSizeTyped: "Size of the log cache",
  setAsideTitle: "The database was damaged when Slipway started.",
  setAside: (name: string) =>
    `It was set aside as ${name} in the data folder, and Slipway began with an empty one.`,
  copyName: "Name of the damaged file",

  keyring: "Keyring",
  keyringState: {
    ready: "Unlocked",
    missing: "No keyring",
    locked: "Locked",
    memory_only: "In memory only",
    key_lost: "Key lost",
  },
  keyringText: {
    ready: "Tokens of linked clusters are sealed with a key that only the system's keyring holds.",
    missing:
      "This system offers no keyring, so tokens can not be kept. Install or start one and check again, or keep tokens in memory until Slipway closes.",
    locked:
      "Tokens can be used once the keyring is unlocked. Unlock it in the desktop and check again, or keep tokens in memory until Slipway closes.",
    memory_only: "Tokens are forgotten when Slipway closes; link the clusters again then.",
    key_lost:
      "The keyring no longer holds the key of this data folder, so saved tokens can not be read. Link the clusters again.",
  },
  keyringReason: (reason: string) => `The system says: ${reason}`,
  checkAgain: "Check again",
  checking: "Checking…",
  memoryOnly: "Keep in memory only",
  linkAgain: "Clusters",
  neverFile: "They are never written to a file in the clear.",

  notifications: "Notifications",
  notificationsNote: "when the window is not in front",
  notificationsOf:
    "Of releases that you began on this computer or took over, and of files that you moved here.",
  occasion: {
    waits: "A release waits for approval",
    stopped: "A release stopped or failed",
    ended: "A release ended",
    transferred: "A download or upload ended",
  },

  about: "About",
  version: "Version",
  device: "This computer",
  deviceHint: "as it stands in records of releases",
  sentOut: "Sent out",
  sentOutText: "nothing but what goes to the clusters you linked",
};
