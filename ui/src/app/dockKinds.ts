import type { ComponentType } from "react";
import type { Catalogue } from "~/i18n";
import type { IconType } from "~/kit";
import { fileKind } from "./file/open";
import { forwardKind } from "./forward/open";
import { logKind } from "./log/open";
import { terminalKind } from "./terminal/open";

/** A kind of tab of the dock. */
export interface DockKind<Of> {
  icon: IconType;
  /** The tab's name; also what its panel is called. */
  title: (of: Of, text: Catalogue) => string;
  /** Stays mounted while its tab exists: behind another tab, on the other side and across pages. */
  Panel: ComponentType<{ of: Of; front: boolean }>;
  /** How many things the tab holds, beside its name. A hook. */
  useCount?: () => number;
}

/** Every kind there is. What a tab is of says everything its panel needs. */
export const dockKinds = {
  file: fileKind,
  forward: forwardKind,
  log: logKind,
  terminal: terminalKind,
};

type Kinds = typeof dockKinds;
type OfKind<Kind> = Kind extends DockKind<infer Of> ? Of : never;

/** A tab of any kind, as it is opened. Its id is the same for the same thing. */
export type DockTabOf = {
  [Kind in keyof Kinds]: { id: string; kind: Kind; of: OfKind<Kinds[Kind]> };
}[keyof Kinds];
