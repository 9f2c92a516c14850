import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";

function open() {
  const deleted: string[] = [];
  const core = story(new URLSearchParams("lang=en"));
  const calls = {
    ...core.calls,
    group_delete: (id: string) => {
      deleted.push(id);
      return null;
    },
  };
  return { deleted, ...openWindow({ ...core, calls }, "/app/app-checkout/groups") };
}

it("says why a group with something in a cluster stays, and leads to what runs", async () => {
  const user = userEvent.setup();
  const { address, deleted } = open();
  await user.click(await screen.findByRole("button", { name: "Delete: prod-sh-1" }));
  const dialog = await screen.findByRole("dialog", { name: "prod-sh-1 can not be deleted yet" });
  expect(within(dialog).queryByRole("textbox")).toBeNull();
  await user.click(within(dialog).getByRole("button", { name: "Running state" }));
  await waitFor(() => expect(address()).toContain("/running/group-prod-sh-1"));
  expect(deleted).toEqual([]);
});

it("deletes a draft of a protected environment once its name is typed", async () => {
  const user = userEvent.setup();
  const { deleted } = open();
  await user.click(await screen.findByRole("button", { name: "Delete: prod-gz-2" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete prod-gz-2?" });
  await user.type(within(dialog).getByRole("textbox"), "prod-gz-2{Enter}");
  await waitFor(() => expect(deleted).toEqual(["group-prod-gz-2"]));
});
