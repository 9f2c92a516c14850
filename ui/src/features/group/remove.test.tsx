import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";
import type { Deletion, DeletionOrder, FeedMessage } from "~/wire/types";

const deletion: Deletion = {
  group: "group-prod-bj-1",
  app: "app-checkout",
  link: "bj-prod",
  namespace: "shop",
  app_slug: "checkout-api",
  group_slug: "prod-bj-1",
  workload: "checkout-api-prod-bj-1",
  author: { identity: "li", display: "Li Hua", device: "lihua-mbp" },
  begun: "2025-11-20T10:00:00Z",
  ended: null,
  objects: [
    {
      kind: "Deployment",
      name: "checkout-api-prod-bj-1",
      uid: "1",
      facts: {},
      state: { state: "gone" },
    },
    {
      kind: "Lease",
      name: "slipway-checkout-api-prod-bj-1",
      uid: "2",
      facts: {},
      state: { state: "failed", message: "leases is forbidden" },
    },
  ],
  balancers: [],
  export: "/exports/checkout-api-prod-bj-1.zip",
  stuck: null,
};

function open() {
  const ordered: DeletionOrder[] = [];
  const retried: string[] = [];
  const core = story(new URLSearchParams("lang=en"));
  let now: Deletion | null = null;
  let tell: ((message: FeedMessage) => void) | undefined;
  const calls = {
    ...core.calls,
    group_delete: (order: DeletionOrder) => {
      ordered.push(order);
      now = deletion;
      return null;
    },
    group_deletion: () => now,
    group_delete_retry: (group: string) => {
      retried.push(group);
      return null;
    },
  };
  const feeds = {
    ...core.feeds,
    changes: (...[topic, send]: Parameters<NonNullable<typeof core.feeds>["changes"]>) => {
      core.feeds?.changes?.(topic, send);
      tell = send;
    },
  };
  const reads = (name: string) => (name === "group_deletion" ? ["group:group-prod-bj-1"] : []);
  openWindow({ ...core, calls, feeds, reads }, "/app/app-checkout/groups");
  let seq = 0;
  const change = (next: Deletion | null) => {
    now = next;
    act(() =>
      tell?.({
        kind: "delta",
        seq: ++seq,
        upserts: [{ id: String(seq), tag: "group:group-prod-bj-1" }],
        removes: [],
        as_of: new Date().toISOString(),
        state: { state: "live" },
      }),
    );
  };
  return { ordered, retried, change };
}

it("lists what goes and what stays, and deletes once the name is typed in full", async () => {
  const user = userEvent.setup();
  const { ordered, retried, change } = open();
  await user.click(await screen.findByRole("button", { name: "Delete: prod-bj-1" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete prod-bj-1?" });
  const goes = await within(dialog).findByRole("region", { name: "What goes" });
  expect(within(goes).getByText("checkout-api-prod-bj-1")).toBeTruthy();
  expect(within(goes).getByText("10 pods, 4 ReplicaSets")).toBeTruthy();
  expect(within(goes).getByText("LoadBalancer 10.28.0.80")).toBeTruthy();
  const stays = within(dialog).getByRole("region", { name: "What stays" });
  expect(within(stays).getByText("checkout-gz")).toBeTruthy();
  expect(within(stays).getByText(/exports\/checkout-api-prod-bj-1.zip/)).toBeTruthy();

  const name = within(dialog).getByRole("textbox");
  await user.type(name, "prod-bj-{Enter}");
  expect(ordered).toEqual([]);
  await user.type(name, "1{Enter}");
  await waitFor(() =>
    expect(ordered).toEqual([{ group: "group-prod-bj-1", plan: "plan", typed: "prod-bj-1" }]),
  );

  change(deletion);
  const moving = await screen.findByRole("dialog", { name: "Deleting prod-bj-1" });
  expect(within(moving).getByText("1 of 2 gone")).toBeTruthy();
  expect(within(moving).getByText(/leases is forbidden/)).toBeTruthy();
  await user.click(within(moving).getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(retried).toEqual(["group-prod-bj-1"]));

  change({ ...deletion, ended: "2025-11-20T10:00:09Z" });
  expect(await screen.findByText("prod-bj-1 is deleted")).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("offers to stop instead", async () => {
  const user = userEvent.setup();
  open();
  await user.click(await screen.findByRole("button", { name: "Delete: prod-bj-1" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete prod-bj-1?" });
  await user.click(await within(dialog).findByRole("button", { name: "Stop…" }));
  expect(await screen.findByRole("dialog", { name: "Stop prod-bj-1?" })).toBeTruthy();
});

it("shows deleted groups, and has one back", async () => {
  const user = userEvent.setup();
  open();
  await user.click(await screen.findByRole("radio", { name: "Deleted" }));
  await user.click(await screen.findByRole("button", { name: "Restore group: load" }));
  expect(await screen.findByText("load is here again")).toBeTruthy();
});
