import type { CallError } from "~/platform";

type Listener = (error: CallError) => void;
const listeners = new Set<Listener>();

/** Tells a failed order to whoever shows it: the frame, as a toast. */
export function reportFailure(error: CallError): void {
  for (const listener of listeners) listener(error);
}

export function onFailure(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
