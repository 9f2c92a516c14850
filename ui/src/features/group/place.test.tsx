import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { story } from "~/dev/story";
import { CallError } from "~/platform";
import { openWindow } from "~/test/window";
import type { GroupDraft, ProbeTry, RegistryPut } from "~/wire/types";

// The page is one of the largest, which a busy machine takes long to load.
beforeAll(async () => {
  await import("./GroupEditPage");
}, 120_000);

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

function open(group: string, calls: Record<string, unknown> = {}) {
  const core = story(new URLSearchParams("lang=en"));
  return openWindow(
    { ...core, calls: { ...core.calls, ...(calls as typeof core.calls) } },
    `/app/app-checkout/groups/${group}`,
  );
}

const section = async (name: string) => within(await screen.findByRole("region", { name }));

it("tries the checks as they are typed, and says what each answered", async () => {
  const user = userEvent.setup();
  const asked: ProbeTry[] = [];
  const answers = story(new URLSearchParams()).calls?.probe_try as (ask: ProbeTry) => unknown;
  open("group-prod-sh-1", {
    probe_try: (ask: ProbeTry) => {
      asked.push(ask);
      return answers(ask);
    },
  });
  const health = await section("Health checks");
  await user.click(await health.findByRole("button", { name: "Try now" }));
  expect(await health.findByText("200 in 12 ms")).toBeTruthy();
  expect(health.getByText('{"status":"UP","db":"UP"}')).toBeTruthy();
  expect(asked[0]?.pod).not.toContain("hv7qd");
  expect(asked[0]?.container).toBe("app");
});

it("says of a check that could not be tried why", async () => {
  const user = userEvent.setup();
  open("group-prod-sh-1", {
    probe_try: () => {
      throw new CallError({
        code: "forbidden",
        message: "",
        params: { verb: "create", resource: "pods/portforward" },
        fields: [],
        retryable: false,
      } as never);
    },
  });
  const health = await section("Health checks");
  await user.click(await health.findByRole("button", { name: "Try now" }));
  expect((await health.findAllByText("Not tried")).length).toBeGreaterThan(0);
});

it("forgets what was answered to another check, and waits only as long as the person does", async () => {
  const user = userEvent.setup();
  let answers = true;
  open("group-prod-sh-1", {
    probe_try: () =>
      answers
        ? { passed: true, ms: 12, outcome: { kind: "http", status: 200, body: "up", cut: true } }
        : new Promise(() => {}),
  });
  const health = await section("Health checks");
  await user.click(await health.findByRole("button", { name: "Try now" }));
  expect(await health.findAllByText("200 in 12 ms")).toHaveLength(3);
  await user.type(health.getByRole("textbox", { name: "Readiness: path" }), "x");
  expect(health.getAllByText("200 in 12 ms")).toHaveLength(2);

  answers = false;
  await user.click(health.getByRole("button", { name: "Try now" }));
  await user.click(await health.findByRole("button", { name: "Stop waiting" }));
  expect(health.queryByText("200 in 12 ms")).toBeNull();
  expect(health.getByRole("button", { name: "Try now" }).getAttribute("aria-disabled")).toBeNull();
});

it("asks no pod while the cluster is out of reach, and names a field that is wrong", async () => {
  const core = story(new URLSearchParams("lang=en&stale"));
  openWindow(core, "/app/app-checkout/groups/group-prod-gz-2");
  const health = await section("Health checks");
  const button = await health.findByRole("button", { name: "Try now" });
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBe("true"));
  await userEvent.setup().hover(button);
  expect(await screen.findByText(/while the cluster is not in reach/)).toBeTruthy();
  expect(await health.findByText("Not tried: No port is named admn")).toBeTruthy();
});

it("has nothing to try where no pod runs", async () => {
  open("group-prod-gz-2");
  const health = await section("Health checks");
  const button = await health.findByRole("button", { name: "Try now" });
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBe("true"));
});

it("says what a field was, and takes it back", async () => {
  const user = userEvent.setup();
  open("group-prod-bj-1");
  const container = await section("Container");
  const port = container.getByRole("textbox", { name: "Port 2: Port" });
  const before = port.getAttribute("value") ?? "";
  await user.clear(port);
  await user.type(port, "9999");
  expect(container.getByText(`was ${before}`)).toBeTruthy();
  await user.click(container.getByRole("button", { name: "Undo" }));
  expect(port.getAttribute("value")).toBe(before);
  expect(container.queryByText(`was ${before}`)).toBeNull();
});

it("takes back rows, kinds and commands as well", async () => {
  const user = userEvent.setup();
  open("group-prod-bj-1");
  const container = await section("Container");
  await user.click(container.getByRole("button", { name: "Remove port 2" }));
  expect(container.getByText("was http 8080, admin 8081")).toBeTruthy();
  await user.click(container.getByRole("button", { name: "Undo" }));
  expect(container.getByRole("textbox", { name: "Port 2: Port" }).getAttribute("value")).toBe(
    "8081",
  );

  const health = await section("Health checks");
  await user.click(health.getByRole("switch", { name: "Liveness" }));
  expect(health.getByText("was TCP")).toBeTruthy();
  await user.click(health.getByRole("button", { name: "Undo" }));
  expect(health.getByRole("textbox", { name: "Liveness: port" }).getAttribute("value")).toBe(
    "admin",
  );

  await user.type(health.getByRole("textbox", { name: "Startup: command" }), "2");
  expect(health.getByText("was test -f /tmp/started")).toBeTruthy();
});

