import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { App } from "~/app/App";
import { router } from "~/app/router";
import { askedOfStory } from "~/test/asked";

const of = askedOfStory();

async function open(release: string) {
  const user = userEvent.setup();
  render(<App />);
  await router.navigate({
    to: "/app/$app/releases/$release",
    params: { app: "app-checkout", release },
  });
  await user.click(await screen.findByRole("button", { name: "Roll back to this version…" }));
  return { user, dialog: await screen.findByRole("dialog") };
}

it("says what goes back with it, by whom, and begins what was planned for the chosen scope", async () => {
  const { user, dialog } = await open("release-prod-bj-1-39");
  const inside = within(dialog);
  await inside.findByText("Roll back prod-bj-1 to r39");
  // What the release between the two changed goes back, too.
  expect(await inside.findByText("Also takes back r40, see below")).toBeDefined();
  expect(inside.getByText("cache.timeout")).toBeDefined();
  expect(inside.getByText("250ms").tagName).toBe("DEL");
  expect(inside.queryByText("250ms · stays")).toBeNull();
  expect(of("rollback_plan")).toEqual([
    { release: "release-prod-bj-1-39", scope: "configuration" },
  ]);

  await user.click(inside.getByRole("radio", { name: /Image only/ }));
  await waitFor(() =>
    expect(of("rollback_plan").at(-1)).toEqual({ release: "release-prod-bj-1-39", scope: "image" }),
  );
  expect((await inside.findAllByText("· stays")).length).toBe(5);
  await user.click(inside.getByRole("radio", { name: /load balancers of r39/ }));
  expect(await inside.findByText("· goes")).toBeDefined();
  await user.click(inside.getByRole("radio", { name: /Image only/ }));
  await inside.findAllByText("· stays");

  await user.type(inside.getByRole("textbox", { name: "Note" }), "until fixed");
  await user.click(inside.getByRole("button", { name: "Roll back prod-bj-1" }));
  await waitFor(() => expect(of("release_start")).toEqual([{ plan: "5f1e", note: "until fixed" }]));
  // The story's cluster moved since.
  expect(await inside.findByRole("button", { name: "Plan again" })).toBeDefined();
});

it("a check that blocks stands in the way, with its words", async () => {
  const { user, dialog } = await open("release-prod-gz-1-17");
  const inside = within(dialog);
  expect(await inside.findByText("r19 by Chen Wei moves")).toBeDefined();
  await user.click(inside.getByRole("button", { name: /Roll back prod-gz-1/ }));
  expect(of("release_start")).toEqual([]);
});

it("is offered for what came through and is not the last", async () => {
  render(<App />);
  await router.navigate({
    to: "/app/$app/releases/$release",
    params: { app: "app-checkout", release: "release-prod-bj-1-41" },
  });
  await screen.findByRole("heading", { name: "r41 · prod-bj-1" });
  expect(screen.queryByRole("button", { name: "Roll back to this version…" })).toBeNull();
});
