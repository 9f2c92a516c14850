import type { HookDraft } from "~/wire/types";
import { commandWords } from "./draft";

export interface StopParts {
  /** How long the hook takes is only known of a plain sleep. */
  hook: "none" | "unknown" | "sleep";
  /** Seconds of the hook, as far as they are known, … */
  seconds: number;
  /** … and what the container then has to end by itself. */
  rest: number;
}

/** How the grace period is used up. The kill comes when it has passed, whatever still runs. */
export function stopParts(hook: HookDraft, grace: number): StopParts {
  if (hook.kind === "none") return { hook: "none", seconds: 0, rest: grace };
  const words = hook.kind === "command" ? commandWords(hook.command) : [];
  const line = (words[0] === "/bin/sh" ? words.slice(2) : words).join(" ");
  const [, sleep] = /^\s*(?:exec\s+)?(?:\/bin\/)?sleep\s+(\d+)\s*$/.exec(line) ?? [];
  if (sleep === undefined) return { hook: "unknown", seconds: 0, rest: grace };
  const seconds = Math.min(Number(sleep), grace);
  return { hook: "sleep", seconds, rest: grace - seconds };
}
