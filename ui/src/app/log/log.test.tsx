import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import { App } from "~/app/App";
import { useLayout } from "~/app/page";
import { router } from "~/app/router";
import { story } from "~/dev/story";
import { simulateCore } from "~/platform/simulate";

let clear = () => {};
const asked: { name: unknown; payload: unknown }[] = [];

beforeEach(async () => {
  useLayout.setState(useLayout.getInitialState());
  asked.length = 0;
  const core = story(new URLSearchParams("lang=en"));
  clear = simulateCore({
    ...core,
    onCommand: (command, { name, payload }) => command === "call" && asked.push({ name, payload }),
  });
  render(<App />);
  await router.navigate({
    to: "/app/$app/running/$group",
    params: { app: "app-checkout", group: "group-prod-sh-1" },
    search: {},
  });
});
afterEach(() => clear());

const names = (name: string) => asked.filter((one) => one.name === name);

it("merges the pods of a group, finds in them, and shows only what is found", async () => {
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Logs of all pods" }));
  const panel = await screen.findByRole("tabpanel", { name: "Logs · prod-sh-1" });
  const log = await within(panel).findByRole("log");
  expect(await within(log).findAllByText(/POST|db|GET/)).not.toHaveLength(0);
  expect(within(panel).getByText(/5 of 5 streaming/)).toBeTruthy();
  expect(within(panel).getByText("18,420 lines kept")).toBeTruthy();

  const search = within(panel).getByRole("searchbox", { name: "Find in log" });
  await user.type(search, "connection");
  expect(await within(panel).findByText("9,210 found")).toBeTruthy();
  await user.keyboard("{Enter}");
  expect(await within(panel).findByText(/of 9,210/)).toBeTruthy();
  await user.click(within(panel).getByRole("button", { name: "Only matching lines" }));
  const rows = await within(log).findAllByText("connection");
  expect(rows.every((row) => row.tagName === "MARK")).toBe(true);

  await user.click(within(panel).getByRole("button", { name: "Regular expression" }));
  await user.type(search, "(");
  expect(await within(panel).findByText("no expression")).toBeTruthy();
});

it("is walked by keyboard: a line is chosen, opened, and copied", async () => {
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Logs of all pods" }));
  const panel = await screen.findByRole("tabpanel", { name: "Logs · prod-sh-1" });
  const log = await within(panel).findByRole("log");
  await within(log).findAllByText(/POST|db|GET/);
  log.focus();
  const follow = within(panel).getByRole("button", { name: "Following" });
  await user.keyboard("{ArrowUp}");
  expect(follow.getAttribute("aria-pressed")).toBe("false");
  await user.keyboard("{Enter}");
  const line = await within(panel).findByRole("complementary", { name: "Line" });
  expect(line.textContent).toMatch(/app/);
  await user.keyboard("{Shift>}{ArrowUp}{/Shift}{Control>}c{/Control}");
  expect(names("log_text").at(-1)?.payload).toMatchObject({ found: false, prefix: false });
  await user.keyboard("{End}");
  expect(follow.getAttribute("aria-pressed")).toBe("true");
});

it("splits the dock, moves tabs, and hides it", async () => {
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Logs of all pods" }));
  await user.click(await screen.findByRole("button", { name: "Log before the crash" }));
  const before = await screen.findByRole("tabpanel", { name: "Log before the crash · hv7qd" });
  expect(screen.queryByRole("tabpanel", { name: "Logs · prod-sh-1" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Split the dock" }));
  expect(screen.getByRole("tabpanel", { name: "Logs · prod-sh-1" })).toBeTruthy();
  // It was moved, not opened anew.
  expect(screen.getByRole("tabpanel", { name: "Log before the crash · hv7qd" })).toBe(before);
  expect(screen.getByRole("tablist", { name: "Dock, right" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Full screen" }));
  expect(screen.queryByRole("grid", { name: "Instances" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Leave full screen" }));
  await user.click(screen.getByRole("button", { name: "One side again" }));
  expect(screen.queryByRole("tabpanel", { name: "Logs · prod-sh-1" })).toBeNull();
  screen.getByRole("tab", { name: "Log before the crash · hv7qd" }).focus();
  await user.keyboard("{ArrowLeft}");
  expect(screen.getByRole("tabpanel", { name: "Logs · prod-sh-1" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Hide the dock" }));
  expect(screen.queryByRole("tabpanel")).toBeNull();
  await user.click(screen.getByRole("tab", { name: "Logs · prod-sh-1" }));
  await user.keyboard("{Delete}");
  expect(screen.queryByRole("tab", { name: "Logs · prod-sh-1" })).toBeNull();
});
