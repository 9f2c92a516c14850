import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";
import type { GroupDraft } from "~/wire/types";

let created: GroupDraft[] = [];

beforeEach(() => {
  localStorage.clear();
  created = [];
});

function open() {
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
  return openWindow({ ...core, calls }, "/app/app-checkout/groups/new");
}

const name = () => screen.findByRole("textbox", { name: "Name" });

async function choose(list: string, option: RegExp) {
  const user = userEvent.setup();
  await user.click(await screen.findByRole("combobox", { name: list }));
  await user.click(await screen.findByRole("option", { name: option }));
}

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
  await user.click(screen.getAllByRole("button", { name: "Discard" })[0] as HTMLElement);
  await waitFor(async () => expect((await name()).getAttribute("value")).toBe(""));
  expect(localStorage).toHaveLength(0);
});

it("shows every wrong field when it is refused, and saves by keyboard once it is right", async () => {
  const user = userEvent.setup();
  const { address } = open();
  await name();
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(screen.getAllByText("Fill this in")).toHaveLength(2));
  expect(document.activeElement).toBe(await name());
  expect(created).toEqual([]);

  await user.type(await name(), "prod-gz-9");
  await choose("Cluster", /gz-prod/);
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(created).toHaveLength(1));
  expect(created[0]).toMatchObject({ name: "prod-gz-9", link: "gz-prod" });
  await waitFor(() => expect(address()).toContain("show=created"));
  expect(
    await screen.findByText("Nothing runs yet; a release brings it to the cluster."),
  ).toBeTruthy();
  expect(localStorage).toHaveLength(0);
});

it("takes lines of KEY=VALUE as variables", async () => {
  const user = userEvent.setup();
  open();
  await name();
  await user.click(screen.getByRole("button", { name: "Add variable" }));
  await user.click(screen.getByRole("textbox", { name: "Variable 1: Name" }));
  await user.paste("A=1\nB=two words\nnonsense");
  expect(await screen.findByDisplayValue("two words")).toBeTruthy();
  expect(screen.getByText(/2 variables taken/).textContent).toContain("nonsense");
  await user.click(screen.getByRole("button", { name: "Remove variable 1" }));
  expect(screen.getByRole("textbox", { name: "Variable 1: Name" }).getAttribute("value")).toBe("B");
});
