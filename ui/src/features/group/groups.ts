import type { Environment, GroupCard, GroupLive, GroupPending } from "~/wire/types";

export type Which = "all" | "pending" | "needs" | "drafts";

export interface GroupRow {
  card: GroupCard;
  live: GroupLive | undefined;
  environment: Environment | undefined;
  /** Changes that wait for a release. */
  pending: number;
  /** Keys without a value: they block its release. */
  empty: number;
}

/** The definition of two groups that is compared. */
export type Compared = "saved" | "released" | "live";

/** Where two groups stand beside each other. */
export function comparison(app: string, group: string, other: string, side: Compared = "saved") {
  return {
    to: "/app/$app/groups/$group/diff" as const,
    params: { app, group },
    search: { from: side, to: `${other}/${side}` },
  };
}

/** Groups in the order of the board: by environment, then by name. */
export function rowsOf(
  cards: readonly GroupCard[],
  live: ReadonlyMap<string, GroupLive>,
  environments: readonly Environment[],
  pending: ReadonlyMap<string, GroupPending> = new Map(),
  empty: ReadonlyMap<string, number> = new Map(),
): GroupRow[] {
  const order = (row: GroupRow) => row.environment?.order ?? Number.MAX_SAFE_INTEGER;
  return cards
    .map((card) => ({
      card,
      live: live.get(card.id),
      environment: environments.find(({ id }) => id === card.environment),
      pending: pending.get(card.id)?.changes ?? 0,
      empty: empty.get(card.id) ?? 0,
    }))
    .toSorted((a, b) => order(a) - order(b) || a.card.name.localeCompare(b.card.name, "en"));
}

/** Never released, and nothing runs. */
export function isDraft({ card, live }: GroupRow): boolean {
  return card.last_release === null && (live === undefined || live.state === "absent");
}

/** Something is not as it should be, and a person can do something about it. */
export function needsPerson({ card, live, empty }: GroupRow): boolean {
  const release = card.last_release?.state;
  return (
    card.errors > 0 ||
    empty > 0 ||
    card.link_name === null ||
    release === "stopped" ||
    release === "failed" ||
    release === "resting" ||
    live?.state === "stopped" ||
    live?.state === "degraded"
  );
}

export function isOf(which: Which, row: GroupRow): boolean {
  if (which === "all") return true;
  if (which === "pending") return row.pending > 0;
  return which === "needs" ? needsPerson(row) : isDraft(row);
}

/** Words in any order, in what the row shows. */
export function matches(filter: string, row: GroupRow, environment: string): boolean {
  const { card } = row;
  const shown = [card.name, card.note, card.link_name, environment, row.live?.version]
    .join(" ")
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => shown.includes(word));
}
