import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { useLayout } from "~/app/page";
import { story } from "~/dev/story";
import { snapshot } from "~/dev/time";
import type { SimulatedCore } from "~/platform/simulate";
import { openWindow } from "~/test/window";
import type { FeedMessage } from "~/wire/types";

const asked: { name: unknown; payload: unknown }[] = [];
const named = (name: string) => asked.filter((one) => one.name === name);

beforeEach(() => {
  useLayout.setState(useLayout.getInitialState());
  asked.length = 0;
});

async function open(query = "", change?: (core: SimulatedCore) => Partial<SimulatedCore>) {
  const user = userEvent.setup();
  const core = story(new URLSearchParams(`lang=en${query}`));
  openWindow(
    {
      ...core,
      ...change?.(core),
      onCommand: (command, { name, payload }) =>
        command === "call" && asked.push({ name, payload }),
    },
    "/app/app-checkout/running/group-prod-bj-1",
  );
  await user.click(await screen.findByRole("button", { name: "Files of w6tkz" }));
  const panel = await screen.findByRole("tabpanel", { name: "Files · w6tkz" });
  return { user, panel };
}

const path = (panel: HTMLElement) =>
  (within(panel).getByRole("textbox", { name: "Path" }) as HTMLInputElement).value;

it("walks folders by keys alone: in with Enter, out with Backspace, anywhere by its path", async () => {
  const { user, panel } = await open();
  const logs = await within(panel).findByRole("grid", { name: "Files in /export/app/logs" });
  const rows = () => within(panel).getAllByRole("row").slice(1);
  expect(rows().map((row) => row.querySelector("code")?.textContent)).toEqual([
    "archive",
    "trace",
    "app.2025-11-20.log.gz",
    "app.log",
    "current",
    "gc.log",
    "heap-1047.hprof",
    "threads-1051.txt",
  ]);
  expect(within(panel).getByText("8 items · tar over exec · as user app")).toBeTruthy();
  expect(within(logs).getByText("→ app.log")).toBeTruthy();

  act(() => rows()[0]?.focus());
  await user.keyboard("{ArrowDown}{Enter}");
  await within(panel).findByRole("grid", { name: "Files in /export/app/logs/trace" });
  expect(within(panel).getByText("odd␊name\\xff")).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(rows()[0]));
  await user.keyboard("{Backspace}");
  await within(panel).findByRole("grid", { name: "Files in /export/app/logs" });
  await waitFor(() => expect(document.activeElement?.textContent).toContain("trace"));

  await user.keyboard("{Control>}l{/Control}");
  const field = within(panel).getByRole("textbox", { name: "Path" });
  expect(document.activeElement).toBe(field);
  await user.clear(field);
  await user.type(field, "../../../etc{Enter}");
  await within(panel).findByRole("grid", { name: "Files in /etc" });
  expect(path(panel)).toBe("/etc");

  await user.clear(field);
  await user.type(field, "/none{Enter}");
  expect((await within(panel).findByRole("alert")).textContent).toContain("There is no /none");
  expect(within(panel).getByRole("grid", { name: "Files in /etc" })).toBeTruthy();
});

it("sorts, downloads and uploads by keys", async () => {
  const { user, panel } = await open();
  await within(panel).findByRole("grid", { name: "Files in /export/app/logs" });
  await user.click(within(panel).getByRole("button", { name: "Size" }));
  await user.click(within(panel).getByRole("button", { name: "Size" }));
  const rows = within(panel).getAllByRole("row").slice(1);
  expect(rows[2]?.textContent).toContain("heap-1047.hprof");
  act(() => rows[2]?.focus());
  await user.keyboard("{Enter}{Control>}d{/Control}");
  expect(named("file_download")[0]?.payload).toMatchObject({
    file: { folder: "/export/app/logs", name: "heap-1047.hprof", is_folder: false },
  });
  await user.keyboard("{Control>}u{/Control}");
  await user.keyboard("{Control>}{Shift>}u{/Shift}{/Control}");
  await waitFor(() => expect(named("file_upload")).toHaveLength(2));
  expect(named("file_upload").map((one) => one.payload)).toMatchObject([
    { from: "files", to: { path: "/export/app/logs" } },
    { from: "folder" },
  ]);
});

