import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import { story } from "~/dev/story";
import { simulateCore } from "~/platform/simulate";
import { openWindow } from "~/test/window";
import { App } from "./App";

let clear = () => {};
beforeEach(() => {
  clear = simulateCore(story(new URLSearchParams("lang=en")));
});
afterEach(() => clear());

/** Something that stays away until it is told to come. */
function holdBack() {
  let come = () => {};
  const held = new Promise<void>((resolve) => {
    come = resolve;
  });
  return { held, answer: () => come() };
}

it("has a way past the navigation, and follows a card into its page", async () => {
  const user = userEvent.setup();
  render(<App />);
  await screen.findByRole("heading", { name: "Overview" });
  // The page takes the keyboard a moment after it is drawn; only then can it be taken from it.
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("main")));
  act(() => (document.activeElement as HTMLElement).blur());
  await user.tab();
  expect(document.activeElement?.textContent).toBe("Skip to the page");
  await user.keyboard("{Enter}");
  expect(document.activeElement).toBe(screen.getByRole("main"));

  const card = await screen.findByRole("link", { name: /^prod-bj-1, Running/ });
  act(() => card.focus());
  await user.keyboard("{Enter}");
  await screen.findByRole("button", { name: "Group: prod-bj-1" });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("main")));
});

it("opens the first app, shows its pages, and the palette finds a group by words in any order", async () => {
  const user = userEvent.setup();
  render(<App />);
  const navigation = await screen.findByRole("navigation", { name: "Navigation" });
  const app = await within(navigation).findByRole("link", { name: /checkout-api/ });
  await waitFor(() => expect(app.getAttribute("aria-expanded")).toBe("true"));
  for (const page of ["Overview", "Groups", "Running state", "Releases", "Clusters"]) {
    expect(
      (await within(navigation).findAllByRole("link", { name: new RegExp(page) })).length,
    ).toBeGreaterThan(0);
  }
  expect(await within(navigation).findByText("18 ms")).toBeTruthy();

  await user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: "Command palette" });
  await user.type(field, "sh prod");
  const option = await screen.findByRole("option", { name: /^prod-sh-1/ });
  await waitFor(() => expect(option.getAttribute("aria-selected")).toBe("true"));
  await user.keyboard("{Enter}");
  await waitFor(() =>
    expect(window.location.hash).toBe("#/app/app-checkout/running/group-prod-sh-1"),
  );
});

it("asks for the groups of the chosen app only, and lists its pages once they are known: none moves", async () => {
  const core = story(new URLSearchParams("lang=en"));
  const groups = core.calls?.group_list as (payload: string) => unknown;
  const { held, answer } = holdBack();
  const asked: string[] = [];
  const group_list = (app: string) => {
    asked.push(app);
    return held.then(() => groups(app));
  };
  openWindow({ ...core, calls: { ...core.calls, group_list } }, "/app/app-checkout/config");
  const list = await screen.findByRole("list", { name: "Pages of checkout-api" });
  await waitFor(() => expect(asked).toEqual(["app-checkout"]));
  expect(within(list).queryAllByRole("link")).toEqual([]);
  act(answer);
  await within(list).findByRole("link", { name: "Running state" });
});

it("says on whatever page it opens that a damaged database was set aside", async () => {
  const core = story(new URLSearchParams("lang=en"));
  const about = {
    version: "0.1.0",
    data_dir: "/data",
    keyring: { state: "ready" },
    set_aside: "/data/slipway.db.corrupt-1",
    device: "laptop",
  };
  openWindow({ ...core, calls: { ...core.calls, setting_about: () => about } }, "/clusters");
  // Shown, and read out.
  const said = await screen.findAllByText(/set aside as \/data\/slipway.db.corrupt-1/);
  expect(said.length).toBeGreaterThan(0);
});

it("leaves a person where they went while the list of apps was on its way", async () => {
  const core = story(new URLSearchParams("lang=en"));
  const list = core.calls?.app_list as (payload: null) => unknown;
  const { held, answer } = holdBack();
  const calls = { ...core.calls, app_list: () => held.then(() => list(null)) };
  const { address } = openWindow({ ...core, calls }, "/");
  await userEvent.setup().keyboard("{Control>},{/Control}");
  answer();
  await screen.findByRole("link", { name: /checkout-api/ });
  await screen.findByRole("heading", { name: "Settings" });
  expect(address()).toBe("/settings");
});
