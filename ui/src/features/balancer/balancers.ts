import type {
  BalancerKind,
  BalancerLive,
  BalancerPlace,
  BalancerPortDraft,
  BalancerRow,
  Endpoint,
  PlaceLive,
} from "~/wire/types";

/** A load balancer as it is stored, with what stands of it in the clusters. */
export interface Entry {
  row: BalancerRow;
  live: BalancerLive | undefined;
}

/** A cluster of a load balancer: what is stored, and what stands there. */
export interface PlaceEntry {
  place: BalancerPlace;
  live: PlaceLive | undefined;
}

export function entriesOf(
  rows: readonly BalancerRow[],
  live: ReadonlyMap<string, BalancerLive>,
): Entry[] {
  return rows.map((row) => ({ row, live: live.get(row.id) }));
}

export function placesOf({ row, live }: Entry): PlaceEntry[] {
  return row.places.map((place) => ({
    place,
    live: live?.places.find(({ link }) => link === place.link),
  }));
}

/** Whether something that is saved is not in a cluster. */
export function isPending({ place, live }: PlaceEntry): boolean {
  return place.state !== "applied" || live?.state === "absent";
}

/** What it is reached by in one cluster: from outside where it is meant to be, else by its address inside. */
export function addressesOf(live: PlaceLive | undefined, kind: BalancerKind): string[] {
  if (live?.state !== "there") return [];
  if (kind === "LoadBalancer") return live.addresses;
  if (kind === "NodePort")
    return live.ports.flatMap((port) => (port.node_port ? [String(port.node_port)] : []));
  return live.cluster_ip === null ? [] : [live.cluster_ip];
}

/** `80 → 8080`, and `8080` where both are the same. */
export function portText({ port, target }: Pick<BalancerPortDraft, "port" | "target">): string {
  const to = target.trim();
  return to === "" || to === port.trim() ? port.trim() : `${port.trim()} → ${to}`;
}

/** Those that are not on their way out. */
export function endpointsOf(places: readonly PlaceEntry[]): Endpoint[] {
  return places.flatMap(({ live }) =>
    (live?.endpoints ?? []).filter(({ terminating }) => !terminating),
  );
}

/** How many get traffic; undefined while no cluster has told. */
export function servingOf(places: readonly PlaceEntry[]): number | undefined {
  const known = places.flatMap(({ live }) => (live?.state === "there" ? [live] : []));
  if (known.length === 0) return undefined;
  return known.flatMap(({ shares }) => shares).reduce((sum, { count }) => sum + count, 0);
}

/** Since when what is shown of any cluster is not current. */
export function staleSince(places: readonly PlaceEntry[]): string | null {
  return places.flatMap(({ live }) => live?.stale_since ?? []).toSorted()[0] ?? null;
}

/** The parts of a whole in percent, which together are a hundred: what is lost by rounding goes to the largest rests. */
export function percents(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return counts.map(() => 0);
  const exact = counts.map((count) => (count * 100) / all);
  const whole = exact.map(Math.floor);
  const rest = 100 - whole.reduce((sum, part) => sum + part, 0);
  const order = exact
    .map((part, at) => ({ at, lost: part - Math.floor(part) }))
    .toSorted((a, b) => b.lost - a.lost || a.at - b.at);
  for (const { at } of order.slice(0, rest)) whole[at] = (whole[at] ?? 0) + 1;
  return whole;
}
