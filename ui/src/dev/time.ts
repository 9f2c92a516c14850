import type { FeedMessage } from "~/wire/types";

const now = Date.now();

/** So many seconds before the story was opened. */
export function ago(seconds: number): string {
  return new Date(now - seconds * 1000).toISOString();
}

/** All rows of a feed, live, or as they were known before the cluster went away. */
export function snapshot(rows: unknown[], staleSince?: string): FeedMessage {
  return {
    kind: "snapshot",
    seq: 0,
    rows,
    as_of: staleSince ?? new Date().toISOString(),
    state: staleSince
      ? {
          state: "stale",
          since: staleSince,
          retry_at: new Date(Date.now() + 8_000).toISOString(),
          reason: "sh-prod: i/o timeout",
        }
      : { state: "live" },
  };
}
