import { useQueryClient } from "@tanstack/react-query";
import { ask, useCall } from "~/data";
import type { Settings } from "~/wire/types";

/** What holds until the core has answered. */
const first: Settings = {
  language: "system",
  theme: "system",
  display_name: "",
  last_route: "",
  pinned: [],
  sidebar_rail: false,
  muted: [],
  log_size: "1 GiB",
};

/** Writes follow one another: each carries all settings, and an older one must not overtake. */
let writes: Promise<unknown> = Promise.resolve();

/** What the person set; a change holds at once and is written behind. */
export function useSettings() {
  const query = useCall("setting_get", null);
  const client = useQueryClient();
  const key = ["setting_get", null] as const;
  const change = (part: Partial<Settings>): Promise<void> => {
    const next = { ...first, ...client.getQueryData<Settings>(key), ...part };
    client.setQueryData(key, next);
    const write = writes.then(() => ask("setting_set", next)).then(() => {});
    writes = write.catch(() => client.invalidateQueries({ queryKey: key }));
    return write;
  };
  return {
    settings: query.data ?? first,
    known: query.data !== undefined,
    /** Known, or not to be had: then what stands above holds. */
    settled: query.data !== undefined || query.isError,
    change,
  };
}
