import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";

function open(query: string, address: string) {
  return openWindow(story(new URLSearchParams(`lang=en&${query}`)), address);
}

it("begins the overview with what waits, and every card opens what runs by keyboard", async () => {
  const user = userEvent.setup();
  const { address } = open("", "/app/app-checkout/overview");
  const waiting = await screen.findByRole("list", { name: "Waits for you" });
  const first = within(waiting).getAllByRole("listitem")[0] as HTMLElement;
  expect(first.textContent).toContain("Release r28 stopped");
  expect(within(first).getByRole("link", { name: "See diagnosis: prod-sh-1" })).toBeTruthy();

  const card = await screen.findByRole("link", {
    name: /^prod-bj-1, Running, 2.14.0, 10\/10 ready/,
  });
  card.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(address()).toContain("/running/group-prod-bj-1"));
});

it("says what a group is where there is none", async () => {
  open("nogroups", "/app/app-checkout/overview");
  expect(await screen.findByRole("heading", { name: "No groups yet" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Create group" })).toBeTruthy();
  expect(screen.queryByRole("link", { name: "New release" })).toBeNull();
});

it("creates an app where the person is, with the core's errors under the fields", async () => {
  const user = userEvent.setup();
  const { address } = open("", "/settings?dialog=app");
  const dialog = await screen.findByRole("dialog", { name: "New app" });
  await user.click(within(dialog).getByRole("button", { name: "Create app" }));
  const name = within(dialog).getByRole("textbox", { name: "Name" });
  await waitFor(() => expect(name.getAttribute("aria-invalid")).toBe("true"));
  await waitFor(() => expect(document.activeElement).toBe(name));

  await user.type(name, "Check Out");
  await user.click(await within(dialog).findByRole("button", { name: "Use check-out" }));
  await user.keyboard("{Enter}");
  await user.click(within(dialog).getByRole("button", { name: "Create app" }));
  await waitFor(() => expect(address()).toBe("/app/app-checkout/overview"));
});

it("does not delete an app that has groups, and names them", async () => {
  open("", "/app/app-checkout/overview?dialog=delete");
  const dialog = await screen.findByRole("dialog", { name: "Delete checkout-api?" });
  expect(within(dialog).getByText("prod-gz-2")).toBeTruthy();
  const button = within(dialog).getByRole("button", { name: "Delete checkout-api" });
  expect(button.getAttribute("aria-disabled")).toBe("true");
});

it("hands a code that is pasted on the first run to the dialog, and to nothing else", async () => {
  const user = userEvent.setup();
  const asked: unknown[] = [];
  const core = story(new URLSearchParams("lang=en&empty"));
  const inspect = core.calls?.cluster_inspect;
  const calls = {
    ...core.calls,
    cluster_inspect: (payload: never) => {
      asked.push(payload);
      return inspect?.(payload);
    },
  };
  const { address } = openWindow({ ...core, calls }, "/");
  const field = await screen.findByRole("textbox", { name: "Authorization code" });
  expect(document.activeElement).toBe(field);
  const code = `slw1.${"secret".repeat(20)}`;
  await user.paste(code);

  const dialog = await screen.findByRole("dialog", { name: "Link a cluster" });
  await within(dialog).findByText("What you may do there");
  expect(asked).toEqual([{ kind: "code", code }]);
  expect(address()).toBe("/clusters?dialog=link");
  expect(document.documentElement.outerHTML).not.toContain("secretsecret");
});

it("offers to link a cluster first on the first run", async () => {
  open("empty", "/");
  expect(await screen.findByRole("heading", { name: "Release calmly" })).toBeTruthy();
  const link = await screen.findByRole("link", { name: "Link cluster…" });
  expect(link.getAttribute("href")).toContain("/clusters?dialog=link");
  expect(screen.getByTitle("cargo xtask run --practice")).toBeTruthy();
});
