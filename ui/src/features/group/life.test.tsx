import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";

// The first page takes a busy machine long to load.
beforeAll(async () => {
  await import("./GroupsPage");
}, 120_000);

function open(calls: Record<string, (payload: never) => unknown> = {}) {
  const core = story(new URLSearchParams("lang=en"));
  const asked: { name: string; payload: unknown }[] = [];
  const window = openWindow(
    {
      ...core,
      calls: { ...core.calls, ...calls },
      onCommand: (command, args) => {
        if (command === "call") asked.push({ name: String(args.name), payload: args.payload });
      },
    },
    "/app/app-checkout/groups",
  );
  const payloads = (name: string) =>
    asked.filter((one) => one.name === name).map(({ payload }) => payload);
  return { ...window, payloads };
}

async function choose(user: ReturnType<typeof userEvent.setup>, group: string, item: string) {
  await user.click(await screen.findByRole("button", { name: `Actions of ${group}` }));
  await user.click(await screen.findByRole("menuitem", { name: item }));
}

it("says how many pods a stop ends, and stops once that is confirmed", async () => {
  const user = userEvent.setup();
  const { payloads, address } = open();
  const before = address();
  await choose(user, "prod-bj-1", "Stop…");
  const dialog = await screen.findByRole("dialog", { name: "Stop prod-bj-1?" });
  expect(within(dialog).getByText("10 pods end.")).toBeTruthy();
  expect(payloads("group_stop")).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Stop prod-bj-1" }));
  await waitFor(() => expect(payloads("group_stop")).toEqual(["group-prod-bj-1"]));
  expect(address(), "what is chosen in a row's menu is no click on the row").toBe(before);
});

it("clones a group under another name, and opens the copy", async () => {
  const user = userEvent.setup();
  const { payloads, address } = open();
  await choose(user, "test", "Clone to…");
  const dialog = await screen.findByRole("dialog", { name: "Clone test to …" });
  await user.type(within(dialog).getByRole("textbox"), "test-2{Enter}");
  await waitFor(() =>
    expect(payloads("group_clone")).toEqual([
      { group: "group-test", name: "test-2", environment: "test", link: "bj-dev" },
    ]),
  );
  await waitFor(() => expect(address()).toContain("/groups/group-prod-gz-2"));
});

it("says under the field why a name can not be taken", async () => {
  const user = userEvent.setup();
  open({
    group_clone: () => {
      throw {
        code: "invalid",
        params: {},
        detail: "",
        hints: [],
        retryable: false,
        fields: [{ field: "name", code: "taken", params: {}, fix: null }],
      };
    },
  });
  await choose(user, "test", "Clone to…");
  const dialog = await screen.findByRole("dialog", { name: "Clone test to …" });
  await user.type(within(dialog).getByRole("textbox"), "staging{Enter}");
  expect(await within(dialog).findByText("This name is taken")).toBeTruthy();
  await user.type(within(dialog).getByRole("textbox"), "-2");
  expect(within(dialog).queryByText("This name is taken"), "of another name").toBeNull();
});
