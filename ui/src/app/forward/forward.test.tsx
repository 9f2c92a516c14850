import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { App } from "~/app/App";
import { useLayout } from "~/app/page";
import { router } from "~/app/router";
import { story } from "~/dev/story";
import { type SimulatedCore, simulateCore } from "~/platform/simulate";
import { useWanted } from "./open";

let clear = () => {};
const asked: { name: unknown; payload: unknown }[] = [];

const begin = async (change?: (core: SimulatedCore) => SimulatedCore, words = "lang=en") => {
  const core = story(new URLSearchParams(words));
  clear = simulateCore({
    ...(change ? change(core) : core),
    onCommand: (command, { name, payload }) => command === "call" && asked.push({ name, payload }),
  });
  render(<App />);
  await router.navigate({
    to: "/app/$app/running/$group",
    params: { app: "app-checkout", group: "group-prod-bj-1" },
    search: {},
  });
};
beforeEach(() => {
  useLayout.setState(useLayout.getInitialState());
  useWanted.setState(useWanted.getInitialState());
  asked.length = 0;
});
afterEach(() => clear());

const last = (name: string) => asked.filter((one) => one.name === name).at(-1)?.payload;
const panel = () => screen.findByRole("tabpanel", { name: "Forwards" });

it("lists what is open, and offers another port where one is taken", async () => {
  const user = userEvent.setup();
  await begin();
  await user.click(await screen.findByRole("button", { name: "Forward a port" }));
  const list = await within(await panel()).findByRole("list", { name: "Forwards" });
  const rows = within(list).getAllByRole("listitem");
  expect(rows.map((row) => row.getAttribute("aria-label"))).toEqual([
    "Pod w6tkz admin 8081, 127.0.0.1:18081",
    "Load balancer checkout-api-bj 80, 127.0.0.1:8880",
    "Group prod-sh-1 metrics 9102, 127.0.0.1:19102",
    "Pod g2fsm http 8080, 127.0.0.1:8080",
  ]);
  expect(rows[0]?.textContent).toContain("follows its replacement");
  expect(rows[1]?.textContent).toContain("now through b8xqn");
  expect(rows[2]?.textContent).toMatch(/Reconnecting.* · pod replaced/);
  expect(screen.getByRole("tab", { name: "Forwards 4" })).toBeTruthy();

  const taken = rows[3] as HTMLElement;
  expect(taken.textContent).toContain("Port 8080 is taken on this computer");
  expect(within(taken).queryByRole("button", { name: /^Copy/ })).toBeNull();
  await user.click(within(taken).getByRole("button", { name: "Use 8082" }));
  expect(last("forward_use")).toEqual({ id: "forward 1", local: 8082 });
  await within(list).findByRole("listitem", { name: "Pod g2fsm http 8080, 127.0.0.1:8082" });

  const first = rows[0] as HTMLElement;
  const written = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  await user.click(within(first).getByRole("button", { name: "Copy 127.0.0.1:18081" }));
  expect(written).toHaveBeenCalledWith("127.0.0.1:18081");
  await user.click(
    within(first).getByRole("button", { name: "Open http://127.0.0.1:18081 in the browser" }),
  );
  expect(last("browser_open")).toBe("http://127.0.0.1:18081");
  await user.click(
    within(first).getByRole("button", { name: "Close the forward to Pod w6tkz admin 8081" }),
  );
  expect(await screen.findByRole("tab", { name: "Forwards 3" })).toBeTruthy();
});

it("is opened from a pod by keyboard, and says which field is wrong", async () => {
  const user = userEvent.setup();
  await begin(undefined, "lang=en&noforwards");
  const grid = await screen.findByRole("grid", { name: "Instances" });
  const rows = within(grid).getAllByRole("row");
  act(() => rows.find(({ textContent }) => textContent.includes("w6tkz"))?.focus());
  await user.keyboard("{Enter}");
  const drawer = await screen.findByRole("complementary", { name: /w6tkz$/ });
  act(() => within(drawer).getByRole("button", { name: "Forward a port" }).focus());
  await user.keyboard("{Enter}");
  const form = within(await panel());
  expect(await form.findByText("Nothing is forwarded")).toBeTruthy();
  const port = await form.findByRole("combobox", { name: "Port" });
  expect(document.activeElement).toBe(port);
  expect(form.getByRole("combobox", { name: "Forward to" }).textContent).toContain("Pod w6tkz");

  await user.tab();
  expect(document.activeElement).toBe(form.getByRole("textbox", { name: "Port on this computer" }));
  await user.keyboard("70000{Enter}");
  expect((await form.findByRole("alert")).textContent).toContain("65535");
  expect(
    form.getByRole("textbox", { name: "Port on this computer" }).getAttribute("aria-invalid"),
  ).toBe("true");
  await user.clear(form.getByRole("textbox", { name: "Port on this computer" }));
  await user.keyboard("{Enter}");
  expect(last("forward_open")).toEqual({
    target: {
      kind: "pod",
      group: "group-prod-bj-1",
      pod: "checkout-api-prod-bj-1-58d4c9c7f6-w6tkz",
    },
    port: "http",
    local: "",
  });
  expect(await form.findByRole("listitem", { name: /^Pod w6tkz http 8080/ })).toBeTruthy();
});

it("says which right is missing", async () => {
  const user = userEvent.setup();
  const lacks = { api_group: "", resource: "pods/portforward", verbs: ["create"] };
  await begin((core) => ({
    ...core,
    calls: {
      ...core.calls,
      group_rights: () => ({
        ...(core.calls?.group_rights?.(null as never) as object),
        forward: lacks,
      }),
    },
  }));
  const button = await waitFor(() => {
    const found = screen.getByRole("button", { name: "Forward a port" });
    expect(found.getAttribute("aria-disabled")).toBe("true");
    return found;
  });
  await user.hover(button);
  expect(
    await screen.findByText("Your identity lacks the right: create pods/portforward"),
  ).toBeTruthy();
  await user.click(button);
  expect(screen.queryByRole("tab", { name: /Forwards/ })).toBeNull();
});

it("leads to a load balancer from its row", async () => {
  const user = userEvent.setup();
  await begin();
  await router.navigate({ to: "/app/$app/balancers", params: { app: "app-checkout" }, search: {} });
  await user.click(await screen.findByRole("button", { name: "Forward a port: checkout-api-bj" }));
  const form = within(await panel());
  expect(form.getByRole("combobox", { name: "Forward to" }).textContent).toContain(
    "Load balancer checkout-api-bj",
  );
  await user.click(form.getByRole("button", { name: "Forward" }));
  expect(last("forward_open")).toMatchObject({
    target: { kind: "balancer", balancer: "balancer-bj", link: "bj-prod" },
    port: "http",
  });
});
