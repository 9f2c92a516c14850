import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";
import type { GroupDraft } from "~/wire/types";

let created: GroupDraft[] = [];

// The page brings the steps of several features, which a busy machine takes long to load.
beforeAll(async () => {
  await import("./NewGroupPage");
}, 120_000);

beforeEach(() => {
  localStorage.clear();
  created = [];
});

function open(search = "") {
  const core = story(new URLSearchParams("lang=en"));
  const create = core.calls?.group_create;
  const calls = {
    ...core.calls,
    group_create: (payload: never) => {
      const id = create?.(payload);
      created.push((payload as { draft: GroupDraft }).draft);
      return id;
    },
  };
  return openWindow({ ...core, calls }, `/app/app-checkout/groups/new${search}`);
}

const name = () => screen.findByRole("textbox", { name: "Name" });

it("says what is wrong with a field only once it was touched, and offers the mend", async () => {
  const user = userEvent.setup();
  open();
  await user.type(await name(), "Prod GZ");
  const fix = await screen.findByRole("button", { name: "Use prod-gz" });
  // The cluster is missing too, but nobody has come that far.
  expect(screen.queryByText("Fill this in")).toBeNull();
  await user.click(fix);
  await waitFor(async () => expect((await name()).getAttribute("value")).toBe("prod-gz"));
  expect(await screen.findByText(/free; objects are called/)).toBeTruthy();
});

it("keeps what was typed until it is saved or discarded", async () => {
  const user = userEvent.setup();
  const first = open();
  await user.type(await name(), "prod-gz-9");
  await screen.findByText(/Not saved yet/);
  first.unmount();

  open();
  expect((await name()).getAttribute("value")).toBe("prod-gz-9");
  expect(screen.getByText("What you had typed is here again.")).toBeTruthy();
  await user.click(screen.getAllByRole("button", { name: "Discard" })[1] as HTMLElement);
  await waitFor(async () => expect((await name()).getAttribute("value")).toBe(""));
  expect(localStorage).toHaveLength(0);
});

it("keeps no group without a name, and everything else as it is", async () => {
  const user = userEvent.setup();
  const { address } = open();
  await name();
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(screen.getAllByText("Fill this in")).toHaveLength(2));
  expect(document.activeElement).toBe(await name());
  expect(created).toEqual([]);

  await user.type(await name(), "prod-gz-9");
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(created).toHaveLength(1));
  // The cluster can wait.
  expect(created[0]).toMatchObject({ name: "prod-gz-9", link: "" });
  await waitFor(() => expect(address()).toContain("step=balancers"));
  expect(address()).toContain("group=group-prod-gz-2");
  expect(localStorage).toHaveLength(0);
});

it("goes through its steps by keyboard and ends at the group", async () => {
  const user = userEvent.setup();
  const { address } = open("?group=group-prod-gz-2&step=balancers");
  await screen.findByRole("heading", { name: "New group" });
  await screen.findByText("What will be created");
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(address()).toContain("step=files"));
  await user.click(await screen.findByRole("button", { name: "Back" }));
  await waitFor(() => expect(address()).toContain("step=balancers"));
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(address()).toContain("step=files"));
  await screen.findByRole("button", { name: /Create group/ });
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(address()).toContain("show=created"));
});

it("asks before what was typed is discarded", async () => {
  const user = userEvent.setup();
  const { address } = open();
  await user.type(await name(), "prod-gz-9");
  await user.click(screen.getAllByRole("button", { name: "Discard" })[0] as HTMLElement);
  const dialog = await screen.findByRole("dialog", { name: "Discard this group?" });
  expect(localStorage).toHaveLength(1);
  await user.click(within(dialog).getByRole("button", { name: "Discard" }));
  await waitFor(() => expect(address()).toBe("/app/app-checkout/groups"));
  expect(localStorage).toHaveLength(0);
});
