import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";

const WITHOUT_ROOM = "/app/app-checkout/releases/release-prod-sh-1-28";
const AT_REST = "/app/app-checkout/releases/release-prod-bj-1-41";

// The page comes with its own piece of code; what loads it is not what is tried here.
beforeAll(() => import("./ReleasePage"), 120_000);
beforeEach(() => localStorage.clear());

function open(search: string, at = AT_REST) {
  const acts: unknown[] = [];
  const core = story(new URLSearchParams(search));
  const release_act = (act: unknown) => {
    acts.push(act);
    return null;
  };
  openWindow({ ...core, calls: { ...core.calls, release_act } }, at);
  return acts;
}

it("shows its stages with the preflight behind it and the commit before it", async () => {
  open("lang=en&rest");
  const stages = await screen.findByRole("list", { name: "Stages" });
  const said = within(stages)
    .getAllByRole("listitem")
    .map((stage) => stage.textContent);
  expect(said[1]).toBe("Preflight9 of 13 passed");
  expect(said.at(-1)).toBe("Commit");
  expect(await screen.findByText(/10 of 10 pods ready/)).toBeTruthy();
});

it("is decided by keyboard: a question that is left gives the focus back", async () => {
  const user = userEvent.setup();
  const acts = open("lang=en&rest");
  const abort = await screen.findByRole("button", { name: "Abort, back to 2.13.4…" });
  abort.focus();
  await user.keyboard("{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Abort r41 on prod-bj-1?" });
  await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(abort));
  expect(acts).toEqual([]);
  await user.tab();
  expect(document.activeElement?.textContent).toBe("Continue: batch 3, 5 pods");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(acts).toEqual([{ id: "release-prod-bj-1-41", action: "continue" }]));
});

it.each([
  ["en", "quota of the namespace allows no further pod", "Go back with one pod less", "Make room"],
  ["zh", "命名空间的配额不允许再创建 Pod", "少 1 个 Pod 回退", "腾出配额"],
])(
  "asks before a way back without room goes on with one pod less: %s",
  async (lang, says, order, room) => {
    const user = userEvent.setup();
    const acts = open(`lang=${lang}&full`, WITHOUT_ROOM);
    const told = await screen.findByRole("alert");
    expect(told.textContent).toContain(says);
    expect(told.textContent).toContain("exceeded quota: team");
    expect(screen.getByText(room)).toBeTruthy();
    const ask = screen.getByRole("button", { name: `${order}…` });
    ask.focus();
    await user.keyboard("{Enter}");
    const dialog = await screen.findByRole("dialog");
    expect(acts).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: order }));
    await waitFor(() =>
      expect(acts).toEqual([{ id: "release-prod-sh-1-28", action: "abort_below" }]),
    );
  },
);

it("says that there is no room with one pod less either, and goes on with two when told so", async () => {
  const user = userEvent.setup();
  const acts = open("lang=en&full=agreed", WITHOUT_ROOM);
  const told = await screen.findByRole("alert");
  expect(told.textContent).toContain("The way back still waits, with one pod less too");
  expect(told.textContent).toContain("exceeded quota: team");
  screen.getByText("Make room");
  await user.click(screen.getByRole("button", { name: "Go back with 2 pods less…" }));
  const dialog = await screen.findByRole("dialog");
  within(dialog).getByText(/up to 2 of the \d+ pods are missing at a time/);
  await user.click(within(dialog).getByRole("button", { name: "Go back with 2 pods less" }));
  await waitFor(() =>
    expect(acts).toEqual([{ id: "release-prod-sh-1-28", action: "abort_below" }]),
  );
});

it("orders nothing of a cluster that does not answer, and says so", async () => {
  const user = userEvent.setup();
  const acts = open("lang=en&rest&stale");
  const go = await screen.findByRole("button", { name: "Continue: batch 3, 5 pods" });
  await waitFor(() => expect(go.ariaDisabled).toBe("true"));
  expect(screen.getByText(/^As of/, { selector: "strong" })).toBeTruthy();
  await user.click(go);
  expect(acts).toEqual([]);
});

it("draws what a pod of both versions uses, and says it to a reader", async () => {
  open("lang=en&rest");
  const charts = await screen.findByRole("region", { name: "Figures of both versions" });
  const [cpu, memory] = await within(charts).findAllByRole("img");
  expect(cpu?.ariaLabel).toMatch(/^CPU per pod: 2\.13\.4 1\d\dm and 2\.14\.0 1\d\dm$/);
  expect(memory?.ariaLabel).toMatch(/^Memory per pod: 2\.13\.4 23\d MiB and 2\.14\.0 \d+ MiB$/);
  expect(within(charts).getByText("limit 512Mi")).toBeTruthy();
});

it("says plainly why nothing is measured, and what happened to the pods instead", async () => {
  open("lang=en&rest&metrics=missing");
  const part = await screen.findByRole("region", { name: "Figures of both versions" });
  expect(await within(part).findByText(/has no metrics API/)).toBeTruthy();
  const rows = within(part)
    .getAllByRole("row")
    .map((row) => row.textContent);
  expect(rows).toEqual([
    "PodsReadinessRestartsOut of memory",
    "before10/10 ready00",
    "this release5/5 ready00",
  ]);
});
