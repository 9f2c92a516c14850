import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { type SimulatedCore, simulateCore } from "~/platform/simulate";
import type { FeedMessage } from "~/wire/types";
import { createClient, followChanges, useCall, useFeed, useFeeds, useOrder, usePipe } from ".";
import { touches } from "./tags";

let clear = () => {};
afterEach(() => clear());

function withCore(core: SimulatedCore) {
  clear = simulateCore(core);
  const client = createClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return { client, wrapper };
}

const asOf = "2025-11-20T14:03:00Z";
const live = { state: "live" } as const;
const snapshot = (rows: unknown[], seq = 0): FeedMessage => ({
  kind: "snapshot",
  seq,
  rows,
  as_of: asOf,
  state: live,
});
const delta = (seq: number, upserts: unknown[], removes: string[] = []): FeedMessage => ({
  kind: "delta",
  seq,
  upserts,
  removes,
  as_of: asOf,
  state: live,
});

describe("tags", () => {
  it.each([
    ["group:12", "group:12", true],
    ["group:12", "group:12/files", true],
    ["group:12/files", "group:12", true],
    ["group:1", "group:12", false],
    ["group:12/files", "group:12/values", false],
  ])("%s touches %s: %s", (changed, read, expected) => {
    expect(touches(changed, read)).toBe(expected);
  });

  it("refetch what read them, and nothing else", async () => {
    const asked: string[] = [];
    let change: (message: FeedMessage) => void = () => {};
    const { client, wrapper } = withCore({
      calls: {
        app_list: () => {
          asked.push("app_list");
          return [];
        },
        environment_list: () => {
          asked.push("environment_list");
          return [];
        },
      },
      reads: (name) => (name === "app_list" ? ["apps"] : ["environments"]),
      feeds: {
        changes: (_, send) => {
          change = send;
          send(snapshot([]));
        },
      },
    });
    const { end } = followChanges(client);
    const { result } = renderHook(
      () => [useCall("app_list", null), useCall("environment_list", null)],
      { wrapper },
    );
    await waitFor(() => expect(result.current.every((query) => query.isSuccess)).toBe(true));
    await waitFor(() => expect(client.isFetching()).toBe(0));
    asked.length = 0;
    change(delta(1, [{ id: "1", tag: "apps" }]));
    await waitFor(() => expect(asked).toEqual(["app_list"]));
    end();
  });

  it("refetch everything after a gap, also what reads none of them", async () => {
    let asked = 0;
    let change: (message: FeedMessage) => void = () => {};
    const { client, wrapper } = withCore({
      calls: {
        app_list: () => {
          asked++;
          return [];
        },
      },
      reads: () => [],
      feeds: {
        changes: (_, send) => {
          change = send;
          send(snapshot([]));
        },
      },
    });
    const { begun, end } = followChanges(client);
    await begun;
    const { result } = renderHook(() => useCall("app_list", null), { wrapper });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    change(snapshot([]));
    await waitFor(() => expect(asked).toBe(2));
    end();
  });

  it("refetch what they changed before its first answer came", async () => {
    const answers: ((value: unknown) => void)[] = [];
    let change: (message: FeedMessage) => void = () => {};
    const { client, wrapper } = withCore({
      calls: {
        app_list: () => new Promise((answer) => answers.push(answer)),
        environment_list: () => new Promise((answer) => answers.push(answer)),
      },
      reads: (name) => (name === "app_list" ? ["apps"] : ["environments"]),
      feeds: {
        changes: (_, send) => {
          change = send;
          send(snapshot([]));
        },
      },
    });
    const { begun, end } = followChanges(client);
    await begun;
    const { result } = renderHook(
      () => [useCall("app_list", null), useCall("environment_list", null)],
      { wrapper },
    );
    await waitFor(() => expect(answers).toHaveLength(2));
    change(delta(1, [{ id: "1", tag: "apps" }]));
    await act(async () => {
      for (const answer of answers) answer(["before"]);
    });
    // Only the one that read what has changed.
    await waitFor(() => expect(answers).toHaveLength(3));
    await act(async () => answers[2]?.(["after"]));
    await waitFor(() => expect(result.current[0]?.data).toEqual(["after"]));
    expect(result.current[1]?.data).toEqual(["before"]);
    expect(answers).toHaveLength(3);
    end();
  });
});

describe("feeds", () => {
  it("keep rows by id, and start anew after a gap", async () => {
    let opened = 0;
    const commands: string[] = [];
    let send: (message: FeedMessage) => void = () => {};
    const { wrapper } = withCore({
      onCommand: (command) => commands.push(command),
      feeds: {
        clusters: (_, to) => {
          opened++;
          send = to;
          const rows = opened === 1 ? [{ id: "a", name: "1" }] : [{ id: "z", name: "9" }];
          queueMicrotask(() => to(snapshot(rows)));
        },
      },
    });
    const { result, unmount } = renderHook(() => useFeed({ kind: "clusters" }), { wrapper });
    expect(result.current.state).toEqual({ state: "loading" });
    await waitFor(() => expect(result.current.state).toEqual(live));
    act(() => send(delta(1, [{ id: "b", name: "2" }], ["a"])));
    expect(result.current.rows.map(({ id }) => id)).toEqual(["b"]);
    expect(result.current.asOf).toBe(asOf);

    act(() => send(delta(3, [{ id: "c", name: "3" }])));
    await waitFor(() => expect(result.current.rows.map(({ id }) => id)).toEqual(["z"]));
    expect(opened).toBe(2);
    await waitFor(() => expect(commands.filter((name) => name === "feed_close")).toHaveLength(1));

    unmount();
    await waitFor(() => expect(commands.filter((name) => name === "feed_close")).toHaveLength(2));
  });
});

