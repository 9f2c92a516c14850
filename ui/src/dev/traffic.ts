import type { NoPrometheus, ReleaseTraffic, ReleaseView, TrafficPoint } from "~/wire/types";
import { usageOf } from "./usage";

const KIB = 2 ** 10;

/** What goes to and from the story's pods around a release: requests move over to the new version batch by batch. */
export function trafficOf(view: ReleaseView, missing: NoPrometheus | null): ReleaseTraffic {
  const { group, points } = usageOf(view, null);
  const all = view.count;
  const told = points.map((point, step): TrafficPoint => {
    const wave = Math.sin(step / 4) * 3 + Math.sin(step * 1.3);
    const share = point.new ? point.pods / all : 1;
    const requests = (320 + wave * 12) * share;
    return {
      at: point.at,
      new: point.new,
      traffic: {
        receive: Math.round((46 + wave) * KIB * (point.new ? 0.97 : 1)),
        transmit: Math.round((118 + wave * 2) * KIB * (point.new ? 0.82 : 1)),
        requests_milli: Math.round(requests * 1000),
        errors_permille: point.new ? 2 : 3,
      },
    };
  });
  return {
    group,
    points: missing === null ? told : [],
    source: missing === null ? "monitoring/prometheus:9090" : null,
    requests: missing === null ? "http_requests_total" : null,
    known: ["http_requests_total", "http_server_requests_seconds_count"],
    missing,
  };
}
