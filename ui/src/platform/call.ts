import { invoke } from "@tauri-apps/api/core";
import { CallError } from "./error";

/** An answer and the tags it depends on: it is out of date once one of them changes. */
export interface Answer<Out> {
  value: Out;
  reads: string[];
}

/** Asks or orders the core. Rejects with a CallError. */
export async function call<Out>(name: string, payload: unknown): Promise<Answer<Out>> {
  try {
    return await invoke<Answer<Out>>("call", { name, payload });
  } catch (thrown) {
    throw CallError.from(thrown);
  }
}
