import type { SimulatedCore } from "~/platform/simulate";
import type { ApiError } from "~/wire/types";

/** What the frame around a page asks: without it there would be no page to look at. */
const FRAME = new Set([
  "setting_get",
  "setting_set",
  "setting_about",
  "app_list",
  "window_visible",
  "notification_show",
]);
const FRAME_FEEDS = new Set(["clusters", "changes"]);

/**
 * The story with its faults: `?wait` never answers, `?fail` answers that it can not. Both are of all calls and feeds but
 * those of the frame, or only of those they name: `?fail=balancer_list,release`.
 */
export function faulty(core: SimulatedCore, params: URLSearchParams): SimulatedCore {
  const waits = named(params.get("wait"));
  const fails = named(params.get("fail"));
  const answers = (name: string, answer: (payload: never) => unknown) => (payload: never) => {
    if (waits(name, FRAME)) return new Promise(() => {});
    if (fails(name, FRAME)) throw failure(name);
    return answer(payload);
  };
  const feeds = Object.entries(core.feeds ?? {}).map(([name, open]): [string, typeof open] => [
    name,
    (topic, send) => {
      if (waits(name, FRAME_FEEDS)) return;
      if (fails(name, FRAME_FEEDS)) throw failure(name);
      open(topic, send);
    },
  ]);
  return {
    ...core,
    calls: Object.fromEntries(
      Object.entries(core.calls ?? {}).map(([name, answer]) => [name, answers(name, answer)]),
    ),
    feeds: Object.fromEntries(feeds),
  };
}

function named(value: string | null): (name: string, frame: Set<string>) => boolean {
  if (value === null) return () => false;
  if (value === "") return (name, frame) => !frame.has(name);
  const names = new Set(value.split(","));
  return (name) => names.has(name);
}

function failure(name: string): ApiError {
  return {
    code: "unreachable",
    params: { server: "https://sh-prod.example.com:6443", reason: "i/o timeout" },
    detail: `${name}: dial tcp 10.20.0.1:6443: i/o timeout`,
    hints: ["check_address", "check_vpn"],
    retryable: true,
    fields: [],
  };
}
