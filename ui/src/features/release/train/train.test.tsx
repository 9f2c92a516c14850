import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";
// Pages are loaded when they are first opened: here, before the first of them.
import "~/app/ReleaseNewPage";
import "~/features/release/ReleasePage";
import "~/features/release/ReleasesPage";
import "./TrainPage";

const NEW = "/app/app-checkout/releases/new";
const TRAIN = "/app/app-checkout/releases/trains/train-1";

/** The window at an address, and what a call was asked with there. */
function open(address: string, search = "") {
  const asked: { name: unknown; payload: unknown }[] = [];
  const onCommand = (command: string, args: Record<string, unknown>) => {
    if (command === "call") asked.push({ name: args.name, payload: args.payload });
  };
  const core = { ...story(new URLSearchParams(`lang=en&${search}`)), onCommand };
  const payloads = (name: string) =>
    asked.filter((one) => one.name === name).map(({ payload }) => payload);
  return { payloads, ...openWindow(core, address) };
}

/** What a timeline tells, newest first, without the times. */
function timeline(list: HTMLElement): string[] {
  return within(list)
    .getAllByRole("listitem")
    .map((item) =>
      [...(item.lastElementChild?.children ?? [])].map((part) => part.textContent).join(": "),
    );
}

it("several groups have an order, which is that of the plans", async () => {
  const user = userEvent.setup();
  const { payloads, address } = open(`${NEW}?group=group-prod-bj-1&choose=2.14.0`);
  await user.click(await screen.findByRole("checkbox", { name: /prod-sh-1/ }));
  const order = await screen.findByRole("region", { name: "In this order, one after another" });
  const names = () =>
    within(order)
      .getAllByRole("listitem")
      .map((item) => item.textContent);
  expect(names()).toEqual(["1prod-bj-1", "2prod-sh-1"]);
  within(order).getByRole("button", { name: "Move prod-bj-1" }).focus();
  await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
  await waitFor(() => expect(names()).toEqual(["1prod-sh-1", "2prod-bj-1"]));
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Move prod-bj-1");
  expect(address()).toContain("group-prod-sh-1%2Cgroup-prod-bj-1");

  await user.click(await screen.findByRole("button", { name: /Deploy to 2 groups…/ }));
  const dialog = await screen.findByRole("dialog", { name: "Deploy to 2 groups?" });
  expect(payloads("train_start")).toEqual([]);
  const deploy = "Deploy to 2 groups, Production among them";
  await user.click(within(dialog).getByRole("button", { name: deploy }));
  await waitFor(() =>
    expect(payloads("train_start")).toMatchObject([
      {
        draft: { cars: ["group-prod-sh-1", "group-prod-bj-1"], soak: "600", cpu: "30" },
        plans: ["5f1e", "5f1e"],
      },
    ]),
  );
  await waitFor(() => expect(address()).toContain("/releases/trains/train-1"));
});

it("a group that is blocked keeps the train back until it is left out", async () => {
  const user = userEvent.setup();
  open(`${NEW}?group=group-prod-bj-1,group-prod-gz-1,group-prod-sh-1&choose=2.14.0`);
  await screen.findByText("prod-gz-1 is blocked:");
  const deploy = screen.getByRole("button", { name: /Deploy to 3 groups/ });
  expect(deploy.getAttribute("aria-disabled")).toBe("true");
  const [leaveOut] = screen.getAllByRole("button", { name: "Leave out prod-gz-1" }).slice(-1);
  if (leaveOut) await user.click(leaveOut);
  const ready = await screen.findByRole("button", { name: /Deploy to 2 groups/ });
  await waitFor(() => expect(ready.getAttribute("aria-disabled")).not.toBe("true"));
});

it("what is to be looked at is told once for all groups of which it is said alike", async () => {
  open(`${NEW}?group=group-test,group-staging&choose=2.14.0`);
  const alike = await screen.findAllByText("All groups:");
  const told = alike.map((of) => of.parentElement?.textContent);
  expect(told).toHaveLength(4);
  expect(told[1]).toBe(
    "All groups: the autoscaler checkout-api, 8–24: when it changes the count, the batches are planned anew",
  );
  const own = screen.getByText("test:").parentElement;
  const merge = own ? within(own).getByRole("link", { name: /^takes back memory.limit/ }) : null;
  expect(merge?.getAttribute("href")).toContain("/groups/group-test/merge");
});

