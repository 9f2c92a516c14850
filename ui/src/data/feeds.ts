import { useState, useSyncExternalStore } from "react";
import { type RowOf, subscribe } from "~/platform";
import type { FeedState, Topic } from "~/wire/types";

interface FeedRow {
  id: string;
}

export interface Feed<Row> {
  rows: Row[];
  byId: ReadonlyMap<string, Row>;
  state: FeedState;
  /** When the rows were last known to be true; null before the first list. */
  asOf: string | null;
  /** Asks again from the beginning. */
  retry: () => void;
}

/**
 * Tells those who look at feeds, all that changed at once and once a frame at most: a page that takes longer to draw than
 * changes take to come would fall behind for ever. What comes after a quiet time is told at once.
 */
class Teller {
  private open = true;
  private readonly waiting = new Set<() => void>();

  tell(told: () => void): void {
    this.waiting.add(told);
    if (this.open) this.tellAll();
  }

  private tellAll(): void {
    const all = [...this.waiting];
    this.waiting.clear();
    this.open = false;
    afterFrame(() => {
      this.open = true;
      if (this.waiting.size > 0) this.tellAll();
    });
    for (const told of all) told();
  }
}

const teller = new Teller();
/** How long a window that draws nothing is waited for, ms: one that is hidden. */
const UNSEEN = 200;

function afterFrame(then: () => void): void {
  const done = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    then();
  };
  const frame = requestAnimationFrame(done);
  const timer = setTimeout(done, UNSEEN);
}

/** One subscription, shared by all who look at the same topic. */
class LiveRows<Row extends FeedRow> {
  private feed: Feed<Row>;
  private rows = new Map<string, Row>();
  private end: (() => void) | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly topic: Topic,
    private readonly key: string,
  ) {
    this.feed = {
      rows: [],
      byId: this.rows,
      state: { state: "loading" },
      asOf: null,
      retry: () => this.restart(),
    };
  }

  read = (): Feed<Row> => this.feed;

  listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (!this.end) {
      live.set(this.key, this as unknown as LiveRows<FeedRow>);
      this.open();
    }
    return () => {
      this.listeners.delete(listener);
      // A page that is left and entered in one go keeps its feed.
      queueMicrotask(() => {
        if (this.listeners.size > 0 || !this.end) return;
        this.end();
        this.end = null;
        if ((live.get(this.key) as unknown) === this) live.delete(this.key);
      });
    };
  };

  private restart(): void {
    this.end?.();
    this.open();
  }

  private open(): void {
    this.end = subscribe(this.topic, {
      onMessage: (message) => {
        const rows =
          message.kind === "snapshot"
            ? new Map((message.rows as Row[]).map((row) => [row.id, row]))
            : new Map(this.rows);
        if (message.kind === "delta") {
          for (const id of message.removes) rows.delete(id);
          for (const row of message.upserts as Row[]) rows.set(row.id, row);
        }
        this.rows = rows;
        this.set({
          rows: [...rows.values()],
          byId: rows,
          state: message.state,
          // A failure before anything was known is of no time.
          asOf: message.state.state === "error" && rows.size === 0 ? null : message.as_of,
        });
      },
      // Rows known before stay readable.
      onError: (error) => this.set({ state: { state: "error", error } }),
    });
  }

  private set(change: Partial<Feed<Row>>): void {
    this.feed = { ...this.feed, ...change };
    teller.tell(this.told);
  }

  private told = (): void => {
    for (const listener of this.listeners) listener();
  };
}

const live = new Map<string, LiveRows<FeedRow>>();

function rowsOf(topic: Topic, key: string): LiveRows<FeedRow> {
  let found = live.get(key);
  if (!found) {
    found = new LiveRows<FeedRow>(topic, key);
    live.set(key, found);
  }
  return found;
}

const nothing: Feed<never> = {
  rows: [],
  byId: new Map<string, never>(),
  state: { state: "loading" },
  asOf: null,
  retry: () => {},
};
const noListen = () => () => {};
const readNothing = () => nothing;

/** Several subscriptions as one; what is read stays the same while none of them is told anything. */
class SeveralRows {
  private feeds: Feed<FeedRow>[] = [];

  constructor(private readonly all: readonly LiveRows<FeedRow>[]) {}

  read = (): Feed<FeedRow>[] => {
    const now = this.all.map((one) => one.read());
    const same =
      now.length === this.feeds.length && now.every((feed, at) => feed === this.feeds[at]);
    if (!same) this.feeds = now;
    return this.feeds;
  };

  listen = (listener: () => void): (() => void) => {
    const ends = this.all.map((one) => one.listen(listener));
    return () => {
      for (const end of ends) end();
    };
  };
}

/** The feeds of several topics, in their order. */
export function useFeeds<T extends Topic>(topics: readonly T[]): Feed<RowOf<T>>[] {
  const key = JSON.stringify(topics);
  const [source, setSource] = useState<{ key: string; rows: SeveralRows } | null>(null);
  let rows = source?.key === key ? source.rows : undefined;
  if (!rows) {
    rows = new SeveralRows(topics.map((topic) => rowsOf(topic, JSON.stringify(topic))));
    setSource({ key, rows });
  }
  return useSyncExternalStore(rows.listen, rows.read as () => Feed<RowOf<T>>[]);
}

/** Live rows by id with their honest state. A topic of null is not subscribed. */
export function useFeed<T extends Topic>(topic: T | null): Feed<RowOf<T>> {
  const key = topic === null ? null : JSON.stringify(topic);
  const [source, setSource] = useState<{ key: string; rows: LiveRows<FeedRow> } | null>(null);
  let rows = source?.key === key ? source?.rows : undefined;
  if (topic !== null && key !== null && !rows) {
    rows = rowsOf(topic, key);
    setSource({ key, rows });
  }
  return useSyncExternalStore(
    rows?.listen ?? noListen,
    (rows?.read ?? readNothing) as () => Feed<RowOf<T>>,
  );
}
