import type { Catalogue, Format } from "~/i18n";
import { type MarkState, visible } from "~/kit";
import type { ClusterLive, ContextRow, Grant, SessionState } from "~/wire/types";

const DAY = 86_400_000;
/** From this many days before its end on, an access is warned of. */
const WARN_DAYS = 14;

const marks: Record<SessionState["state"], MarkState> = {
  connecting: "rolling",
  ready: "ok",
  degraded: "warn",
  unreachable: "stale",
  sign_in_needed: "warn",
};

export function sessionMark(session: SessionState | undefined): MarkState {
  return session ? marks[session.state] : "idle";
}

/** Since when and until when: what belongs to the state word, as far as the session says it. */
export function sessionFacts(
  live: ClusterLive | undefined,
  now: Date,
  text: Catalogue,
  format: Format,
): string {
  const session = live?.session;
  if (!session) return "";
  switch (session.state) {
    case "unreachable":
      return session.retry_at
        ? text.cluster.sinceRetrying(
            format.dateTime(session.since, now),
            format.relative(session.retry_at, now),
          )
        : text.cluster.since(format.dateTime(session.since, now));
    case "degraded":
      return text.cluster.since(format.dateTime(session.since, now));
    default:
      return "";
  }
}

export type Expiry =
  | { kind: "none" }
  | { kind: "ended"; at: string }
  | { kind: "soon"; at: string; days: number }
  | { kind: "later"; at: string; days: number };

/** How long an access lasts; whole days, the last one counts as one. */
export function expiryOf(expires: string | null, now: Date): Expiry {
  if (expires === null) return { kind: "none" };
  const left = new Date(expires).getTime() - now.getTime();
  if (Number.isNaN(left)) return { kind: "none" };
  if (left <= 0) return { kind: "ended", at: expires };
  const days = Math.ceil(left / DAY);
  return { kind: days < WARN_DAYS ? "soon" : "later", at: expires, days };
}

/** Not every feature is meant for everybody: these may be missing without anything being wrong. */
export function isOptional(grant: Grant): boolean {
  return grant.feature === "nodes" || grant.feature === "members";
}

export function grantMark(grant: Grant): MarkState {
  if (grant.allowed) return "ok";
  return isOptional(grant) ? "aborted" : "warn";
}

/** How a context signs in, said before anything is run. */
export function saySignIn(context: ContextRow, text: Catalogue, format: Format): string {
  const words = text.cluster.dialog.signInWith;
  const way = context.sign_in;
  switch (way.kind) {
    case "certificate":
      return way.expires ? words.certificateUntil(format.date(way.expires)) : words.certificate;
    case "exec":
      return words.exec(visible(way.command));
    case "oidc":
      return words.oidc(visible(way.issuer));
    default:
      return words[way.kind];
  }
}

/** The program of a context and its arguments, as it would be run. */
export function commandLine(command: string, args: readonly string[]): string {
  return [command, ...args]
    .map((part) => (/^[\w./:=@%+,-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`))
    .map(visible)
    .join(" ");
}

/** Both ends of a fingerprint; the whole is copied and stands in the title. */
export function shortFingerprint(fingerprint: string): string {
  const pairs = fingerprint.split(":");
  return pairs.length <= 10
    ? fingerprint
    : `${pairs.slice(0, 5).join(":")} … ${pairs.slice(-3).join(":")}`;
}
