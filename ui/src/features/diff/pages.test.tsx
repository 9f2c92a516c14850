import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";
import type { ForeignFields } from "~/wire/types";

// The pages come with their own pieces of code; what loads them is not what is tried here.
beforeAll(() => Promise.all([import("./YamlPage"), import("./DiffPage")]), 120_000);

const GROUP = "/app/app-checkout/groups/group-prod-gz-1";
let orders: [string, ForeignFields][] = [];

beforeEach(() => {
  localStorage.clear();
  orders = [];
});

function open(address: string, search = "lang=en") {
  const core = story(new URLSearchParams(search));
  const noted = (name: string) => (payload: never) => {
    orders.push([name, payload]);
    return core.calls?.[name]?.(payload);
  };
  const calls = {
    ...core.calls,
    group_adopt: noted("group_adopt"),
    group_revert: noted("group_revert"),
    group_discard: noted("group_discard"),
  };
  return openWindow({ ...core, calls }, address);
}

it("names what somebody else changed, adopts it, and says before what reverting costs", async () => {
  const user = userEvent.setup();
  open(`${GROUP}/yaml`);
  const table = await screen.findByRole("table", { name: "Fields that differ" });
  const row = within(table).getByRole("row", { name: /spec\.replicas/ });
  expect(row.textContent).toContain("kubectl, subresource scale");
  await user.click(within(row).getByRole("button", { name: "Adopt spec.replicas" }));
  await user.click(within(table).getByRole("button", { name: /Revert containers\[app\].*memory/ }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("goes back with the next release: that replaces pods");
  expect(orders).toHaveLength(1);
  await user.click(within(dialog).getByRole("button", { name: "Revert" }));
  await screen.findByText("goes back with the next release");
  const group = "group-prod-gz-1";
  expect(orders).toEqual([
    ["group_adopt", { group, fields: [{ path: "spec.replicas", live: "8" }] }],
    [
      "group_revert",
      {
        group,
        fields: [
          { path: "spec.template.spec.containers[app].resources.limits.memory", live: "768Mi" },
        ],
      },
    ],
  ]);
});

it("discards one change of the draft, and keeps the words of all three marked until then", async () => {
  const user = userEvent.setup();
  open(`${GROUP}/yaml`);
  const three = await screen.findByRole("region", { name: "Three-way" });
  await waitFor(() =>
    expect([...three.querySelectorAll("mark")].map((mark) => mark.textContent)).toContain("768Mi"),
  );
  await user.click(
    await screen.findByRole("button", { name: /Discard the change of .*application/ }),
  );
  await waitFor(() => expect(orders.at(-1)?.[0]).toBe("group_discard"));
  await waitFor(() => expect(screen.queryByRole("button", { name: /^Discard/ })).toBeNull());
});

it("says what is live of a field that only the draft changes", async () => {
  open(`${GROUP}/yaml`);
  const table = await screen.findByRole("table", { name: "Fields that differ" });
  const row = within(table).getByRole("row", { name: /application\.yaml/ });
  const [released, live, draft] = within(row)
    .getAllByRole("cell")
    .map((cell) => cell.textContent);
  expect(live).toBe(released);
  expect(live).not.toBe(draft);
});

it("offers to deploy once beside what changes", async () => {
  open(`${GROUP}/diff`);
  await screen.findByText(/waits for a release/);
  expect(screen.getAllByRole("link", { name: /^Deploy/ })).toHaveLength(1);
});

it("says that the live side cannot be had, and shows the others meanwhile", async () => {
  const user = userEvent.setup();
  open(`${GROUP}/yaml`, "lang=en&stale");
  await screen.findByText(/The other sides are on this computer/);
  await screen.findByText(/gz-prod has not answered since/);
  await user.click(screen.getByRole("radio", { name: "Last released" }));
  await waitFor(() => expect(screen.getByText(/r18 · Chen Wei/)).toBeTruthy());
});

it("keeps both sides and the way they are drawn in the address", async () => {
  const user = userEvent.setup();
  const window = open(`${GROUP}/diff?from=live`);
  await screen.findByText("containers.app.resources.limits.memory");
  expect(screen.getByRole("combobox", { name: "Compare" }).textContent).toContain("Live");
  await user.click(screen.getByRole("radio", { name: "Inline" }));
  await user.click(screen.getByRole("link", { name: "Swap the sides" }));
  await waitFor(() => {
    const search = new URLSearchParams(window.address().split("?")[1]);
    expect(Object.fromEntries(search)).toEqual({ from: "saved", to: "live", view: "inline" });
  });
});

it("compares with another group, and with any of its releases", async () => {
  const user = userEvent.setup();
  const window = open(`${GROUP}/diff`);
  await user.click(await screen.findByRole("combobox", { name: "Group: with" }));
  await user.click(await screen.findByRole("option", { name: "prod-sh-1" }));
  await waitFor(() =>
    expect(decodeURIComponent(window.address())).toContain("group-prod-sh-1/saved"),
  );
  await user.click(screen.getByRole("combobox", { name: "with" }));
  await user.click(await screen.findByRole("option", { name: /Release r28/ }));
  await waitFor(() =>
    expect(decodeURIComponent(window.address())).toMatch(/to=group-prod-sh-1\/release:/),
  );
});

it("counts what waits for a release, by section, and leads to the diff", async () => {
  const user = userEvent.setup();
  open("/app/app-checkout/groups?show=pending");
  expect(await screen.findByText("3 changes")).toBeTruthy();
  expect(screen.queryByText("dev-lihua")).toBeNull();
  await user.click(screen.getByRole("link", { name: "Edit: prod-bj-1" }));
  await screen.findByText(/strategy 1, health checks 1, and lifecycle 1/);
  await user.click(screen.getByRole("link", { name: "See diff" }));
  await screen.findByRole("combobox", { name: "Compare" });
});

it("begins at its top, and goes to a change once somebody steps to it", async () => {
  const user = userEvent.setup();
  const gone = vi.spyOn(Element.prototype, "scrollIntoView");
  open(`${GROUP}/diff?from=released&to=live`);
  const [next] = await screen.findAllByRole("button", { name: "Next change" });
  expect(gone).not.toHaveBeenCalled();
  if (next) await user.click(next);
  expect(gone).toHaveBeenCalled();
  gone.mockRestore();
});
