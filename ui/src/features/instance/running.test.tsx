import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import { App } from "~/app/App";
import { useLayout } from "~/app/page";
import { router } from "~/app/router";
import { story } from "~/dev/story";
import { snapshot } from "~/dev/time";
import { type SimulatedCore, simulateCore } from "~/platform/simulate";
import type { EvictOrder, FeedMessage } from "~/wire/types";

let clear = () => {};
const begin = async (change?: (core: SimulatedCore) => SimulatedCore) => {
  const core = story(new URLSearchParams("lang=en"));
  clear = simulateCore(change ? change(core) : core);
  render(<App />);
  await router.navigate({
    to: "/app/$app/running/$group",
    params: { app: "app-checkout", group: "group-prod-sh-1" },
    search: {},
  });
};
beforeEach(() => useLayout.setState(useLayout.getInitialState()));
afterEach(() => clear());

it("shows why a pod fails, opens it with Enter and its log with L, all by keyboard", async () => {
  const user = userEvent.setup();
  await begin();
  const list = await screen.findByRole("grid", { name: "Instances" });
  const rows = within(list).getAllByRole("row");
  expect(rows).toHaveLength(10);
  const failing = rows[1] as HTMLElement;
  expect(within(failing).getByText("CrashLoopBackOff")).toBeTruthy();
  expect(within(failing).getByText("Error 1040: Too many connections")).toBeTruthy();
  expect(screen.getByText("r28 stopped.")).toBeTruthy();

  act(() => failing.focus());
  await user.keyboard("{Enter}");
  const drawer = await screen.findByRole("complementary", { name: /hv7qd$/ });
  expect(within(drawer).getByText(/Exits with code 1; the kubelet started it again/)).toBeTruthy();
  expect(await within(drawer).findByText("BackOff")).toBeTruthy();

  await user.keyboard("{ArrowDown}");
  await screen.findByRole("complementary", { name: /m9wtr$/ });
  expect(router.state.location.search).toEqual({ open: "pod-m9wtr" });

  await user.keyboard("l");
  expect(await screen.findByRole("tab", { name: "Log · m9wtr" })).toBeTruthy();
  await user.click(within(failing).getByRole("button", { name: "Log before the crash" }));
  expect(await screen.findByRole("tab", { name: "Log before the crash · hv7qd" })).toBeTruthy();
  const run = screen.getByRole("radio", { name: "Run before" });
  expect(run.getAttribute("aria-checked")).toBe("true");
});

it("filters by state and by words, and finds the way back when nothing matches", async () => {
  const user = userEvent.setup();
  await begin();
  const list = () => screen.getByRole("grid", { name: "Instances" });
  await user.click(await screen.findByRole("radio", { name: "Failing" }));
  await waitFor(() => expect(within(list()).getAllByRole("row")).toHaveLength(2));
  await user.type(screen.getByRole("searchbox", { name: "Filter pods" }), "nothing like it");
  await user.click(await screen.findByRole("button", { name: "Clear filter" }));
  await waitFor(() => expect(within(list()).getAllByRole("row")).toHaveLength(10));
});

it("says that there are no pods only once the first list is complete", async () => {
  let send: ((message: FeedMessage) => void) | undefined;
  await begin((core) => ({
    ...core,
    feeds: {
      ...core.feeds,
      instance_list: (_, to) => {
        send = to;
        to({ ...snapshot([]), state: { state: "loading" } });
      },
    },
  }));
  await screen.findByText("r28 stopped.");
  await waitFor(() => expect(send).toBeDefined());
  expect(screen.queryByText("No pods")).toBeNull();
  const none = {
    kind: "summary",
    id: "summary",
    total: 0,
    matching: 0,
    states: [],
    shares: [],
    cpu_milli: 0,
    memory_bytes: 0,
    measured: 0,
    cpu_peak: 0,
    memory_peak: 0,
  };
  act(() => send?.(snapshot([none])));
  expect(await screen.findByText("No pods")).toBeTruthy();
});

it("draws anew only the pod that changed", async () => {
  let send: (message: FeedMessage) => void = () => {};
  const read = new Map<string, number>();
  /** Counts how often what it is about to be drawn with is read. */
  const counted = <Row extends { id: string }>(row: Row): Row =>
    new Proxy(row, {
      get: (of, key) => {
        if (key === "restarts") read.set(of.id, (read.get(of.id) ?? 0) + 1);
        return Reflect.get(of, key);
      },
    });
  let rows: { id: string; kind: string; name: string; version: string }[] = [];
  await begin((core) => ({
    ...core,
    feeds: {
      ...core.feeds,
      instance_list: (topic, to) =>
        core.feeds?.instance_list?.(topic, (message) => {
          send = to;
          if (message.kind !== "snapshot") return;
          rows = (message.rows as typeof rows).map(counted);
          to({ ...message, rows });
        }),
    },
  }));
  const list = await screen.findByRole("grid", { name: "Instances" });
  await waitFor(() => expect(within(list).getAllByRole("row")).toHaveLength(10));
  const pods = rows.filter(({ kind }) => kind === "pod");
  const [one] = pods;
  read.clear();
  act(() =>
    send({
      kind: "delta",
      seq: 1,
      upserts: [counted({ ...(one ?? { id: "", kind: "", name: "" }), version: "9.9.9" })],
      removes: [],
      as_of: "2025-11-20T14:03:00Z",
      state: { state: "live" },
    }),
  );
  await within(list).findByText("9.9.9");
  expect([...read.keys()]).toEqual([one?.id]);
});

