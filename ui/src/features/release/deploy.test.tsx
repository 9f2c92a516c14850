import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { App } from "~/app/App";
import { router } from "~/app/router";
import { askedOfStory } from "~/test/asked";

const of = askedOfStory();

const open = (group: string) =>
  router.navigate({
    to: "/app/$app/releases/new",
    params: { app: "app-checkout" },
    search: { group: `group-${group}`, choose: "2.14.0" },
  });

it("asks once more, by name, before it changes production; then plans again when the cluster moved", async () => {
  const user = userEvent.setup();
  render(<App />);
  await open("prod-sh-1");
  await screen.findByText("at most 1 extra, never fewer than 8");
  await user.type(screen.getByRole("textbox", { name: "Note" }), "larger pool");
  await user.keyboard("{Control>}{Enter}{Enter}{/Control}");

  const dialog = await screen.findByRole("dialog", { name: "Deploy to prod-sh-1?" });
  expect(of("release_start")).toEqual([]);
  await user.click(
    within(dialog).getByRole("button", { name: "Deploy to Production · prod-sh-1" }),
  );
  await waitFor(() => expect(of("release_start")).toEqual([{ plan: "5f1e", note: "larger pool" }]));

  const again = await screen.findByRole("button", { name: "Plan again" });
  const plans = of("release_plan").length;
  await user.click(again);
  await waitFor(() => expect(of("release_plan").length).toBeGreaterThan(plans));
  expect(screen.queryByText("The cluster changed since the plan.")).toBeNull();
});

it("a check that blocks locks the button, and the shortcut too", async () => {
  const user = userEvent.setup();
  render(<App />);
  await open("prod-gz-1");
  await screen.findByText("r19 by Chen Wei moves");
  const deploy = screen.getByRole("button", { name: /Deploy to prod-gz-1/ });
  expect(deploy.getAttribute("aria-disabled")).toBe("true");
  await user.click(deploy);
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(of("release_start")).toEqual([]);
});

it("what a colleague released meanwhile is named, and leads to where it is merged", async () => {
  render(<App />);
  await open("test");
  const said = "takes back memory.limit, changed by Chen Wei in r204";
  const link = await screen.findByRole("link", { name: said });
  expect(link.getAttribute("href")).toContain("/groups/group-test/merge");
});

it("an environment without protection is deployed to at once", async () => {
  const user = userEvent.setup();
  render(<App />);
  await open("test");
  await screen.findByText("at most 1 extra, never fewer than 2");
  await user.click(screen.getByRole("button", { name: /Deploy to test/ }));
  await waitFor(() => expect(of("release_start")).toHaveLength(1));
});

it("a stopped release says why, proves it, and aborts only after a question", async () => {
  const user = userEvent.setup();
  render(<App />);
  await router.navigate({
    to: "/app/$app/releases/$release",
    params: { app: "app-checkout", release: "release-prod-sh-1-28" },
  });
  await screen.findByRole("heading", { name: /Pod hv7qd exits with code 1; its last line/ });
  expect(screen.getByText("image pulled · node healthy · not out of memory")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Abort, back to 2.13.4…" }));
  const dialog = await screen.findByRole("dialog", { name: "Abort r28 on prod-sh-1?" });
  expect(of("release_act")).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Abort, back to 2.13.4" }));
  await waitFor(() =>
    expect(of("release_act")).toEqual([{ id: "release-prod-sh-1-28", action: "abort" }]),
  );
});
