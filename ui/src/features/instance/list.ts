import { useState } from "react";
import { type Feed, useFeed } from "~/data";
import type {
  Health,
  InstanceLine,
  InstanceQuery,
  InstanceRow,
  InstanceSort,
  InstanceSummary,
} from "~/wire/types";

/** Rows are asked for in steps of this many, with as many before and behind those in sight. */
const STEP = 50;

export interface Order {
  key: InstanceSort;
  descending: boolean;
}

export interface ListFilter {
  text: string;
  health: string | undefined;
  share: string | undefined;
  order: Order | undefined;
}

const sorts: InstanceSort[] = [
  "status",
  "pod",
  "version",
  "ready",
  "restarts",
  "cpu",
  "memory",
  "node",
  "ip",
  "age",
];
const healths: Health[] = ["ok", "progress", "warn", "danger", "done", "unknown"];

/** An order as it stands in the address: `cpu`, or `-cpu` from the highest down. */
export function orderOf(word: string | undefined): Order | undefined {
  const descending = word?.startsWith("-") ?? false;
  const key = sorts.find((sort) => sort === (descending ? word?.slice(1) : word));
  return key ? { key, descending } : undefined;
}

/** What a press of a header makes of an order: up, down, and as it was. Figures begin with the highest. */
export function nextOrder(order: Order | undefined, pressed: string): string | undefined {
  const figure = ["restarts", "cpu", "memory", "age"].includes(pressed);
  const [first, second] = figure ? [`-${pressed}`, pressed] : [pressed, `-${pressed}`];
  if (order?.key !== pressed) return first;
  return order.descending === figure ? second : undefined;
}

/** The part of a list to ask for while these rows are in sight. */
export function partOf(first: number, last: number): { from: number; most: number } {
  const from = Math.max(0, Math.floor(first / STEP) * STEP - STEP);
  return { from, most: Math.ceil((last + 1 - from) / STEP) * STEP + STEP };
}

export interface InstanceList {
  feed: Feed<InstanceLine>;
  summary: InstanceSummary | undefined;
  /** Those held, in their order. */
  rows: InstanceRow[];
  /** These are in sight now. */
  onRange: (first: number, last: number) => void;
}

/** Pods of a group as the core sorts and filters them: a summary of all, and the rows in sight. */
export function useInstanceList(group: string | null, filter: ListFilter): InstanceList {
  const [part, setPart] = useState(partOf(0, STEP));
  const query: InstanceQuery = {
    text: filter.text,
    health: healths.find((health) => health === filter.health) ?? null,
    share: filter.share ?? null,
    sort: filter.order?.key ?? null,
    descending: filter.order?.descending ?? false,
    ...part,
  };
  const asked = useFeed(group === null ? null : { kind: "instance_list", group, query });
  // Until another part has come, what was known of the group stays.
  const [known, setKnown] = useState({ group, feed: asked });
  const waits = asked.state.state === "loading" && asked.rows.length === 0;
  if (!waits && known.feed !== asked) setKnown({ group, feed: asked });
  const feed = waits && known.group === group && known.feed.rows.length > 0 ? known.feed : asked;

  const rows = feed.rows
    .flatMap((line) => (line.kind === "pod" ? [line] : []))
    .sort((a, b) => a.at - b.at);
  return {
    feed,
    summary: feed.rows.find((line) => line.kind === "summary"),
    rows,
    onRange: (first, last) => {
      const next = partOf(first, last);
      if (next.from !== part.from || next.most !== part.most) setPart(next);
    },
  };
}
