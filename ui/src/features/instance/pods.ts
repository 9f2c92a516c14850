import type { Catalogue, Format } from "~/i18n";
import { visible } from "~/kit";
import type { Health, Instance, ReleaseRow } from "~/wire/types";

/** Pods of one version, or of one release where two releases have the same image. */
export interface VersionShare {
  key: string;
  version: string;
  release: string | null;
  role: "old" | "new";
  pods: Instance[];
  ready: number;
}

/**
 * Template label of the pods a release is bringing in, while it is not over. Null when nothing moves: then no version
 * is a new one.
 */
export function movingLabel(release: ReleaseRow | null | undefined): string | null {
  if (!release || release.seq === null) return null;
  const under = ["moving", "resting", "stopped"].includes(release.state);
  return under ? `r${release.seq}` : null;
}

export function isNew(pod: Instance, moving: string | null): boolean {
  return moving !== null && pod.release === moving;
}

const healthRank: Record<Health, number> = {
  danger: 0,
  unknown: 1,
  warn: 2,
  progress: 3,
  ok: 3,
  done: 4,
};

/** What fails on top, then new before old, then by name: a row keeps its place while nothing changes. */
export function sortPods(pods: readonly Instance[], moving: string | null): Instance[] {
  return pods.toSorted(
    (a, b) =>
      healthRank[a.health] - healthRank[b.health] ||
      Number(isNew(b, moving)) - Number(isNew(a, moving)) ||
      a.name.localeCompare(b.name, "en"),
  );
}

/** The split by version, new ones first. */
export function byVersion(pods: readonly Instance[], moving: string | null): VersionShare[] {
  const shares = new Map<string, VersionShare>();
  for (const pod of pods) {
    const role = isNew(pod, moving) ? "new" : "old";
    const key = role === "new" ? `${pod.version}+` : pod.version;
    let share = shares.get(key);
    if (!share) {
      share = { key, version: pod.version, release: pod.release, role, pods: [], ready: 0 };
      shares.set(key, share);
    }
    share.pods.push(pod);
    if (pod.ready) share.ready++;
  }
  return [...shares.values()].toSorted(
    (a, b) => Number(b.role === "new") - Number(a.role === "new"),
  );
}

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

/** How many pods are in each state, worst first, without the states that none is in. */
export function byHealth(pods: readonly Instance[]): { health: Health; count: number }[] {
  const order: Health[] = ["danger", "unknown", "warn", "progress", "ok", "done"];
  return order
    .map((health) => ({ health, count: pods.filter((pod) => pod.health === health).length }))
    .filter(({ count }) => count > 0);
}

export interface PodFilter {
  text?: string | undefined;
  health?: string | undefined;
  version?: string | undefined;
}

/** Every word of the text must occur in the pod's name, node, address, version or status. */
export function filterPods(
  pods: readonly Instance[],
  filter: PodFilter,
  moving: string | null,
): Instance[] {
  const words = (filter.text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return pods.filter((pod) => {
    if (filter.health && pod.health !== filter.health) return false;
    const key = isNew(pod, moving) ? `${pod.version}+` : pod.version;
    if (filter.version && key !== filter.version) return false;
    const hay = [pod.name, pod.node, pod.ip, pod.version, pod.status].join(" ").toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** The status word: ours where there is one, else kubectl's own. */
export function statusWord(status: string, stale: boolean, text: Catalogue): string {
  const own = (text.instance.status as Record<string, string | undefined>)[status];
  if (!stale) return own ?? visible(status);
  return own ? text.instance.was(own) : text.instance.wasAsIs(visible(status));
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