it("a rule that is no number is named, and nothing begins", async () => {
  const user = userEvent.setup();
  open(`${NEW}?group=group-test,group-staging&choose=2.14.0`);
  const cpu = await screen.findByRole("textbox", { name: /^CPU per pod above/ });
  await user.clear(cpu);
  await user.type(cpu, "much");
  await screen.findByText("A whole number");
  const deploy = screen.getByRole("button", { name: /Deploy to 2 groups/ });
  expect((deploy as HTMLButtonElement).disabled || deploy.ariaDisabled).toBeTruthy();
});

it("shows the groups in their order, the soak, and that somebody has to be there", async () => {
  const user = userEvent.setup();
  const { payloads } = open(TRAIN);
  const cars = await screen.findByRole("list", { name: "Groups of the train" });
  expect(
    within(cars)
      .getAllByRole("heading")
      .map(({ textContent }) => textContent),
  ).toEqual(["prod-bj-1", "prod-sh-1", "prod-gz-1"]);
  expect(
    within(cars).getByText(/prod-sh-1 begins at .* at the earliest, in 1[78] min/),
  ).toBeTruthy();
  screen.getByText(/The next group begins only while somebody's Slipway is open/);
  screen.getByText("CPU per pod at most 30% above old");
  screen.getByText("4% less");
  const inFront = () => document.activeElement?.textContent;
  screen.getByRole("button", { name: "Leave out prod-gz-1" }).focus();
  await user.keyboard("{Enter}");
  // What is gone gives the focus to what took its place, or to what it was of.
  await waitFor(() => expect(inFront()).toBe("prod-gz-1"));
  screen.getByRole("button", { name: "Pause the train" }).focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(inFront()).toBe("Resume"));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(inFront()).toBe("Pause the train"));
  await user.click(screen.getByRole("button", { name: "End the train…" }));
  const dialog = await screen.findByRole("dialog", { name: "End this train?" });
  await user.click(within(dialog).getByRole("button", { name: "End the train" }));
  await waitFor(() =>
    expect(payloads("train_act")).toEqual([
      { id: "train-1", action: "skip", group: "group-prod-gz-1" },
      { id: "train-1", action: "pause" },
      { id: "train-1", action: "resume" },
      { id: "train-1", action: "end" },
    ]),
  );
});

it("shows what is planned of groups that have not begun, and when they begin at the earliest", async () => {
  open(TRAIN);
  const car = await screen.findByRole("region", { name: "prod-sh-1" });
  const batches = await within(car).findByRole("list", { name: "Batches" });
  expect(within(batches).getAllByRole("listitem")).toHaveLength(3);
  expect(within(batches).getByText("3 pods, not begun")).toBeTruthy();
  within(car).getByText(/^Not begun\. Plan checked .*, 9 of 13 passed\.$/);
  within(car).getByText(/^begins .* at the earliest$/);
  expect(within(car).getByText("Objects").parentElement?.textContent).toBe("Objects+3 −2");
  expect(within(car).getByText("Quota").parentElement?.textContent).toContain("512Mi");
  // What would keep it back stands there before it is its turn.
  const last = screen.getByRole("region", { name: "prod-gz-1" });
  await within(last).findByText(/r19/);
});

