import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";
import type { GroupDraft } from "~/wire/types";

let saved: GroupDraft[] = [];

beforeEach(() => {
  localStorage.clear();
  saved = [];
});

function open(group: string) {
  const core = story(new URLSearchParams("lang=en"));
  const calls = {
    ...core.calls,
    group_update: (payload: never) => {
      saved.push((payload as { draft: GroupDraft }).draft);
      return null;
    },
  };
  return openWindow({ ...core, calls }, `/app/app-checkout/groups/${group}`);
}

const section = async (name: string) => within(await screen.findByRole("region", { name }));

it("says which section is wrong, and mends it with one click", async () => {
  const user = userEvent.setup();
  open("group-prod-gz-2");
  const health = await section("Health checks");
  const nav = within(screen.getByRole("navigation", { name: "Sections" }));
  expect(await nav.findByLabelText("1 field is wrong")).toBeTruthy();
  await user.click(await health.findByRole("button", { name: "Use admin" }));
  await waitFor(() => expect(nav.queryByLabelText("1 field is wrong")).toBeNull());
  const port = health.getByRole("textbox", { name: "Liveness: port" });
  expect(port.getAttribute("value")).toBe("admin");
});

it("draws what the strategy means for the count", async () => {
  const user = userEvent.setup();
  open("group-prod-bj-1");
  const strategy = await section("Strategy");
  expect(await strategy.findByText("10 → 1 · 4 · 5")).toBeTruthy();
  expect(strategy.getByText(/5 of 10 stay on the old version until batch 3/)).toBeTruthy();

  await user.click(strategy.getByRole("radio", { name: "Percent" }));
  const first = strategy.getByRole("textbox", { name: "Batch 1: size" });
  expect(first.getAttribute("value")).toBe("10");
  await user.click(strategy.getByRole("button", { name: "Remove batch 1" }));
  expect(await strategy.findByText("10 → 4 · 6")).toBeTruthy();

  await user.click(strategy.getByRole("radio", { name: "Rolling" }));
  expect(await strategy.findByText("10 → 10")).toBeTruthy();
  expect(strategy.queryByRole("textbox", { name: "Batch 1: size" })).toBeNull();
});

it("keeps what was typed for another kind, and saves by keyboard", async () => {
  const user = userEvent.setup();
  open("group-prod-bj-1");
  const health = await section("Health checks");
  const kind = within(health.getByRole("radiogroup", { name: "Startup: kind" }));
  await user.click(kind.getByRole("radio", { name: "TCP" }));
  expect(health.getByRole("textbox", { name: "Startup: port" }).getAttribute("value")).toBe("http");
  await user.click(kind.getByRole("radio", { name: "Command" }));
  const command = health.getByRole("textbox", { name: "Startup: command" });
  expect(command.getAttribute("value")).toBe("test -f /tmp/started");
  await user.type(command, "2");
  await user.click(health.getByRole("switch", { name: "Liveness" }));
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(saved).toHaveLength(1));
  expect(saved[0]?.startup.command).toEqual({ kind: "shell", value: "test -f /tmp/started2" });
  expect(saved[0]?.liveness).toMatchObject({ kind: "none", tcp: "admin" });
});

it("keeps what is wrong, and leads to it", async () => {
  const user = userEvent.setup();
  open("group-prod-bj-1");
  const container = await section("Container");
  const port = container.getByRole("textbox", { name: "Port 2: Port" });
  await user.clear(port);
  await user.type(port, "x");
  await user.click(container.getByRole("textbox", { name: "Image" }));
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(saved).toHaveLength(1));
  expect(saved[0]?.ports[1]?.port).toBe("x");
  await waitFor(() => expect(document.activeElement).toBe(port));
});
