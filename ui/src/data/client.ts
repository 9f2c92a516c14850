import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { subscribe } from "~/platform";
import type { ChangeRow, Notification } from "~/wire/types";
import { touches } from "./tags";

/** What the core said an answer depends on, by the query's hash. */
const readsOf = new Map<string, string[]>();

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
    if (event.type === "removed") readsOf.delete(event.query.queryHash);
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
        if (message.kind === "snapshot") void client.invalidateQueries();
        else invalidate(client, message.upserts as ChangeRow[]);
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

function invalidate(client: QueryClient, changes: ChangeRow[]): void {
  const tags = [...new Set(changes.map((change) => change.tag))];
  if (tags.length === 0) return;
  void client.invalidateQueries({
    predicate: (query) => {
      const reads = readsOf.get(query.queryHash);
      // Asked but not answered yet: nobody knows what it reads.
      if (!reads) return true;
      return reads.some((read) => tags.some((tag) => touches(tag, read)));
    },
  });
}

/** Hears of what a person who looks elsewhere should be told, from now on. Returns the end of it. */
export function followNotifications(onNews: (news: Notification) => void): () => void {
  return subscribe(
    { kind: "notifications" },
    {
      onMessage: (message) => {
        // None is kept by the core: what a feed begins with is news as well.
        const news = message.kind === "snapshot" ? message.rows : message.upserts;
        for (const one of news as Notification[]) onNews(one);
      },
      // Nobody is told then; what happened stands on its page.
      onError: () => {},
    },
  );
}
