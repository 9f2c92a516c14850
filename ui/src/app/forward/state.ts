import { type Catalogue, ruleWord } from "~/i18n";
import { type MarkState, visible } from "~/kit";
import type { ForwardRow } from "~/wire/types";

/** How a forward is, in words. */
export interface ForwardWords {
  mark: MarkState;
  /** Coloured: what is not as it should be. */
  said: string | null;
  /** Beside it, plain. */
  note: string | null;
  /** When it is tried again. */
  retryAt: string | null;
  /** What the cluster or this computer said of it, whole. */
  reason: string | null;
}

/** The last characters of a pod's name tell it from the others of its group. */
export function shortPod(name: string): string {
  return visible(name).slice(-5);
}

export function forwardWords(row: ForwardRow, since: string, text: Catalogue): ForwardWords {
  const words = text.forward;
  const { state, target } = row;
  const plain = { said: null, note: null, retryAt: null, reason: null };
  switch (state.state) {
    case "opening":
      return { ...plain, mark: "rolling", said: words.opening };
    case "open": {
      const way =
        target.kind === "pod" && target.pod === state.pod
          ? words.follows
          : words.through(shortPod(state.pod));
      return { ...plain, mark: "ok", note: `${words.since(since)} · ${way}` };
    }
    case "refused":
      return {
        ...plain,
        mark: "warn",
        said: words.nothingListens(String(row.port ?? "")),
        note: words.inPod(shortPod(state.pod)),
        reason: visible(state.reason),
      };
    case "no_port":
      return {
        ...plain,
        mark: "warn",
        said: words.noPort(visible(state.port)),
        note: words.inPod(target.kind === "balancer" ? visible(state.of) : shortPod(state.of)),
      };
    case "waiting":
      return {
        mark: "rolling",
        said: state.retry_at === null ? words.reconnecting : null,
        note: words.wait[state.why],
        retryAt: state.retry_at,
        reason: state.reason ? visible(state.reason) : null,
      };
    case "taken":
      return {
        ...plain,
        mark: "danger",
        said: state.privileged
          ? words.privileged(String(row.local))
          : words.taken(String(row.local)),
        note: words.here,
      };
    case "ended":
      return {
        ...plain,
        mark: "danger",
        said: words.ended,
        note: state.lacks ? text.instance.lacks(ruleWord(state.lacks)) : visible(state.reason),
        reason: visible(state.reason),
      };
  }
}

/** Whether connections can come to it. */
export function isOpen({ state }: ForwardRow): boolean {
  return state.state !== "taken" && state.state !== "ended";
}

export function addressOf({ local }: ForwardRow): string {
  return `127.0.0.1:${local}`;
}

/** A page of the web, as the port's own name or number says how. */
export function pageOf(row: ForwardRow): string {
  const secure = /^https/.test(row.port_name) || row.port === 443 || row.port === 8443;
  return `${secure ? "https" : "http"}://${addressOf(row)}`;
}
