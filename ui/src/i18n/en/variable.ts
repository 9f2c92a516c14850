import type { VariableKind } from "~/wire/types";

const kind: Record<VariableKind, string> = {
  plain: "plain",
  template: "placeholder",
  sensitive: "sensitive",
};

export const variable = {
  noun: "Variable",
  plural: "Variables",
  kind,
  kindOf: (row: string) => `Kind of variable ${row}`,
  secret: {
    type: "type it once; it is not shown again",
    kept: "in the system keyring",
    keeping: "keeping…",
    unknown: "set in the cluster, not known here",
  },
  inherited: "As pods get them",
  pasteNote: "KEY=VALUE lines can be pasted into a name",
  plainNote:
    "Plain ones can be read by everybody with access to the cluster; passwords are sensitive.",
  name: "Name",
  value: "Value",
  partOf: (row: string, part: string) => `Variable ${row}: ${part}`,
  none: "None",
  add: "Add variable",
  remove: (row: string) => `Remove variable ${row}`,
  pasted: (count: string) => (count === "1" ? "1 variable taken" : `${count} variables taken`),
  pastedSkipped: (lines: string) => `Not KEY=VALUE, left out: ${lines}`,
};
