import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import type { ApiError, FeedMessage, PipeMessage, PipeTopic, Topic } from "~/wire/types";
import type { Answer } from "./call";

export interface SimulatedCore {
  /** Answers to calls by name; may throw an ApiError. */
  calls?: Record<string, (payload: never) => unknown>;
  /** What an answer depends on; default nothing. */
  reads?: (name: string, payload: unknown) => string[];
  /** Called when a feed opens; `send` gives it messages. May throw. */
  feeds?: Record<string, (topic: Topic, send: (message: FeedMessage) => void) => void>;
  /** Called when a pipe opens. */
  pipes?: Record<
    string,
    (topic: PipeTopic, send: (message: ArrayBuffer | PipeMessage) => void) => void
  >;
  /** Every command as it comes, for assertions. */
  onCommand?: (command: string, args: Record<string, unknown>) => void;
}

interface TestChannel {
  id: number;
}

/**
 * Stands in for the core in unit tests and in a development build in a browser: the same commands, the same messages.
 * Returns a function that takes it away again.
 */
export function simulateCore(core: SimulatedCore): () => void {
  let ids = 0;
  mockIPC((command, args) => {
    const input = (args ?? {}) as Record<string, unknown>;
    core.onCommand?.(command, input);
    if (command === "call") {
      const name = String(input.name);
      const answer = core.calls?.[name];
      if (!answer) return Promise.reject(unknownCall(name));
      return Promise.resolve()
        .then(() => answer(input.payload as never))
        .then((value): Answer<unknown> => {
          return { value, reads: core.reads?.(name, input.payload) ?? [] };
        });
    }
    const channel = input.channel as TestChannel;
    if (command === "feed_open") {
      const topic = input.topic as Topic;
      core.feeds?.[topic.kind]?.(topic, sender(channel));
      return ++ids;
    }
    if (command === "pipe_open") {
      const topic = input.topic as PipeTopic;
      core.pipes?.[topic.kind]?.(topic, sender(channel));
      return ++ids;
    }
    return null;
  });
  return clearMocks;
}

/** Messages arrive in order, as the shell numbers them. */
function sender(channel: TestChannel): (message: unknown) => void {
  let index = 0;
  const internals = (window as unknown as { __TAURI_INTERNALS__: Internals }).__TAURI_INTERNALS__;
  return (message) => internals.runCallback(channel.id, { index: index++, message });
}

interface Internals {
  runCallback: (id: number, data: unknown) => void;
}

function unknownCall(name: string): ApiError {
  return {
    code: "internal",
    params: {},
    detail: `no answer prepared for ${name}`,
    hints: ["report_bug"],
    retryable: false,
    fields: [],
  };
}
