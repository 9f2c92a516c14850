import { type Feed, useFeed } from "~/data";
import type { FeedState, Instance, ReleaseView } from "~/wire/types";
import { hasEnded } from "./state";

/** The pods of a release's group, as far as they are known. */
interface PodsOfRelease {
  feed: Feed<Instance>;
  /** No pod means that there is none. */
  known: boolean;
  stale: boolean;
  /** Those that the release made. */
  fresh: Instance[];
  /** Those that it replaces. Once it is over, pods of other releases are none of them. */
  old: Instance[];
}

/** Whether no row means that there is none. */
export function isTold({ state }: FeedState): boolean {
  return state === "live" || state === "stale";
}

/** The pods of a release, while its cluster is linked. */
export function usePods(view: ReleaseView | undefined): PodsOfRelease {
  const linked = view !== undefined && view.cluster !== null;
  const feed = useFeed(linked ? { kind: "instances", group: view.row.group } : null);
  const isOf = (pod: Instance) => pod.release === view?.label;
  return {
    feed,
    known: linked && isTold(feed.state),
    stale: feed.state.state !== "live",
    fresh: view?.label ? feed.rows.filter(isOf) : [],
    old: !view || hasEnded(view.row.state) ? [] : feed.rows.filter((pod) => !isOf(pod)),
  };
}
