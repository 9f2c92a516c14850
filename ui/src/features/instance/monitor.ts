import type { Bound, ChartSeries, Layer } from "~/kit";
import type { Monitor, PodSeries, ReleaseMark } from "~/wire/types";

export type Measure = "cpu" | "memory";

/** Hours that can be looked back on. */
export const SPANS = ["1", "3", "12", "24", "168"] as const;
export type Span = (typeof SPANS)[number];

export function spanOf(word: string | undefined): Span {
  return SPANS.find((span) => span === word) ?? "3";
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** The unit of an axis: cores or millicores, GiB or MiB, so that its numbers are short. */
export function unitOf(measure: Measure, highest: number): number {
  if (measure === "cpu") return highest >= 1000 ? 1000 : 1;
  return highest >= GIB ? GIB : MIB;
}

function valuesOf(pod: PodSeries, measure: Measure): (number | null)[] {
  return measure === "cpu" ? pod.cpu : pod.memory;
}

/** What all of them take together at one time; null where nothing is known of any. */
export function sumAt(pods: readonly PodSeries[], measure: Measure, at: number): number | null {
  const known = pods.flatMap((pod) => valuesOf(pod, measure)[at] ?? []);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null;
}

export function sumsOf({ times }: Monitor, pods: readonly PodSeries[], measure: Measure) {
  return times.map((_, at) => sumAt(pods, measure, at));
}

/** Old ones at the ground, so that what comes and goes lies on top. */
export function layersOf(pods: readonly PodSeries[], measure: Measure, unit: number): Layer[] {
  return pods.toReversed().map((pod) => ({
    key: `${pod.release}/${pod.pod}`,
    tone: pod.new ? ("new" as const) : ("old" as const),
    values: valuesOf(pod, measure).map((value) => (value === null ? null : value / unit)),
  }));
}

/** How many pods had a figure at one time. */
export function podsAt(pods: readonly PodSeries[], at: number): number {
  return pods
    .filter((pod) => (pod.cpu[at] ?? pod.memory[at] ?? null) !== null)
    .reduce((sum, pod) => sum + pod.pods, 0);
}

/** Requests and limits of so many pods. */
export function boundsOf(
  { bounds }: Monitor,
  measure: Measure,
  pods: number,
  unit: number,
  say: (kind: Bound["kind"], amount: number) => string,
): Bound[] {
  const [request, limit] =
    measure === "cpu"
      ? [bounds.cpu_request, bounds.cpu_limit]
      : [bounds.memory_request, bounds.memory_limit];
  return [
    { kind: "request" as const, amount: request },
    { kind: "limit" as const, amount: limit },
  ].flatMap(({ kind, amount }) =>
    amount === null || pods === 0
      ? []
      : [{ kind, value: (amount * pods) / unit, label: say(kind, amount * pods) }],
  );
}

/** Pods of one version, the newest version first. */
export interface OfVersion {
  key: string;
  name: string;
  new: boolean;
  pods: PodSeries[];
}

export function byVersion(pods: readonly PodSeries[]): OfVersion[] {
  const found = new Map<string, OfVersion>();
  for (const pod of pods) {
    const name = pod.version || pod.release;
    const key = `${name}${pod.new ? "+" : ""}`;
    const of = found.get(key) ?? { key, name, new: pod.new, pods: [] };
    of.pods.push(pod);
    found.set(key, of);
  }
  return [...found.values()];
}

/** Lines that can be told apart beside each other. */
const LINES = 3;

/** What a pod of each version took on average. */
export function averagesOf(
  { times }: Monitor,
  pods: readonly PodSeries[],
  measure: Measure,
  unit: number,
): ChartSeries[] {
  return byVersion(pods)
    .slice(0, LINES)
    .map(({ name, new: isNew, pods: of }) => ({
      name,
      tone: isNew ? "new" : "old",
      values: times.map((_, at) => {
        const sum = sumAt(of, measure, at);
        const count = of
          .filter((pod) => (valuesOf(pod, measure)[at] ?? null) !== null)
          .reduce((all, pod) => all + pod.pods, 0);
        return sum === null ? null : sum / count / unit;
      }),
    }));
}

export interface Figures {
  now: number | null;
  mean: number | null;
  most: number | null;
}

export function figuresOf(pod: PodSeries, measure: Measure): Figures {
  const values = valuesOf(pod, measure);
  const known = values.filter((value) => value !== null);
  return {
    // The stretch of now has often no figure yet.
    now: values.slice(-2).findLast((value) => value !== null) ?? null,
    mean: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null,
    most: known.length > 0 ? Math.max(...known) : null,
  };
}

/** Place of a time on an axis from `from` to `to`, as a share; kept within it. */
export function shareOf(at: string, from: number, to: number): number {
  return Math.min(1, Math.max(0, (Date.parse(at) - from) / Math.max(1, to - from)));
}

/** From when to when a release moved within the picture; one that has not ended moves still. */
export function spanOfRelease(release: ReleaseMark, from: number, to: number) {
  const begin = shareOf(release.from, from, to);
  const end = release.to === null ? 1 : shareOf(release.to, from, to);
  return { begin, end: Math.max(begin + 0.004, end) };
}
