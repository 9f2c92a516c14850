import { useEffect, useEffectEvent, useRef, useState } from "react";
import { type CallError, type OpenPipe, openPipe, type PipeHandlers } from "~/platform";
import type { PipeInput, PipeTopic } from "~/wire/types";

export type PipeState =
  | { state: "open" }
  | { state: "ended" }
  | { state: "failed"; error: CallError };

/**
 * Bytes or lines of a topic while the component stands. A callback's promise says when a piece is consumed; only then
 * more is sent. A topic of null is not opened; another attempt opens the same one anew. What is sent into one that is not
 * open is dropped.
 */
export function usePipe(
  topic: PipeTopic | null,
  handlers: Omit<PipeHandlers, "onEnd">,
  attempt = 0,
): PipeState & { send: (input: PipeInput) => void } {
  const key = topic === null ? null : `${attempt} ${JSON.stringify(topic)}`;
  const [ended, setEnded] = useState<{ key: string; error: CallError | null } | null>(null);
  const pipe = useRef<OpenPipe | null>(null);
  const onBytes = useEffectEvent((bytes: Uint8Array) => handlers.onBytes?.(bytes));
  const onLines = useEffectEvent((lines: string[]) => handlers.onLines?.(lines));
  useEffect(() => {
    if (key === null) return;
    setEnded(null);
    const open = openPipe(JSON.parse(key.slice(key.indexOf(" "))), {
      onBytes: (bytes) => onBytes(bytes),
      onLines: (lines) => onLines(lines),
      onEnd: (error) => setEnded({ key, error }),
    });
    pipe.current = open;
    return () => {
      pipe.current = null;
      open.close();
    };
  }, [key]);
  const send = (input: PipeInput) => pipe.current?.send(input);
  if (!ended || ended.key !== key) return { state: "open", send };
  return ended.error ? { state: "failed", error: ended.error, send } : { state: "ended", send };
}