it("has its tabs in the address, with what was released and the way back", async () => {
  const user = userEvent.setup();
  await begin();
  await user.click(await screen.findByRole("tab", { name: /Deployment info/ }));
  await waitFor(() => expect(router.state.location.search).toEqual({ tab: "info" }));
  expect(await screen.findByRole("complementary", { name: /r28/ })).toBeTruthy();
  await user.click(screen.getByRole("tab", { name: /History/ }));
  await waitFor(() => expect(router.state.location.search).toEqual({ tab: "history" }));
  expect(await screen.findByRole("grid", { name: "Releases" })).toBeTruthy();
});

it("sorts by a column from its header, and the address keeps it", async () => {
  const user = userEvent.setup();
  await begin();
  const list = await screen.findByRole("grid", { name: "Instances" });
  await user.click(within(list).getByRole("button", { name: "CPU" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ by: "-cpu" }));
  await waitFor(() => expect(within(list).getAllByRole("row")[1]?.textContent).toContain("c6xgw"));
  const header = within(list).getByRole("columnheader", { name: /CPU/ });
  expect(header.getAttribute("aria-sort")).toBe("descending");
});

it("restarts and scales after saying what that means", async () => {
  const user = userEvent.setup();
  const asked: [string, unknown][] = [];
  await begin((core) => ({
    ...core,
    onCommand: (command, args) => {
      if (command === "call") asked.push([String(args.name), args.payload]);
    },
  }));
  await user.click(await screen.findByRole("button", { name: "Restart" }));
  const restart = await screen.findByRole("dialog", { name: /Restart all pods of prod-sh-1/ });
  await within(restart).findByText(/up to 25% more and 0 fewer/);
  await user.click(within(restart).getByRole("button", { name: "Restart all" }));
  await waitFor(() => expect(asked).toContainEqual(["group_restart", "group-prod-sh-1"]));

  await user.click(await screen.findByRole("button", { name: "Scale" }));
  const scale = await screen.findByRole("dialog", { name: "Scale prod-sh-1" });
  const count = await within(scale).findByRole("textbox", { name: "Pods" });
  await user.clear(count);
  await user.type(count, "16");
  await user.tab();
  await within(scale).findByText(/room for only 5 more pods/);
  await user.click(within(scale).getByRole("button", { name: "Scale to 16" }));
  await waitFor(() =>
    expect(asked).toContainEqual(["group_scale", { id: "group-prod-sh-1", count: 16 }]),
  );
});

it("ticks pods with the keyboard, and says of each that stays what keeps it", async () => {
  const user = userEvent.setup();
  const error = {
    code: "budget",
    params: { budget: "web", message: "The disruption budget web needs 8 healthy pods" },
    detail: "",
    hints: [],
    retryable: false,
    fields: [],
  };
  await begin((core) => ({
    ...core,
    calls: {
      ...core.calls,
      instance_evict: ({ pods }: EvictOrder) =>
        pods.map(({ name }, at) => ({ pod: name, error: at === 0 ? null : error })),
    },
  }));
  const list = await screen.findByRole("grid", { name: "Instances" });
  const [, first] = within(list).getAllByRole("row");
  act(() => first?.focus());
  await user.keyboard(" {ArrowDown} ");
  expect(await screen.findByText("2 ticked")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Evict…" }));
  const dialog = await screen.findByRole("dialog", { name: "Evict 2 pods?" });
  await user.click(within(dialog).getByRole("button", { name: "Evict" }));
  await screen.findByText(/web keeps this pod/);
  await screen.findByRole("dialog", { name: /Evict \w+\?/ });
});

it("draws what pods use, reads it by keyboard, and writes it to a table", async () => {
  const user = userEvent.setup();
  await begin();
  await user.click(await screen.findByRole("tab", { name: "Monitoring" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ tab: "monitoring" }));
  const chart = await screen.findByRole("img", { name: /^CPU: .* now$/ });
  act(() => chart.focus());
  await user.keyboard("{ArrowLeft}");
  expect(await screen.findByText("Together")).toBeTruthy();
  expect(screen.getByRole("grid", { name: "Figures of each pod" })).toBeTruthy();
  await user.click(screen.getByRole("radio", { name: "24 h" }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ since: "24" }));
  await user.click(await screen.findByRole("radio", { name: "Table" }));
  expect(await screen.findByRole("grid", { name: "Monitoring" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "CSV" }));
  expect(await screen.findByText(/Written to .*usage.csv/)).toBeTruthy();
});