describe("changes that come faster than frames are drawn", () => {
  it("are told once a frame, all of them", async () => {
    let send: (message: FeedMessage) => void = () => {};
    const { wrapper } = withCore({
      feeds: {
        clusters: (_, to) => {
          send = to;
          queueMicrotask(() => to(snapshot([{ id: "a", name: "0" }])));
        },
      },
    });
    let drawn = 0;
    const feed = () => {
      drawn++;
      return useFeed({ kind: "clusters" });
    };
    const { result } = renderHook(feed, { wrapper });
    await waitFor(() => expect(result.current.state).toEqual(live));
    const before = drawn;
    for (let seq = 1; seq <= 100; seq++) act(() => send(delta(seq, [{ id: "a", name: `${seq}` }])));
    await waitFor(() => expect(result.current.rows).toEqual([{ id: "a", name: "100" }]));
    // The first may be told at once, the rest with the next frame.
    expect(drawn - before).toBeLessThanOrEqual(2);
  });
});

describe("several feeds", () => {
  it("are read in the order of their topics, and only by who still looks at them", async () => {
    const sends = new Map<string, (message: FeedMessage) => void>();
    const closed: string[] = [];
    const { wrapper } = withCore({
      onCommand: (command) => {
        if (command === "feed_close") closed.push(command);
      },
      feeds: {
        release: (topic, send) => {
          if (topic.kind !== "release") return;
          sends.set(topic.release, send);
          queueMicrotask(() => send(snapshot([{ id: topic.release, label: "r1" }])));
        },
      },
    });
    const looked = (...ids: string[]) =>
      ids.map((release) => ({ kind: "release" as const, release }));
    const { result, rerender, unmount } = renderHook(({ topics }) => useFeeds(topics), {
      wrapper,
      initialProps: { topics: looked("b", "a") },
    });
    const labels = () => result.current.map(({ rows }) => rows[0] && [rows[0].id, rows[0].label]);
    await waitFor(() =>
      expect(labels()).toEqual([
        ["b", "r1"],
        ["a", "r1"],
      ]),
    );
    act(() => sends.get("a")?.(delta(1, [{ id: "a", label: "r2" }])));
    expect(labels()).toEqual([
      ["b", "r1"],
      ["a", "r2"],
    ]);

    rerender({ topics: looked("a", "c") });
    await waitFor(() =>
      expect(labels()).toEqual([
        ["a", "r2"],
        ["c", "r1"],
      ]),
    );
    await waitFor(() => expect(closed).toHaveLength(1));
    unmount();
    await waitFor(() => expect(closed).toHaveLength(3));
  });
});

describe("orders", () => {
  it("are given once when pressed twice, and tell how they failed", async () => {
    let given = 0;
    let answer: (value: unknown) => void = () => {};
    const { wrapper } = withCore({
      calls: {
        setting_set: () => {
          given++;
          if (given === 2) {
            throw {
              code: "disk_full",
              params: { path: "/data" },
              detail: "write settings: disk full",
              hints: ["free_space"],
              retryable: true,
              fields: [],
            };
          }
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      },
    });
    const { result } = renderHook(() => useOrder("setting_set", { quiet: true }), { wrapper });
    act(() => {
      void result.current.run({} as never);
      void result.current.run({} as never);
    });
    await waitFor(() => expect(result.current.pending).toBe(true));
    await act(async () => answer(null));
    await waitFor(() => expect(result.current.pending).toBe(false));
    expect(given).toBe(1);

    await act(async () => {
      await result.current.run({} as never);
    });
    expect(result.current.error?.code).toBe("disk_full");
    expect(result.current.error?.hints).toEqual(["free_space"]);
  });
});

describe("pipes", () => {
  it("acknowledge a batch only when it has been consumed", async () => {
    const acks: number[] = [];
    let send: (message: never) => void = () => {};
    const { wrapper } = withCore({
      onCommand: (command, args) => {
        if (command === "pipe_ack") acks.push(args.seq as number);
      },
      pipes: {
        measure_lines: (_, to) => {
          send = to as (message: never) => void;
        },
      },
    });
    let consume = () => {};
    const { result } = renderHook(
      () =>
        usePipe(
          { kind: "measure_lines", lines: 2, batch: 1 },
          {
            onLines: () =>
              new Promise<void>((resolve) => {
                consume = resolve;
              }),
          },
        ),
      { wrapper },
    );
    act(() => send({ kind: "lines", seq: 0, lines: ["a"] } as never));
    await Promise.resolve();
    expect(acks).toEqual([]);
    consume();
    await waitFor(() => expect(acks).toEqual([0]));
    act(() => send({ kind: "end", error: null } as never));
    await waitFor(() => expect(result.current.state).toBe("ended"));
  });
});

it("the cache never asks by itself", () => {
  expect(createClient()).toBeInstanceOf(QueryClient);
  const { queries } = createClient().getDefaultOptions();
  expect(queries?.staleTime).toBe(Number.POSITIVE_INFINITY);
  expect(queries?.refetchOnWindowFocus).toBe(false);
});
