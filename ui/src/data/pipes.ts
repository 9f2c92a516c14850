import { useEffect, useEffectEvent, useState } from "react";
import { type CallError, openPipe, type PipeHandlers } from "~/platform";
import type { PipeTopic } from "~/wire/types";

export type PipeState =
  | { state: "open" }
  | { state: "ended" }
  | { state: "failed"; error: CallError };

/**
 * Bytes or lines of a topic while the component stands. A callback's promise says when a piece is consumed; only then
 * more is sent. A topic of null is not opened.
 */
export function usePipe(topic: PipeTopic | null, handlers: Omit<PipeHandlers, "onEnd">): PipeState {
  const key = topic === null ? null : JSON.stringify(topic);
  const [ended, setEnded] = useState<{ key: string; error: CallError | null } | null>(null);
  const onBytes = useEffectEvent((bytes: Uint8Array) => handlers.onBytes?.(bytes));
  const onLines = useEffectEvent((lines: string[]) => handlers.onLines?.(lines));
  useEffect(() => {
    if (key === null) return;
    setEnded(null);
    return openPipe(JSON.parse(key), {
      onBytes: (bytes) => onBytes(bytes),
      onLines: (lines) => onLines(lines),
      onEnd: (error) => setEnded({ key, error }),
    });
  }, [key]);
  if (!ended || ended.key !== key) return { state: "open" };
  return ended.error ? { state: "failed", error: ended.error } : { state: "ended" };
}
