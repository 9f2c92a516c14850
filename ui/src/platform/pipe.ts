import { Channel, invoke } from "@tauri-apps/api/core";
import type { PipeInput, PipeMessage, PipeTopic } from "~/wire/types";
import { CallError } from "./error";

export interface PipeHandlers {
  /** The promise resolves once the piece is consumed; only then the sender may send more. */
  onBytes?: (bytes: Uint8Array) => Promise<void> | void;
  onLines?: (lines: string[]) => Promise<void> | void;
  /** The last message; without an error everything has come. */
  onEnd: (error: CallError | null) => void;
}

export interface OpenPipe {
  close: () => void;
  /** In the order of the calls; text that waits for its turn goes together. */
  send: (input: PipeInput) => void;
}

/** Bytes or lines with backpressure: every piece is acknowledged when it has been consumed. */
export function openPipe(topic: PipeTopic, handlers: PipeHandlers): OpenPipe {
  let gone = false;
  // Pieces of bytes carry no number; they are counted as they come.
  let seen = 0;
  const channel = new Channel<ArrayBuffer | PipeMessage>();
  const opened = invoke<number>("pipe_open", { topic, channel });

  const consume = async (message: ArrayBuffer | PipeMessage) => {
    if (message instanceof ArrayBuffer) {
      const seq = seen++;
      await handlers.onBytes?.(new Uint8Array(message));
      return seq;
    }
    if (message.kind === "end") {
      gone = true;
      handlers.onEnd(message.error ? new CallError(message.error) : null);
      return null;
    }
    await handlers.onLines?.(message.lines);
    return message.seq;
  };

  channel.onmessage = (message) => {
    if (gone) return;
    consume(message)
      .then(async (seq) => {
        if (seq === null || gone) return;
        await invoke("pipe_ack", { id: await opened, seq });
      })
      .catch((thrown: unknown) => {
        if (gone) return;
        gone = true;
        handlers.onEnd(CallError.from(thrown));
      });
  };
  opened.catch((thrown: unknown) => {
    if (gone) return;
    gone = true;
    handlers.onEnd(CallError.from(thrown));
  });

  const waiting: PipeInput[] = [];
  let sending = false;
  const sendAll = async () => {
    const id = await opened;
    for (let input = waiting.shift(); input && !gone; input = waiting.shift()) {
      await invoke("pipe_send", { id, input });
    }
  };
  return {
    close: () => {
      gone = true;
      // A pipe that never opened, or has ended already, needs no closing.
      void opened.then((id) => invoke("pipe_close", { id })).catch(() => {});
    },
    send: (input) => {
      const last = waiting.at(-1);
      if (input.kind === "text" && last?.kind === "text") last.text += input.text;
      else waiting.push({ ...input });
      if (sending) return;
      sending = true;
      // What could not be sent belongs to a pipe that ends, and its end says why.
      void sendAll()
        .catch(() => {})
        .finally(() => {
          sending = false;
        });
    },
  };
}
