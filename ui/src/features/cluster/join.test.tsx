import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";
import type { JoinRequest } from "~/wire/types";

// They come with their own pieces of code; what loads them is not what is tried here.
beforeAll(() => Promise.all([import("./ClustersPage"), import("./JoinDialog")]), 120_000);

let joined: JoinRequest[] = [];

beforeEach(() => {
  localStorage.clear();
  joined = [];
  const core = story(new URLSearchParams("lang=en&join"));
  const join_apps = (request: JoinRequest) => {
    joined.push(request);
    return core.calls?.join_apps?.(request as never);
  };
  openWindow({ ...core, calls: { ...core.calls, join_apps } }, "/clusters");
});

it("says what colleagues have in a cluster, and joins what is chosen of it", async () => {
  const user = userEvent.setup();
  await screen.findByText("2 apps of colleagues are in bj-prod");
  await user.click(screen.getByRole("button", { name: "Join…" }));
  const dialog = await screen.findByRole("dialog");
  const box = (name: string) => within(dialog).getByRole("checkbox", { name });
  expect(
    box("user-center").getAttribute("aria-disabled") ??
      box("user-center").hasAttribute("data-disabled"),
  ).toBeTruthy();
  expect(dialog.textContent).toContain("another app has this name here");
  expect(dialog.textContent).toContain("2 sensitive values: db.password and token");
  await user.click(box("order-center"));
  await user.click(within(dialog).getByRole("button", { name: "Join 1 app" }));
  await waitFor(() => expect(joined).toEqual([{ link: "bj-prod", apps: ["app-web-mall"] }]));
  await screen.findByText("1 app joined");
});
