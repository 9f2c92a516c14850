import {
  type QueryClient,
  type UseQueryResult,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useRef, useState } from "react";
import { CallError, call } from "~/platform";
import type { Calls } from "~/wire/calls";
import { rememberReads } from "./client";
import { reportFailure } from "./failure";

export type CallName = keyof Calls & string;
export type In<Name extends CallName> = Calls[Name]["in"];
export type Out<Name extends CallName> = Calls[Name]["out"];

/** Asks the core and keeps the answer until something it depends on changes. */
export function useCall<Name extends CallName>(
  name: Name,
  payload: In<Name>,
  options?: {
    /** False: not asked yet. */
    enabled?: boolean;
    /** While another payload is asked, the last answer stays. */
    keep?: boolean;
  },
): UseQueryResult<Out<Name>, CallError> {
  const client = useQueryClient();
  return useQuery<Out<Name>, CallError>({
    queryKey: [name, payload],
    queryFn: () => remembered(client, name, payload),
    enabled: options?.enabled ?? true,
    ...(options?.keep ? { placeholderData: (last: Out<Name> | undefined) => last as never } : {}),
  });
}

/** Asks ahead of the page that will draw the answer. Undefined where it failed: the page says so. */
export async function askAhead<Name extends CallName>(
  client: QueryClient,
  name: Name,
  payload: In<Name>,
): Promise<Out<Name> | undefined> {
  const queryFn = () => remembered(client, name, payload);
  return client.fetchQuery({ queryKey: [name, payload], queryFn }).catch(() => undefined);
}

/** Asks ahead of what somebody is about to choose. */
export function useAskAhead(): <Name extends CallName>(name: Name, payload: In<Name>) => void {
  const client = useQueryClient();
  return (name, payload) => void askAhead(client, name, payload);
}

export interface Order<Name extends CallName> {
  /** Does it. Undefined when it failed, or when it is under way already. */
  run: (payload: In<Name>) => Promise<Out<Name> | undefined>;
  pending: boolean;
  error: CallError | null;
  /** Forgets the error. */
  reset: () => void;
}

/** A write. Pressing twice does it once; what it changed is asked again by tag. */
export function useOrder<Name extends CallName>(
  name: Name,
  options?: {
    onDone?: (out: Out<Name>, payload: In<Name>) => void;
    /** The page shows `error` itself: no toast. */
    quiet?: boolean;
  },
): Order<Name> {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<CallError | null>(null);
  // State is only seen at the next render; a double click comes before it.
  const running = useRef(false);

  const done = ({ value }: { value: Out<Name> }, payload: In<Name>) => {
    options?.onDone?.(value, payload);
    return value;
  };
  const failed = (thrown: unknown) => {
    const failure = CallError.from(thrown);
    setError(failure);
    // Whoever closed a dialog of the system knows that they did.
    if (!options?.quiet && failure.code !== "dismissed") reportFailure(failure);
    return undefined;
  };
  const run = async (payload: In<Name>) => {
    if (running.current) return undefined;
    running.current = true;
    setPending(true);
    setError(null);
    return call<Out<Name>>(name, payload)
      .then((answer) => done(answer, payload))
      .catch(failed)
      .finally(() => {
        running.current = false;
        setPending(false);
      });
  };
  return { run, pending, error, reset: () => setError(null) };
}

/** Asks once, outside a component's drawing: in an event. Rejects with a CallError. */
export async function ask<Name extends CallName>(
  name: Name,
  payload: In<Name>,
): Promise<Out<Name>> {
  return (await call<Out<Name>>(name, payload)).value;
}

/** The same question about several things, each with how far its answer is. */
export function useEach<Name extends CallName>(
  name: Name,
  payloads: In<Name>[],
): UseQueryResult<Out<Name>, CallError>[] {
  const client = useQueryClient();
  return useQueries({
    queries: payloads.map((payload) => ({
      queryKey: [name, payload] as const,
      queryFn: () => remembered(client, name, payload),
    })),
  }) as UseQueryResult<Out<Name>, CallError>[];
}

/** The same question about several things; an answer is undefined until it has come. */
export function useCalls<Name extends CallName>(
  name: Name,
  payloads: In<Name>[],
): (Out<Name> | undefined)[] {
  return useEach(name, payloads).map((query) => query.data);
}

async function remembered<Name extends CallName>(
  client: QueryClient,
  name: Name,
  payload: In<Name>,
): Promise<Out<Name>> {
  const answer = await call<Out<Name>>(name, payload);
  rememberReads(client, [name, payload], answer.reads);
  return answer.value;
}
