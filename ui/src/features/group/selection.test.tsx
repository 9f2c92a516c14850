import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";

const GROUPS = "/app/app-checkout/groups";
let saved: string[][] = [];

beforeEach(() => {
  localStorage.clear();
  saved = [];
});

function open(address: string) {
  const core = story(new URLSearchParams("lang=en"));
  const calls = {
    ...core.calls,
    group_save_yaml: (groups: string[]) => {
      saved.push(groups);
      return core.calls?.group_save_yaml?.(groups as never);
    },
  };
  return openWindow({ ...core, calls }, address);
}

it("keeps what is ticked in the address, saves all of it, and compares two", async () => {
  const user = userEvent.setup();
  const window = open(GROUPS);
  await user.click(await screen.findByRole("checkbox", { name: "Select: prod-gz-1" }));
  const bar = screen.getByRole("toolbar", { name: "Selected groups" });
  await within(bar).findByText("1 selected");
  expect(within(bar).getByRole("button", { name: "Compare" }).ariaDisabled).toBe("true");
  expect(within(bar).getByRole("link", { name: "Deploy…" }).getAttribute("href")).toContain(
    "group=group-prod-gz-1",
  );
  // Without a pointer: the row is in the tab order, the space bar ticks it.
  const row = screen.getByRole("row", { name: /prod-sh-1/ });
  row.focus();
  await user.keyboard(" ");
  await within(bar).findByText("2 selected");
  expect(new URLSearchParams(window.address().split("?")[1]).get("choose")).toBe(
    "group-prod-gz-1,group-prod-sh-1",
  );
  expect(within(bar).getByRole("button", { name: "Deploy…" }).ariaDisabled).toBe("true");
  await user.click(within(bar).getByRole("button", { name: "Save YAML…" }));
  await waitFor(() => expect(saved).toEqual([["group-prod-gz-1", "group-prod-sh-1"]]));

  await user.click(within(bar).getByRole("link", { name: "Compare" }));
  await waitFor(() => expect(window.address()).toContain("/diff"));
  await screen.findAllByText("Saved of prod-gz-1");
  expect(screen.getAllByText("Saved of prod-sh-1").length).toBeGreaterThan(0);
});

it("takes the ticks away, and none that the filter hides is acted on", async () => {
  const user = userEvent.setup();
  open(`${GROUPS}?choose=group-test,group-prod-gz-1&filter=prod`);
  const bar = await screen.findByRole("toolbar", { name: "Selected groups" });
  expect(within(bar).getByText("1 selected")).toBeTruthy();
  await user.click(within(bar).getByRole("button", { name: "Select none" }));
  await waitFor(() =>
    expect(screen.queryByRole("toolbar", { name: "Selected groups" })).toBeNull(),
  );
});

it("deletes one after the other, each with its own list", async () => {
  const user = userEvent.setup();
  open(`${GROUPS}?choose=group-test,group-prod-gz-1`);
  const bar = await screen.findByRole("toolbar", { name: "Selected groups" });
  await user.click(within(bar).getByRole("button", { name: "Delete…" }));
  const first = await screen.findByRole("dialog", { name: /Delete test/ });
  await user.click(within(first).getByRole("button", { name: "Cancel" }));
  await screen.findByRole("dialog", { name: /Delete prod-gz-1/ });
});

it("compares a group from its menu with another, in any definition", async () => {
  const user = userEvent.setup();
  const window = open(GROUPS);
  await user.click(await screen.findByRole("button", { name: "Actions of prod-gz-1" }));
  await user.click(await screen.findByRole("menuitem", { name: "Compare with…" }));
  const dialog = await screen.findByRole("dialog", { name: "Compare prod-gz-1 with …" });
  await user.click(within(dialog).getByRole("combobox"));
  await user.click(await screen.findByRole("option", { name: /staging/ }));
  await user.click(within(dialog).getByRole("radio", { name: "Last released" }));
  await user.click(within(dialog).getByRole("button", { name: "Compare" }));
  await waitFor(() => expect(window.address()).toContain("/groups/group-prod-gz-1/diff"));
  const search = new URLSearchParams(window.address().split("?")[1]);
  expect(Object.fromEntries(search)).toEqual({ from: "released", to: "group-staging/released" });
});