it("chooses a GPU that nodes offer, with its model", async () => {
  const user = userEvent.setup();
  const saved: GroupDraft[] = [];
  open("group-prod-bj-1", {
    group_update: ({ draft }: { draft: GroupDraft }) => {
      saved.push(draft);
      return null;
    },
  });
  const gpu = await section("GPU");
  await user.click(await gpu.findByRole("combobox", { name: "Type" }));
  await user.click(await screen.findByRole("option", { name: /nvidia\.com\/gpu/ }));
  await user.click(await gpu.findByRole("combobox", { name: "Model" }));
  await user.click(await screen.findByRole("option", { name: /A10/ }));
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(saved).toHaveLength(1));
  expect(saved[0]?.gpu).toEqual({
    resource: "nvidia.com/gpu",
    count: "1",
    selector: [{ key: "nvidia.com/gpu.product", value: "A10" }],
  });
});

it("makes a pull secret from a login, whose password goes nowhere else", async () => {
  const user = userEvent.setup();
  const logins: RegistryPut[] = [];
  open("group-prod-bj-1", {
    registry_list: () => [],
    registry_put: (put: RegistryPut) => {
      logins.push(put);
      return { host: put.host, username: put.username };
    },
  });
  const container = await section("Container");
  await user.click(container.getByRole("button", { name: "Create from a login…" }));
  const registry = await screen.findByLabelText("Registry");
  const dialog = within(screen.getByRole("dialog", { name: "Create a pull secret" }));
  await user.type(registry, "registry.example.com");
  await user.type(dialog.getByLabelText("User"), "lihua");
  await user.type(dialog.getByLabelText("Password"), "practice-only");
  await user.clear(dialog.getByLabelText("Name"));
  await user.type(dialog.getByLabelText("Name"), "shop-pull");
  await user.click(dialog.getByRole("button", { name: "Create" }));
  const field = container.getByRole("textbox", { name: "Pull secret" });
  await waitFor(() => expect(field.getAttribute("value")).toBe("shop-pull"));
  expect(logins).toEqual([
    { host: "registry.example.com", username: "lihua", password: "practice-only", plain: null },
  ]);
  expect(JSON.stringify({ ...localStorage })).not.toContain("practice-only");
});

it("copies sections of another group into what is typed", async () => {
  const user = userEvent.setup();
  open("group-prod-bj-1");
  await user.click(await screen.findByRole("button", { name: "Copy from another group" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Copy from another group" }));
  const boxes = await dialog.findAllByRole("checkbox");
  expect(boxes.length).toBeGreaterThan(0);
  await user.click(dialog.getByRole("button", { name: "Copy" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.getByRole("button", { name: /^Save/ }).getAttribute("aria-disabled")).not.toBe(
    "true",
  );
});

it("moves a batch with the arrow keys", async () => {
  const user = userEvent.setup();
  open("group-prod-bj-1");
  const strategy = await section("Strategy");
  const handle = await strategy.findByRole("button", { name: "Move batch 1: arrow keys" });
  handle.focus();
  await user.keyboard("{ArrowDown}");
  expect(await strategy.findByText("10 → 4 · 1 · 5")).toBeTruthy();
  await waitFor(() =>
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Move batch 2: arrow keys"),
  );
});

it("takes the size of a batch from a slider, and draws what comes of it", async () => {
  const user = userEvent.setup();
  open("group-prod-bj-1");
  const strategy = await section("Strategy");
  const slider = await strategy.findByRole("slider", { name: "Batch 2: new pods after it" });
  expect(slider.getAttribute("aria-valuetext")).toBe("5 of 10");
  slider.focus();
  await user.keyboard("{ArrowRight}");
  expect(await strategy.findByText("10 → 1 · 5 · 4")).toBeTruthy();
  const size = strategy.getByRole<HTMLInputElement>("textbox", { name: "Batch 2: size" });
  expect(size.value).toBe("5");
  // A batch is never empty.
  await user.keyboard("{Home}");
  expect(await strategy.findByText("10 → 1 · 1 · 8")).toBeTruthy();
});

it("warns of more GPUs than any node has", async () => {
  const user = userEvent.setup();
  open("group-prod-bj-1");
  const gpu = await section("GPU");
  await user.click(await gpu.findByRole("combobox", { name: "Type" }));
  await user.click(await screen.findByRole("option", { name: /nvidia\.com\/gpu/ }));
  const count = gpu.getByRole("textbox", { name: "GPUs of a pod" });
  await user.clear(count);
  await user.type(count, "4");
  expect(gpu.queryByText(/No node has/)).toBeNull();
  await user.clear(count);
  await user.type(count, "8");
  expect(await gpu.findByText(/No node has 8 of nvidia\.com\/gpu: the most is 4/)).toBeTruthy();
});

it("stays at the section of the address while the page arrives, until a person scrolls", async () => {
  const grown: ResizeObserverCallback[] = [];
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(callback: ResizeObserverCallback) {
        grown.push(callback);
      }
      observe() {}
      unobserve() {}
      disconnect() {
        grown.length = 0;
      }
    },
  );
  const shown = vi.spyOn(Element.prototype, "scrollIntoView");
  const user = userEvent.setup();
  open("group-prod-bj-1?step=health");
  await section("Health checks");
  const before = shown.mock.calls.length;
  for (const callback of grown) callback([], {} as ResizeObserver);
  expect(shown.mock.calls.length).toBeGreaterThan(before);
  expect((shown.mock.contexts.at(-1) as Element).id).toBe("health");
  await user.keyboard("{PageDown}");
  expect(grown).toEqual([]);
});
