import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { Surroundings } from "~/app/App";
import { createClient } from "~/data";
import { story } from "~/dev/story";
import { type SimulatedCore, simulateCore } from "~/platform/simulate";
import { openWindow } from "~/test/window";
import type { BalancerDraft } from "~/wire/types";
import { BalancerStep } from "./BalancerStep";

const PAGE = "/app/app-checkout/balancers";

function core(calls: SimulatedCore["calls"] = {}): SimulatedCore {
  const known = story(new URLSearchParams("lang=en"));
  return { ...known, calls: { ...known.calls, ...calls } };
}

it("shows by arrow key which pods of which version receive traffic", async () => {
  const user = userEvent.setup();
  const { address } = openWindow(core(), PAGE);
  const grid = await screen.findByRole("grid", { name: "Load balancers" });
  const first = await screen.findByRole("complementary", { name: "checkout-api-bj" });
  await within(first).findByText("10.20.0.80:80");
  expect(within(first).getAllByText("2.14.0")).toHaveLength(6);
  expect(within(first).getAllByText("50 %")).toHaveLength(2);
  const [, row] = within(grid).getAllByRole("row");
  if (!row) throw new Error("the list has no row");
  await user.click(row);
  await user.keyboard("{ArrowDown}{ArrowDown}");
  await screen.findByRole("complementary", { name: "checkout-api-dev" });
  expect(address()).toContain("open=balancer-dev");
});

it("says why an address is missing, and why nothing receives traffic", async () => {
  openWindow(core(), `${PAGE}?open=balancer-gz`);
  const panel = await screen.findByRole("complementary", { name: "checkout-api-gz" });
  await within(panel).findByText(/^No address yet, since/);
  const grid = screen.getByRole("grid", { name: "Load balancers" });
  expect(within(grid).getByText("no endpoints")).toBeTruthy();
});

it("puts a node port that is taken under the ports, and keeps the dialog", async () => {
  const user = userEvent.setup();
  openWindow(core(), PAGE);
  await user.click(await screen.findByRole("button", { name: "New load balancer" }));
  await user.click(await screen.findByRole("radio", { name: "Node port" }));
  const dialog = screen.getByRole("dialog", { name: "New load balancer" });
  await user.type(within(dialog).getByRole("textbox", { name: "Port 1: Node port" }), "30080");
  await user.click(within(dialog).getByRole("button", { name: "Create" }));
  await within(dialog).findByText("Another Service of the cluster has this node port");
});

it("stays one dialog while it is read, and has the keyboard in its first field then", async () => {
  const user = userEvent.setup();
  let tell = (_: BalancerDraft) => {};
  const told = new Promise<BalancerDraft>((resolve) => {
    tell = resolve;
  });
  openWindow(core({ balancer_new: () => told }), PAGE);
  await user.click(await screen.findByRole("button", { name: "New load balancer" }));
  const dialog = await screen.findByRole("dialog", { name: "New load balancer" });
  await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
  expect(within(dialog).getByRole("button", { name: "Create" }).ariaDisabled).toBe("true");
  tell({ name: "checkout-api-9", kind: "ClusterIP", ports: [], groups: [] });
  const name = await within(dialog).findByRole<HTMLInputElement>("textbox", { name: "Name" });
  expect(name.value).toBe("checkout-api-9");
  await waitFor(() => expect(document.activeElement).toBe(name));
  expect(screen.getByRole("dialog")).toBe(dialog);
});

it("applies what waits for a cluster when asked to", async () => {
  const user = userEvent.setup();
  const applied: unknown[] = [];
  const calls = {
    balancer_apply: (apply: unknown) => {
      applied.push(apply);
      return [{ link: "bj-dev", cluster: "bj-dev", error: null }];
    },
  };
  openWindow(core(calls), `${PAGE}?open=balancer-test`);
  const panel = await screen.findByRole("complementary", { name: "checkout-api-test" });
  await user.click(await within(panel).findByRole("button", { name: "Apply" }));
  await waitFor(() => expect(applied).toEqual([{ id: "balancer-test", take_over: false }]));
});

it("names what goes with a load balancer, and asks for its name where pods are behind it", async () => {
  const user = userEvent.setup();
  const deleted: string[] = [];
  const calls = {
    balancer_delete: (id: string) => {
      deleted.push(id);
      return null;
    },
  };
  openWindow(core(calls), `${PAGE}?open=balancer-sh`);
  const panel = await screen.findByRole("complementary", { name: "checkout-api-sh" });
  await within(panel).findByText("10.24.0.80:80");
  await user.click(within(panel).getByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete…" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete checkout-api-sh?" });
  within(dialog).getByText("Service checkout-api-sh in sh-prod with the address 10.24.0.80");
  await user.type(within(dialog).getByRole("textbox"), "checkout-api-sh{Enter}");
  await waitFor(() => expect(deleted).toEqual(["balancer-sh"]));
});

it("leads a load balancer of the app to a group that is being made", async () => {
  const user = userEvent.setup();
  const updated: BalancerDraft[] = [];
  const known = core({
    balancer_update: ({ id, draft }: { id: string; draft: BalancerDraft }) => {
      updated.push(draft);
      return { id, attempts: [] };
    },
  });
  const clear = simulateCore(known);
  render(
    <QueryClientProvider client={createClient()}>
      <Surroundings>
        <BalancerStep app="app-checkout" group="group-prod-gz-1" />
      </Surroundings>
    </QueryClientProvider>,
  );
  const box = await screen.findByRole("checkbox", { name: "checkout-api-sh leads to this group" });
  expect(box.getAttribute("aria-checked")).toBe("false");
  await user.click(box);
  await waitFor(() => expect(updated[0]?.groups).toEqual(["group-prod-sh-1", "group-prod-gz-1"]));
  clear();
});
