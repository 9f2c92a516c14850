import { notifyManager, QueryClient, type QueryKey } from "@tanstack/react-query";
import { subscribe } from "~/platform";
import type { ChangeRow, NotificationRow } from "~/wire/types";
import { touches } from "./tags";

// An answer is told at once. By a timer, as is the default, it comes behind the frame that is just drawn, and needs another.
notifyManager.setScheduler(queueMicrotask);

/** What the core said an answer depends on, by the query's hash. */
const readsOf = new Map<string, string[]>();

/**
 * Tags that changed while a question had no answer yet, by the query's hash. The query library lets a first fetch run
 * on when it is invalidated, and its answer may be of before the change.
 */
const missedBy = new Map<string, Set<string>>();

export function rememberReads(client: QueryClient, key: QueryKey, reads: string[]): void {
  const query = client.getQueryCache().find({ queryKey: key, exact: true });
  if (query) readsOf.set(query.queryHash, reads);
}

/** The cache of answers. Nothing in it goes stale by time: the core says when something changed. */
export function createClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  client.getQueryCache().subscribe((event) => {
    const { queryHash, queryKey } = event.query;
    if (event.type === "removed") {
      readsOf.delete(queryHash);
      missedBy.delete(queryHash);
    }
    if (event.type !== "updated") return;
    const { type } = event.action;
    if (type !== "success" && type !== "error") return;
    const missed = missedBy.get(queryHash);
    missedBy.delete(queryHash);
    if (missed && readAny(queryHash, missed)) {
      void client.invalidateQueries({ queryKey, exact: true });
    }
  });
  return client;
}

/**
 * Refetches what read a tag, whenever it changes, in this window or another. What is asked once it has `begun` misses
 * no change; what was asked before is asked again.
 */
export function followChanges(client: QueryClient): { begun: Promise<void>; end: () => void } {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  // Without the feed answers are only as fresh as their question: then ask again when the window is shown.
  let deaf = false;
  const onShow = () => {
    if (deaf && !document.hidden) void client.invalidateQueries();
  };
  document.addEventListener("visibilitychange", onShow);
  const end = subscribe(
    { kind: "changes" },
    {
      onMessage: (message) => {
        deaf = false;
        // A snapshot begins the feed, also after a gap: changes before it may have been missed.
        const changed =
          message.kind === "snapshot"
            ? ["*"]
            : (message.upserts as ChangeRow[]).map((change) => change.tag);
        invalidate(client, new Set(changed));
        begin();
      },
      onError: () => {
        deaf = true;
        begin();
      },
    },
  );
  return {
    begun,
    end: () => {
      end();
      document.removeEventListener("visibilitychange", onShow);
    },
  };
}

function invalidate(client: QueryClient, tags: ReadonlySet<string>): void {
  if (tags.size === 0) return;
  void client.invalidateQueries({
    predicate: ({ queryHash, state }) => {
      if (state.data === undefined && state.fetchStatus !== "idle") {
        missedBy.set(queryHash, new Set([...(missedBy.get(queryHash) ?? []), ...tags]));
      }
      return readAny(queryHash, tags);
    },
  });
}

/**
 * Whether what a query read has changed. What it reads is known from its first answer on. When changes were missed, also
 * what reads nothing that is told of is asked again.
 */
function readAny(queryHash: string, tags: ReadonlySet<string>): boolean {
  if (tags.has("*")) return true;
  const reads = readsOf.get(queryHash);
  return !reads || reads.some((read) => [...tags].some((tag) => touches(tag, read)));
}

/** Hears of what a person who looks elsewhere should be told, from now on. Returns the end of it. */
export function followNotifications(onNews: (news: NotificationRow) => void): () => void {
  return subscribe(
    { kind: "notifications" },
    {
      onMessage: (message) => {
        // None is kept by the core: what a feed begins with is news as well.
        const news = message.kind === "snapshot" ? message.rows : message.upserts;
        for (const one of news as NotificationRow[]) onNews(one);
      },
      // Nobody is told then; what happened stands on its page.
      onError: () => {},
    },
  );
}
