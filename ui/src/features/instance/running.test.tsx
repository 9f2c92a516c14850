import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import { App } from "~/app/App";
import { useLayout } from "~/app/page";
import { router } from "~/app/router";
import { story } from "~/dev/story";
import { snapshot } from "~/dev/time";
import { type SimulatedCore, simulateCore } from "~/platform/simulate";
import type { FeedMessage } from "~/wire/types";

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
beforeEach(() => useLayout.getState().closeDock());
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
      instances: (_, to) => {
        send = to;
        to({ ...snapshot([]), state: { state: "loading" } });
      },
    },
  }));
  await screen.findByText("r28 stopped.");
  await waitFor(() => expect(send).toBeDefined());
  expect(screen.queryByText("No pods")).toBeNull();
  act(() => send?.(snapshot([])));
  expect(await screen.findByText("No pods")).toBeTruthy();
});
