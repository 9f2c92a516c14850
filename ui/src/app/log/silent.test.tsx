import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";

it("says since when nothing comes of a cluster that does not answer", async () => {
  const core = story(new URLSearchParams("lang=en&stale"));
  openWindow(core, "/app/app-checkout/running/group-prod-gz-1");
  await userEvent.click(await screen.findByRole("button", { name: "Logs of all pods" }));
  const panel = await screen.findByRole("tabpanel", { name: "Logs · prod-gz-1" });
  expect(await within(panel).findByText(/No answer since \d\d:\d\d/)).toBeTruthy();
  expect(within(panel).queryByText(/streaming/)).toBeNull();
});
