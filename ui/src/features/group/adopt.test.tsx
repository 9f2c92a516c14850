import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { story } from "~/dev/story";
import { en } from "~/i18n";
import { openWindow } from "~/test/window";
import type { GroupCard, TakeoverPreview } from "~/wire/types";
import { candidateOf, keptLines, proposedEnvironment, proposedName, understood } from "./adopt";

const GROUPS = "/app/app-checkout/groups";
const BACKOFFICE = `${GROUPS}?dialog=adopt&from=bj-prod/checkout-backoffice`;

beforeEach(() => localStorage.clear());

function open(
  address: string,
  search = "lang=en",
  calls: Record<string, (payload: never) => unknown> = {},
) {
  const core = story(new URLSearchParams(search));
  const asked: { name: string; payload: unknown }[] = [];
  const window = openWindow(
    {
      ...core,
      calls: { ...core.calls, ...calls },
      onCommand: (command, args) => {
        if (command === "call") asked.push({ name: String(args.name), payload: args.payload });
      },
    },
    address,
  );
  const payloads = (name: string) =>
    asked.filter((one) => one.name === name).map(({ payload }) => payload);
  return { ...window, payloads };
}

describe("the list", () => {
  it("shows by cluster what no Slipway made, and says where there is nothing or no answer", async () => {
    const user = userEvent.setup();
    open(GROUPS);
    await user.click(await screen.findByRole("button", { name: "Adopt…" }));
    const dialog = await screen.findByRole("dialog", { name: "Adopt a Deployment" });
    const of = (cluster: string) =>
      within(dialog).findByRole("region", { name: `${cluster}, namespace shop` });
    const there = await of("bj-prod");
    await within(there).findByRole("button", { name: "Adopt checkout-mirror" });
    expect(within(there).getByText("2 of 2 ready")).toBeTruthy();
    await within(await of("sh-prod")).findByText(/Every Deployment here is a group already/);
    await within(await of("gz-prod")).findByRole("alert");
    await user.type(within(dialog).getByRole("searchbox"), "back");
    expect(within(there).queryByRole("button", { name: "Adopt checkout-mirror" })).toBeNull();
    expect(within(there).getByRole("button", { name: "Adopt checkout-backoffice" })).toBeTruthy();
  });

  it("leads to the clusters where none is linked, and stands beside what creates the first group", async () => {
    const user = userEvent.setup();
    open(GROUPS, "lang=en&nogroups", { cluster_list: () => [], group_deleted: () => [] });
    await user.click(await screen.findByRole("button", { name: "Adopt…" }));
    const dialog = await screen.findByRole("dialog", { name: "Adopt a Deployment" });
    expect(within(dialog).getByText("No cluster is linked yet")).toBeTruthy();
    const link = within(dialog).getByRole("link", { name: "Clusters" });
    expect(link.getAttribute("href")).toContain("/clusters");
  });
});

/** The dialog once the cluster has answered. */
async function previewed(workload: string) {
  await screen.findByRole("region", { name: "Becomes the group" });
  return screen.findByRole("dialog", { name: `Adopt ${workload}` });
}

