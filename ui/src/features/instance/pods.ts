import type { Catalogue, Format } from "~/i18n";
import { visible } from "~/kit";
import type { Exit, Instance, VersionShare } from "~/wire/types";

/** The version as it is told apart: with the release's number where both sides have the same one. */
export function shareName(
  share: VersionShare,
  all: readonly VersionShare[],
  text: Catalogue,
): string {
  const twice = all.some((other) => other !== share && other.version === share.version);
  return twice && share.release
    ? text.instance.versionAs(share.version, share.release)
    : share.version;
}

/** How a container ended: `exit 137, OOM killed, 3 min ago`. Words that say no more than the code are left out. */
export function exitWords(exit: Exit, now: Date, text: Catalogue, format: Format): string {
  const words = text.instance;
  const reason = exit.reason === "OOMKilled" ? words.oomKilled : exit.reason;
  const parts = [
    words.exitCode(String(exit.code)),
    ["", "Error", "Completed"].includes(exit.reason) ? null : visible(reason),
    exit.finished ? format.relative(exit.finished, now) : null,
  ];
  return parts.filter(Boolean).join(words.comma);
}

/** How a pod is, as the one sentence that leads its drawer. From facts alone. */
export function podSentence(pod: Instance, now: Date, text: Catalogue, format: Format): string {
  const say = text.instance.sentence;
  const code = pod.reason?.code ?? pod.last_exit?.code ?? null;
  switch (pod.health) {
    case "ok":
      return pod.ready_since ? say.ok(format.dateTime(pod.ready_since, now)) : say.okNoTime;
    case "progress":
      return pod.status === "Terminating" ? say.terminating : say.progress;
    case "warn":
      return code !== null && pod.last_exit?.finished
        ? say.warn(String(code), format.relative(pod.last_exit.finished, now))
        : say.warnBare;
    case "danger":
      return code !== null && pod.restarts > 0
        ? say.crash(String(code), format.number(pod.restarts))
        : say.danger;
    case "done":
      return say.done;
    case "unknown":
      return say.unknown;
  }
}

/** A length of time in its largest unit only, for a column. */
export function age(since: string, now: Date, format: Format): string {
  const ms = Math.max(0, now.getTime() - new Date(since).getTime());
  const unit = [86_400_000, 3_600_000, 60_000, 1_000].find((size) => ms >= size) ?? 1_000;
  return format.duration(Math.floor(ms / unit) * unit);
}