it("soak, question, order and rules are changed on the way", async () => {
  const user = userEvent.setup();
  const { payloads } = open(TRAIN);
  const choose = async (name: string, option: string) => {
    await user.click(await screen.findByRole("combobox", { name }));
    await user.click(await screen.findByRole("option", { name: option }));
  };
  await choose("Soak before prod-gz-1", "2 hr");
  await choose("Before prod-sh-1", "ask me first");
  await screen.findByText(/then somebody is asked before prod-sh-1/);
  const names = () =>
    within(screen.getByRole("list", { name: "Groups of the train" }))
      .getAllByRole("heading")
      .map(({ textContent }) => textContent);
  // What has begun stays where it is.
  expect(screen.queryByRole("button", { name: "Move prod-sh-1 earlier" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Move prod-gz-1 earlier" }));
  await waitFor(() => expect(names()).toEqual(["prod-bj-1", "prod-gz-1", "prod-sh-1"]));

  await user.click(screen.getByRole("button", { name: "Edit the stop rules" }));
  const dialog = await screen.findByRole("dialog", { name: "Stop rules of this train" });
  const cpu = within(dialog).getByRole("textbox", { name: /^CPU per pod above/ });
  await user.clear(cpu);
  await user.type(cpu, "much");
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  await within(dialog).findByText("A whole number");
  await user.clear(cpu);
  await user.type(cpu, "60");
  await user.click(within(dialog).getByRole("checkbox", { name: "No ready pod is lost" }));
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  await screen.findByText("CPU per pod at most 60% above old");
  expect(screen.queryByText("No ready pod is lost")).toBeNull();
  const rules = { restarts: true, ready: false, cpu: "60", memory: "30", limit: "3600" };
  const [gz, sh] = ["group-prod-gz-1", "group-prod-sh-1"];
  expect(payloads("train_edit")).toEqual([
    { id: "train-1", change: { kind: "soak", group: gz, soak: { soak: "7200", ask: false } } },
    { id: "train-1", change: { kind: "soak", group: sh, soak: { soak: "1800", ask: true } } },
    { id: "train-1", change: { kind: "order", groups: [gz, sh] } },
    expect.objectContaining({
      change: { kind: "rules", rules: { ...rules, ready: true, cpu: "much" } },
    }),
    { id: "train-1", change: { kind: "rules", rules } },
  ]);
  const events = within(screen.getByRole("list", { name: "Timeline" }));
  events.getByText("Order changed");
  events.getByText("Stop rules changed");
});

it("the group that waits for a word begins with it", async () => {
  const user = userEvent.setup();
  const { payloads } = open(TRAIN, "train=asks");
  await screen.findByText("prod-sh-1 waits for your word");
  await user.click(screen.getByRole("button", { name: "Begin prod-sh-1" }));
  await waitFor(() =>
    expect(payloads("train_act")).toEqual([
      { id: "train-1", action: "begin", group: "group-prod-sh-1" },
    ]),
  );
});

it("draws the batches of a group, and goes on with the next one", async () => {
  const user = userEvent.setup();
  const { payloads } = open(TRAIN, "rest");
  const car = await screen.findByRole("region", { name: "prod-bj-1" });
  const batches = await within(car).findByRole("list", { name: "Batches" });
  expect(within(batches).getAllByRole("listitem")).toHaveLength(3);
  within(batches).getByText(/^waits/);
  await user.click(screen.getByRole("button", { name: "Continue: batch 3, 5 pods" }));
  await waitFor(() => expect(payloads("release_act")).toMatchObject([{ action: "continue" }]));
});

it("tells the batches of its groups, who let them go on, and where they stand", async () => {
  open(TRAIN, "rest");
  const list = await screen.findByRole("list", { name: "Timeline" });
  await within(list).findByText("prod-bj-1 · Batch 2 ready");
  expect(timeline(list)).toEqual([
    "prod-bj-1 · Batch 2 ready: 5 of 10 pods on 2.14.0 · waits for approval",
    "prod-bj-1 · Batch 2 begun: 4 pods · by Li Hua",
    "prod-bj-1 · Batch 1 ready: 1 of 10 pods on 2.14.0",
    "prod-bj-1 begun: r41 · Batch 1, 1 pod",
    "Train begun: by Li Hua",
  ]);
  const car = screen.getByRole("region", { name: "prod-bj-1" });
  within(car).getByText(/^Rests after batch 2 of 3 · waits for approval since /);
});

it("tells when each batch of a group that is done was done, and how long it took", async () => {
  open(TRAIN);
  const car = await screen.findByRole("region", { name: "prod-bj-1" });
  const batches = await within(car).findByRole("list", { name: "Batches" });
  const took = within(batches)
    .getAllByRole("listitem")
    .map((item) => item.querySelector("time")?.textContent);
  expect(took).toEqual([
    expect.stringMatching(/^\d+:\d\d.* · took 1 min$/),
    expect.stringMatching(/^\d+:\d\d.* · took 2 min$/),
    expect.stringMatching(/^\d+:\d\d.* · took 6 min$/),
  ]);
  within(car).getByText("Succeeded · 10 of 10 pods on 2.14.0");
  const [end, last] = timeline(screen.getByRole("list", { name: "Timeline" }));
  expect(end).toBe("prod-bj-1: succeeded: r41 · took 29 min");
  expect(last).toBe("prod-bj-1 · Batch 3 begun: 5 pods · by Li Hua");
});

it("a group that is done keeps its batches when nothing is told of its pods", async () => {
  open(TRAIN, "pods");
  const car = await screen.findByRole("region", { name: "prod-bj-1" });
  const batches = await within(car).findByRole("list", { name: "Batches" });
  within(batches).getByText("4 pods");
  expect(within(batches).queryByRole("img", { name: /checkout-api/ })).toBeNull();
});

it("tells how each group moves, and which configuration is another", async () => {
  open(TRAIN);
  const begun = await screen.findByRole("region", { name: "What moves on prod-bj-1" });
  within(begun).getByText("10 → 1 · 4 · 5");
  within(begun).getByText("3 batches, approval after each");
  // The image is told once, for all groups.
  const changes = within(begun).getAllByRole("listitem");
  expect(changes.map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^DB_POOL_MAX.*20 → 60$/),
  ]);
  const planned = await screen.findByRole("region", { name: "What moves on prod-sh-1" });
  within(planned).getByText("8 → 1 · 3 · 4");
  expect((await within(planned).findAllByRole("listitem"))[0]?.textContent).toContain(
    "/export/app/conf/application.yaml",
  );
});

it("says which rule broke, with its figure and the pod", async () => {
  const user = userEvent.setup();
  const { payloads } = open(TRAIN, "train=rule");
  const bar = await screen.findByRole("alert");
  expect(bar.textContent).toContain(
    "Containers restarted 2 times on prod-bj-1, most of all in pod checkout-api-prod-bj-1-6c9fd7b4c8-hv7qd",
  );
  await user.click(screen.getByRole("button", { name: "Go on, without this rule" }));
  await waitFor(() => expect(payloads("train_act")).toEqual([{ id: "train-1", action: "resume" }]));
});

it("a plan that moved is shown as it is now, and confirmed with its hash", async () => {
  const user = userEvent.setup();
  const { payloads } = open(TRAIN, "train=moved");
  // In the bar, and among what happened.
  const told = await screen.findAllByText(/the group's settings and what runs changed since/);
  expect(told).toHaveLength(2);
  const plan = await screen.findByRole("region", { name: "Plan of prod-sh-1 as it is now" });
  await within(plan).findByRole("grid", { name: "Preflight" });
  await user.click(within(plan).getByRole("button", { name: "Go on with this plan" }));
  await waitFor(() =>
    expect(payloads("train_act")).toEqual([{ id: "train-1", action: "resume", plans: ["5f1e"] }]),
  );
});

it("is taken over with the plans of all groups to come", async () => {
  const user = userEvent.setup();
  const { payloads } = open(TRAIN, "drives=others");
  await screen.findByText(/That is Chen Wei's, chenwei-x1/);
  await user.click(screen.getByRole("button", { name: "Take over…" }));
  await screen.findByText(/Planned as well, and confirmed with it: prod-gz-1/);
  await user.click(screen.getByRole("button", { name: "Take over from here" }));
  await waitFor(() =>
    expect(payloads("train_act")).toEqual([
      { id: "train-1", action: "take_over", plans: ["5f1e", "5f1e"] },
    ]),
  );
});

it("a release says that it is part of a train, in its page and in the history", async () => {
  open("/app/app-checkout/releases/release-prod-bj-1-41");
  const link = await screen.findByRole("link", { name: "Part of a train, 1 of 3" });
  expect(link.getAttribute("href")).toContain("/releases/trains/train-1");
});

it("trains that are under way stand above the history", async () => {
  open("/app/app-checkout/releases");
  const list = await screen.findByRole("list", { name: "Trains under way" });
  within(list).getByRole("link", { name: "Train · 2.14.0" });
  await screen.findByTitle("Part of a train, 1 of 3");
});
