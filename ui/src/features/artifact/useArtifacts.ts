import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useCall, useCalls, useOrder } from "~/data";
import type { ArtifactPage, ArtifactQuery, ArtifactRow } from "~/wire/types";
import { LOOK, PAGE, type Slot, slotsOf } from "./artifacts";

/** A list that was read longer ago is read anew when somebody opens it. */
const FRESH_MS = 60_000;
/** How long scrolling rests before what is in sight is looked at. */
const REST_MS = 150;

type Asked = Omit<ArtifactQuery, "offset" | "limit">;

/** The pages in sight of a list, asked for as they are seen, and what their tags lead to. */
export function useArtifacts(asked: Asked) {
  const key = JSON.stringify(asked);
  const [seen, setSeen] = useState<{ key: string; pages: number[] }>({ key, pages: [] });
  const beyond = seen.key === key ? seen.pages : [];
  const first = useCall("artifact_list", { ...asked, offset: 0, limit: PAGE }, { keep: true });
  const others = useCalls(
    "artifact_list",
    beyond.map((page) => ({ ...asked, offset: page * PAGE, limit: PAGE })),
  );
  const pages = new Map<number, readonly ArtifactRow[]>();
  if (first.data) pages.set(0, first.data.rows);
  for (const [at, page] of beyond.entries()) {
    const rows = others[at]?.rows;
    if (rows) pages.set(page, rows);
  }
  const slots = slotsOf(first.data?.matching ?? 0, pages);
  const look = useLook(asked.app, first.data, slots);
  const onSeen = (at: number) => {
    const page = Math.floor(at / PAGE);
    look.see(at);
    if (page === 0 || beyond.includes(page)) return;
    setSeen((last) => {
      const now = last.key === key ? last.pages : [];
      return now.includes(page) ? last : { key, pages: [...now, page] };
    });
  };
  return { query: first, slots, onSeen, error: look.error };
}

/** Asks what tags lead to once they are in sight, each once after the list was read; not any more once one failed. */
function useLook(app: string, list: ArtifactPage | undefined, slots: readonly Slot[]) {
  const order = useOrder("artifact_look", { quiet: true });
  const inSight = useRef(new Set<number>());
  const asked = useRef({ read: "", tags: new Set<string>() });
  const [round, setRound] = useState(0);

  const step = useEffectEvent(() => {
    const read = list?.read ?? "";
    if (read === "" || order.pending) return;
    if (asked.current.read !== read) {
      asked.current = { read, tags: new Set() };
      order.reset();
    } else if (order.error) return;
    const tags: string[] = [];
    for (const at of inSight.current) {
      const row = slots[at]?.row;
      if (!row) continue;
      inSight.current.delete(at);
      if (row.gone || asked.current.tags.has(row.tag)) continue;
      if (row.looked !== null && row.looked >= read) continue;
      tags.push(row.tag);
      if (tags.length === LOOK) break;
    }
    if (tags.length === 0) return;
    for (const tag of tags) asked.current.tags.add(tag);
    void order.run({ app, tags }).then(() => setRound((last) => last + 1));
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these brings rows that were not looked at
  useEffect(() => {
    const timer = setTimeout(step, REST_MS);
    return () => clearTimeout(timer);
  }, [round, list, slots.length]);

  return {
    error: order.error,
    see: (at: number) => {
      inSight.current.add(at);
      setRound((last) => last + 1);
    },
  };
}

/** Reads the list of tags when it is old, and when asked to. */
export function useRefresh(app: string, list: ArtifactPage | undefined) {
  const order = useOrder("artifact_refresh", { quiet: true });
  const begun = useRef("");
  const open = useEffectEvent(() => {
    if (!list?.repository || begun.current === list.repository) return;
    begun.current = list.repository;
    const age = list.read === null ? Infinity : Date.now() - new Date(list.read).getTime();
    if (age > FRESH_MS) void order.run(app);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another repository is another list
  useEffect(() => open(), [list?.repository]);
  return order;
}
