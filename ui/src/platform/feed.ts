import { Channel, invoke } from "@tauri-apps/api/core";
import type { FeedMessage, FeedRows, Topic } from "~/wire/types";
import { CallError } from "./error";

/** The row of a topic. */
export type RowOf<T extends Topic> = T["kind"] extends keyof FeedRows ? FeedRows[T["kind"]] : never;

export interface FeedHandlers {
  /** A snapshot first, then deltas without gaps; after a gap a snapshot again. */
  onMessage: (message: FeedMessage) => void;
  /** The feed could not be opened. */
  onError: (error: CallError) => void;
}

/** Live rows of a topic. The returned function ends the feed and the work behind it. */
export function subscribe(topic: Topic, { onMessage, onError }: FeedHandlers): () => void {
  let close = () => {};
  let ended = false;

  const open = () => {
    let gone = false;
    let last: number | null = null;
    const channel = new Channel<FeedMessage>();
    channel.onmessage = (message) => {
      if (gone) return;
      const follows = message.kind === "snapshot" || (last !== null && message.seq === last + 1);
      if (!follows) {
        // Something is missing: only a new snapshot can be trusted.
        close();
        open();
        return;
      }
      last = message.seq;
      onMessage(message);
    };
    const opened = invoke<number>("feed_open", { topic, channel });
    opened.catch((thrown: unknown) => {
      if (!gone) onError(CallError.from(thrown));
    });
    close = () => {
      gone = true;
      // A feed that never opened, or is gone already, needs no closing.
      void opened.then((id) => invoke("feed_close", { id })).catch(() => {});
    };
  };

  open();
  return () => {
    if (ended) return;
    ended = true;
    close();
  };
}
