import type { SimulatedCore } from "~/platform/simulate";
import type { Instance, Monitor, MonitorQuery, PodSeries } from "~/wire/types";
import { ago } from "./time";

const MIB = 2 ** 20;
const POINTS = 120;

/** What the pods of a group took: the old ones evenly, the new ones from their beginning on. */
export function monitorStory(
  params: URLSearchParams,
  podsOf: (group: string) => Instance[],
): SimulatedCore {
  return {
    calls: {
      group_monitor: (query: MonitorQuery) =>
        monitorOf(query, params.has("pods") ? [] : podsOf(query.group), params.has("nometrics")),
      monitor_export: () => "/home/lihua/prod-sh-1-usage.csv",
    },
  };
}

function monitorOf({ hours, group }: MonitorQuery, pods: Instance[], missing: boolean): Monitor {
  const step = (hours * 3600) / POINTS;
  const times = Array.from({ length: POINTS }, (_, at) => ago((POINTS - at) * step));
  const moving = group === "group-prod-sh-1";
  const series = pods.map((pod, number): PodSeries => {
    const begun = Date.parse(pod.created ?? "");
    const figure = (value: number | null, part: number) =>
      times.map((time, at) => {
        if (missing || value === null || Date.parse(time) < begun) return null;
        return Math.round(
          value * (1 + part * (Math.sin(at / 9 + number) + Math.sin(at * 1.3) / 2)),
        );
      });
    return {
      pod: pod.name,
      pods: 1,
      release: pod.release ?? "",
      version: pod.version,
      new: moving && pod.release === "r28",
      cpu: figure(pod.cpu_milli ?? 20, 0.05),
      memory: figure(pod.memory_bytes ?? 40 * MIB, 0.01),
      restarts: pod.restarts,
      oom_kills: 0,
    };
  });
  return {
    times,
    to: ago(0),
    pods: series.toSorted((a, b) => Number(b.new) - Number(a.new)),
    bounds: {
      cpu_request: 200,
      cpu_limit: 500,
      memory_request: 384 * MIB,
      memory_limit: 512 * MIB,
    },
    releases: moving
      ? [
          {
            id: "release-r28",
            seq: 28,
            version: "2.14.0",
            state: "stopped",
            from: ago(8 * 60),
            to: null,
            back_to: null,
          },
        ]
      : [],
    restarts: moving
      ? [170, 120, 70, 20].map((seconds) => ({
          at: ago(seconds),
          pod: pods[0]?.name ?? "",
          count: 1,
          oom: false,
        }))
      : [],
    source: null,
    since: missing ? null : ago(hours * 3600 * 0.9),
    every_seconds: 15,
    missing: missing ? "missing" : null,
    no_prometheus: "unknown",
  };
}
