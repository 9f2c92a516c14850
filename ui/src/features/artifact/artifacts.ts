import type { CellState } from "~/kit";
import { cellState } from "~/kit/health";
import type { ArtifactRow, Environment, GroupCard, GroupLive, PlatformImage } from "~/wire/types";

/** Rows that are asked for in one go. */
export const PAGE = 100;
/** Tags that are looked at by one call of the core. */
export const LOOK = 40;

/** A place in the list; what stands there may not have come yet. */
export interface Slot {
  at: number;
  row: ArtifactRow | undefined;
}

/** A group that runs a tag, wholly or in part. */
export interface Running {
  group: GroupCard;
  environment: Environment | undefined;
  count: number;
  desired: number;
  cells: CellState[];
  staleSince: string | null;
}

/** What runs where, by tag. A group between two versions stands under both. */
export function runningTags(
  groups: readonly GroupCard[],
  environments: readonly Environment[],
  live: ReadonlyMap<string, GroupLive>,
): Map<string, Running[]> {
  const tags = new Map<string, Running[]>();
  const order = new Map(environments.map((one) => [one.id, one]));
  const sorted = groups.toSorted(
    (a, b) => (order.get(b.environment)?.order ?? 0) - (order.get(a.environment)?.order ?? 0),
  );
  for (const group of sorted) {
    const now = live.get(group.id);
    if (!now?.version || now.desired === 0) continue;
    const moving = now.from_version !== null && now.from_version !== now.version;
    const sides = moving
      ? [
          { version: now.version, cells: now.cells.filter((cell) => cell.new) },
          { version: now.from_version, cells: now.cells.filter((cell) => !cell.new) },
        ]
      : [{ version: now.version, cells: now.cells }];
    for (const { version, cells } of sides) {
      if (version === null || (moving && cells.length === 0)) continue;
      const running: Running = {
        group,
        environment: order.get(group.environment),
        count: moving ? cells.length : now.desired,
        desired: now.desired,
        cells: cells.map((cell) => cellState(cell, now.stale_since !== null)),
        staleSince: now.stale_since,
      };
      tags.set(version, [...(tags.get(version) ?? []), running]);
    }
  }
  return tags;
}

/** The list as places, from the pages that have come. */
export function slotsOf(
  matching: number,
  pages: ReadonlyMap<number, readonly ArtifactRow[]>,
): Slot[] {
  return Array.from({ length: matching }, (_, at) => ({
    at,
    row: pages.get(Math.floor(at / PAGE))?.[at % PAGE],
  }));
}

/** The image whose size and time stand for the tag. */
export function lookedAt(row: ArtifactRow): PlatformImage | undefined {
  return row.image?.platforms.find(({ size }) => size !== null);
}

export function platformName({ os, architecture, variant }: PlatformImage): string {
  const name = os === "linux" ? architecture : `${os}/${architecture}`;
  return variant ? `${name}/${variant}` : name;
}

/** Whether a digest names what a row stands for, or the image of one platform in it. */
export function isOf(row: ArtifactRow, digest: string): boolean {
  return (
    row.digest === digest || (row.image?.platforms.some((one) => one.digest === digest) ?? false)
  );
}

/** `sha256:8d41…f7c2` */
export function shortDigest(digest: string): string {
  return digest.length > 20 ? `${digest.slice(0, 11)}…${digest.slice(-4)}` : digest;
}
