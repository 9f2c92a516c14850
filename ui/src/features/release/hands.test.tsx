import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";
import { App } from "~/app/App";
import { router } from "~/app/router";
import { story } from "~/dev/story";
import { simulateCore } from "~/platform/simulate";

let clear = () => {};
afterEach(() => clear());

/** The release page of the staging group, which rolls, where somebody else drives it. */
async function open(drives: string, id = "release-staging-63") {
  const acts: unknown[] = [];
  clear = simulateCore({
    ...story(new URLSearchParams(`lang=en&drives=${drives}`)),
    onCommand: (command, args) => {
      if (command === "call" && args.name === "release_act") acts.push(args.payload);
    },
  });
  render(<App />);
  await router.navigate({
    to: "/app/$app/releases/$release",
    params: { app: "app-checkout", release: id },
  });
  await screen.findByRole("list", { name: "Stages" });
  return acts;
}

const button = (name: RegExp | string) => screen.queryByRole("button", { name });

it("what a colleague drives is watched, and says by whom", async () => {
  await open("others");
  expect(await screen.findByText("Chen Wei drives it.")).toBeDefined();
  expect(screen.getByText(/From chenwei-x1/)).toBeDefined();
  for (const name of ["Pause", /^Abort/, "Take over"]) expect(button(name)).toBeNull();
});

it("what nobody drives any more is taken over by key, or aborted", async () => {
  const user = userEvent.setup();
  const acts = await open("adrift");
  const bar = (await screen.findByText("Nobody drives this release.")).closest("[role=status]");
  expect(bar?.textContent).toContain("Chen Wei drove it from chenwei-x1");
  expect(screen.queryByText("You can close the lid.")).toBeNull();
  expect(button(/^Abort/)).not.toBeNull();
  screen.getByRole("button", { name: "Take over" }).focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(acts).toEqual([{ id: "release-staging-63", action: "take_over" }]));
});

it("what a newer Slipway made is shown, and cannot be driven", async () => {
  await open("newer");
  expect(await screen.findByText("A newer Slipway made this release.")).toBeDefined();
  for (const name of ["Pause", /^Abort/, "Continue"]) expect(button(name)).toBeNull();
});

it("names the records that are in no history", async () => {
  clear = simulateCore(story(new URLSearchParams("lang=en&unread")));
  render(<App />);
  await router.navigate({ to: "/app/$app/releases", params: { app: "app-checkout" } });
  const bar = (await screen.findByText("2 records cannot be shown.")).closest("[role=status]");
  const said = within(bar as HTMLElement);
  expect(said.getByText(/r29 \(of a newer Slipway\)/)).toBeDefined();
  expect(said.getByText(/r205 \(its head was changed\)/)).toBeDefined();
});