it("says how far transfers are, how they ended, and asks before it replaces", async () => {
  const { user, panel } = await open();
  const list = await within(panel).findByRole("list", { name: "Transfers" });
  expect(within(list).getByText("261 MiB of 402 MiB · 18 MiB/s · 8 sec left")).toBeTruthy();
  expect(within(list).getByText(/26 KiB of 64 KiB .* \.part until whole/)).toBeTruthy();
  expect(within(list).getByText(/3.1 MiB, in .*Downloads.*digest compared/)).toBeTruthy();
  const bar = within(list).getByRole("progressbar", { name: "Progress of heap-1047.hprof" });
  expect(bar.getAttribute("aria-valuenow")).toBe(String(261 * 1024 * 1024));

  await user.click(within(list).getByRole("button", { name: "Stop heap-1047.hprof" }));
  expect(within(list).getByText("Stopped, nothing is left of it")).toBeTruthy();
  await user.click(within(list).getByRole("button", { name: "Take gc.log off the list" }));
  await waitFor(() => expect(within(list).queryByText("gc.log")).toBeNull());

  act(() => within(panel).getAllByRole("row")[1]?.focus());
  await user.keyboard("{Control>}u{/Control}");
  expect(await within(list).findByText("Something of this name is there already")).toBeTruthy();
  const before = named("file_list").length;
  await user.click(within(list).getByRole("button", { name: "Replace" }));
  // What arrived is to be seen.
  await waitFor(() => expect(named("file_list").length).toBeGreaterThan(before));
});

it("shows the folder of what was brought here, and of nothing else", async () => {
  const { user, panel } = await open();
  const list = await within(panel).findByRole("list", { name: "Transfers" });
  const buttons = within(list).getAllByRole("button", { name: /^Open the folder of/ });
  expect(buttons.map((one) => one.getAttribute("aria-label"))).toEqual([
    "Open the folder of gc.log",
  ]);
  await user.click(buttons[0] as HTMLElement);
  await waitFor(() => expect(named("file_reveal")).toHaveLength(1));
  // The page says which transfer, and never a path.
  expect(named("file_reveal")[0]?.payload).toBe("transfer-1");
});

it("says so where the desktop has no program for folders", async () => {
  const { user, panel } = await open("&noprogram");
  await user.click(await within(panel).findByRole("button", { name: "Open the folder of gc.log" }));
  expect(await screen.findByText("This desktop has no program to show a folder with")).toBeTruthy();
});

it("takes what is dropped on it, and nothing that is dropped elsewhere", async () => {
  let send: (message: FeedMessage) => void = () => {};
  const drag = (
    over: [number, number] | null,
    drops: number,
    dropped: [number, number] | null = null,
  ) => act(async () => send(snapshot([{ id: "drag", over, drops, dropped }])));
  const { panel } = await open("", (core) => ({
    feeds: {
      ...core.feeds,
      drag: (_, to) => {
        send = to;
        to(snapshot([{ id: "drag", over: null, drops: 3, dropped: [10, 10] }]));
      },
    },
  }));
  await within(panel).findByRole("grid", { name: "Files in /export/app/logs" });
  const box = panel.firstElementChild as HTMLElement;
  box.getBoundingClientRect = () => new DOMRect(0, 500, 400, 300);
  expect(named("file_upload")).toHaveLength(0);
  await drag([100, 600], 3);
  expect(within(panel).getByText("Drop to upload into /export/app/logs")).toBeTruthy();
  await drag([100, 100], 3);
  expect(within(panel).queryByText(/Drop to upload/)).toBeNull();
  await drag(null, 4, [100, 100]);
  expect(named("file_upload")).toHaveLength(0);
  await drag(null, 5, [100, 600]);
  await waitFor(() => expect(named("file_upload")).toHaveLength(1));
  expect(named("file_upload")[0]?.payload).toMatchObject({ from: "dropped" });
});

it("says what an image lacks, and offers a container that has it", async () => {
  const { user, panel } = await open("&noshell");
  expect((await within(panel).findByRole("alert")).textContent).toContain("has no shell");
  await user.click(within(panel).getByRole("button", { name: "Debug container…" }));
  await user.click(await screen.findByRole("button", { name: "Add and open" }));
  await waitFor(() =>
    expect(named("file_list").at(-1)?.payload).toMatchObject({
      place: { container: "debug-1f3a9c" },
      path: "/proc/1/root",
    }),
  );
});

it("looks into an image without tar, and moves nothing", async () => {
  const { user, panel } = await open("&notar");
  await within(panel).findByRole("grid", { name: "Files in /export/app/logs" });
  expect(within(panel).getByText("The image of app has no tar")).toBeTruthy();
  act(() => within(panel).getAllByRole("row")[1]?.focus());
  await user.keyboard("{Control>}d{/Control}{Control>}u{/Control}");
  expect(named("file_download")).toHaveLength(0);
  expect(named("file_upload")).toHaveLength(0);
});

it("locks the way in where a right is missing, and names the rule", async () => {
  const rule = { api_group: "", resource: "pods/exec", verbs: ["create"] };
  const core = story(new URLSearchParams("lang=en"));
  openWindow(
    {
      ...core,
      calls: {
        ...core.calls,
        group_rights: () => ({ change: null, evict: null, delete: null, logs: null, shell: rule }),
      },
    },
    "/app/app-checkout/running/group-prod-bj-1?open=pod-prod-bj-1-w6tkz",
  );
  const button = await screen.findByRole("button", { name: "Files" });
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBe("true"));
  const inRow = await screen.findByRole("button", { name: "Files of w6tkz" });
  expect(inRow.getAttribute("aria-disabled")).toBe("true");
});