describe("the preview", () => {
  it("says what becomes the group, what stays, and what happens when, and adopts by keyboard", async () => {
    const user = userEvent.setup();
    const { payloads, address } = open(BACKOFFICE);
    const dialog = await previewed("checkout-backoffice");
    const becomes = within(dialog).getByRole("region", { name: "Becomes the group" });
    expect(becomes.textContent).toContain("java -jar app.jar --role=backoffice");
    expect(becomes.textContent).toContain("HTTP GET /healthz");
    const stays = within(dialog).getByRole("region", { name: "Stays untouched" });
    for (const part of ["Sidecar log-agent", "Volume report-cache", "2 annotations", "Selector"]) {
      expect(stays.textContent).toContain(part);
    }
    expect(stays.textContent).toContain("app=checkout-backoffice");
    expect(within(stays).queryByRole("region", { name: "Patch" })).toBeNull();
    await user.click(within(stays).getByRole("button", { name: "Show the patch" }));
    expect(within(stays).getByRole("region", { name: "Patch" }).textContent).toContain(
      "backoffice-db",
    );
    expect(dialog.textContent).toContain("4 labels on the Deployment itself. 0 pods restart.");
    expect(dialog.textContent).toContain("replaces all 2 pods");

    const name = within(dialog).getByRole("textbox", { name: "Group name" });
    await user.clear(name);
    expect(within(dialog).getByRole("button", { name: "Adopt" }).ariaDisabled).toBe("true");
    await user.type(name, "Back Office{Enter}");
    await within(dialog).findByText(/lower case/i);
    expect(payloads("takeover_start")).toEqual([]);
    await user.clear(name);
    await user.type(name, "backoffice");
    await waitFor(() => expect(within(dialog).queryByText(/lower case/i)).toBeNull());
    await user.keyboard("{Enter}");
    await waitFor(() => expect(address()).toContain("/groups/group-prod-gz-2"));
    expect(payloads("takeover_start")).toEqual([
      {
        app: "app-checkout",
        link: "bj-prod",
        workload: "checkout-backoffice",
        container: "backoffice",
        name: "backoffice",
        environment: "prod",
        force: false,
      },
    ]);
    await screen.findByText("backoffice is a group now");
  });

  it("asks before it takes what another manager holds, and names what is to be corrected", async () => {
    const user = userEvent.setup();
    const { payloads } = open(`${GROUPS}?dialog=adopt&from=bj-prod/checkout-mirror`);
    const dialog = await previewed("checkout-mirror");
    await within(dialog).findByText("helm holds metadata.labels.app.kubernetes.io/managed-by.");
    expect(within(dialog).getByText(/1 field must be corrected/)).toBeTruthy();
    // What says why it is not possible yet stands around it, so that it is another button afterwards.
    const adopt = () => within(dialog).getByRole("button", { name: /^Adopt as/ });
    await user.click(adopt());
    expect(payloads("takeover_start")).toEqual([]);
    await user.click(within(dialog).getByRole("checkbox", { name: "Take it over" }));
    await user.click(adopt());
    await waitFor(() => expect(payloads("takeover_start")).toMatchObject([{ force: true }]));
  });

  it("asks again for another container", async () => {
    const user = userEvent.setup();
    const { payloads } = open(BACKOFFICE);
    const dialog = await previewed("checkout-backoffice");
    const container = await within(dialog).findByRole("combobox", { name: "App’s container" });
    expect(container.textContent).toContain("backoffice");
    await user.click(container);
    await user.click(await screen.findByRole("option", { name: /log-agent/ }));
    await waitFor(() =>
      expect(payloads("takeover_preview")).toContainEqual(
        expect.objectContaining({ container: "log-agent" }),
      ),
    );
  });

  it("says which right is missing, and what failed on the way", async () => {
    const user = userEvent.setup();
    const missing = open(BACKOFFICE, "lang=en&reader");
    await screen.findByText(/patch deployments in shop is missing/);
    await user.click(screen.getByRole("button", { name: "Choose another" }));
    await screen.findByRole("dialog", { name: "Adopt a Deployment" });
    missing.unmount();

    const taken = { code: "taken", params: { what: "Deployment", name: "checkout-backoffice" } };
    open(BACKOFFICE, "lang=en", {
      takeover_start: () => {
        throw { ...taken, detail: "", hints: [], retryable: false, fields: [] };
      },
    });
    const dialog = await previewed("checkout-backoffice");
    await within(dialog).findByRole("textbox", { name: "Group name" });
    await user.click(within(dialog).getByRole("button", { name: /^Adopt as/ }));
    expect((await within(dialog).findByRole("alert")).textContent).toContain("is taken");
  });
});

it("proposes what the group is most likely called and where it stands", () => {
  expect(proposedName("checkout-api-blue", "checkout-api")).toBe("blue");
  expect(proposedName("checkout-api-2", "checkout-api")).toBe("checkout-api-2");
  const card = (link: string, environment: string) => ({ link, environment }) as GroupCard;
  const cards = [card("a", "test"), card("a", "prod"), card("a", "prod"), card("b", "dev")];
  expect(proposedEnvironment(cards, "a")).toBe("prod");
  expect(proposedEnvironment(cards, "c")).toBeNull();
  expect(candidateOf("bj/web")).toEqual({ link: "bj", workload: "web" });
  for (const word of [undefined, "", "bj", "bj/", "/web"]) expect(candidateOf(word)).toBeNull();
});

it("leaves out what says nothing, and counts labels and annotations", async () => {
  const preview = (await story(new URLSearchParams()).calls?.takeover_preview?.({
    workload: "checkout-backoffice",
    container: null,
  } as never)) as TakeoverPreview;
  const keys = understood(preview.draft, en).map(({ key }) => key);
  expect(keys).toContain("liveness");
  expect(keys).not.toContain("startup");
  expect(keys).not.toContain("gpu");
  const kept = keptLines(preview.kept, en, String);
  expect(kept.at(-1)).toEqual({
    kind: "annotation",
    title: "2 annotations",
    note: "team, prometheus.io/scrape",
  });
  expect(kept).toContainEqual({ kind: "container", title: "Container: 1 volume mount", note: "" });
  expect(kept).toContainEqual({
    kind: "variable",
    title: "Variable DB_PASSWORD",
    note: "stays a reference",
  });
});
