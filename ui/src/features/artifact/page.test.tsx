import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it } from "vitest";
import { story } from "~/dev/story";
import type { SimulatedCore } from "~/platform/simulate";
import { openWindow } from "~/test/window";
import type { ArtifactLook, ArtifactQuery, RegistryPut } from "~/wire/types";

const PAGE = "/app/app-checkout/artifacts";

// The pages come with their own pieces of code; what loads them is not what is tried here.
beforeAll(() => Promise.all([import("./ArtifactsPage"), import("~/app/ReleaseNewPage")]), 120_000);

function core(params = "", calls: SimulatedCore["calls"] = {}): SimulatedCore {
  const known = story(new URLSearchParams(`lang=en&${params}`));
  return { ...known, calls: { ...known.calls, ...calls } };
}

it("shows what each tag is, where it runs and which releases used it", async () => {
  const user = userEvent.setup();
  const { address } = openWindow(core(), PAGE);
  const grid = await screen.findByRole("grid", { name: "Artifacts" });
  const row = await within(grid).findByRole("row", { name: /2\.14\.0/ });
  await within(row).findByText("194 MiB");
  expect(within(grid).getByText("gone from registry")).toBeTruthy();
  await user.click(row);
  const panel = await screen.findByRole("complementary", { name: "2.14.0" });
  await waitFor(() => expect(within(panel).getAllByText("prod-bj-1").length).toBeGreaterThan(0));
  expect(within(panel).getByText("arm64")).toBeTruthy();
  expect(address()).toContain("open=2.14.0");
  await user.click(within(panel).getByRole("link", { name: "Deploy…" }));
  await waitFor(() => expect(address()).toContain("releases/new?choose=2.14.0"));
});

it("asks for the pages and tags in sight, and for no others", async () => {
  const asked: ArtifactQuery[] = [];
  const looked: ArtifactLook[] = [];
  const known = core();
  const list = known.calls?.artifact_list;
  openWindow(
    core("", {
      artifact_list: (query: ArtifactQuery) => {
        asked.push(query);
        return list?.(query as never);
      },
      artifact_look: (look: ArtifactLook) => {
        looked.push(look);
        return null;
      },
    }),
    PAGE,
  );
  await screen.findByRole("grid", { name: "Artifacts" });
  // What is known already and what is gone is not asked for.
  await waitFor(() => expect(looked.flatMap(({ tags }) => tags)).toHaveLength(38));
  expect(looked.every(({ tags }) => tags.length <= 40)).toBe(true);
  expect(asked.every(({ limit, offset }) => limit === 100 && offset === 0)).toBe(true);
});

it("says why the registry does not answer, and lets a person sign in", async () => {
  const user = userEvent.setup();
  const put: RegistryPut[] = [];
  openWindow(
    core("registry=login", {
      registry_put: (login: RegistryPut) => {
        put.push(login);
        return { host: login.host, username: login.username, plain: login.plain ?? false };
      },
    }),
    PAGE,
  );
  await screen.findByText("registry.example.com does not let you in");
  await user.click(await screen.findByRole("button", { name: "Sign in…" }));
  const dialog = await screen.findByRole("dialog", { name: "Sign in to registry.example.com" });
  await user.type(within(dialog).getByLabelText("Password or token"), "s3cret");
  await user.click(within(dialog).getByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(put).toHaveLength(1));
  expect(put[0]).toMatchObject({ username: "lihua", password: "s3cret", plain: false });
});

it("keeps the list that was read before when the registry is down", async () => {
  openWindow(core("registry=down"), PAGE);
  await screen.findByText(/registry\.example\.com can not be reached/);
  const grid = screen.getByRole("grid", { name: "Artifacts" });
  await within(grid).findByRole("row", { name: /2\.14\.0/ });
});

it("is one stop of Tab to pick from, and goes on with the arrow keys", async () => {
  const user = userEvent.setup();
  const { address } = openWindow(core(), "/app/app-checkout/releases/new?group=group-prod-bj-1");
  const first = await screen.findByRole("button", { name: "Choose 2.15.0-dev.7" });
  first.focus();
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Choose 2.14.0");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(address()).toContain("choose=2.14.0"));
  await user.tab();
  expect(document.activeElement?.textContent).toBe("All artifacts");
  await user.tab({ shift: true });
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Choose 2.14.0");
  await user.keyboard("{Home}");
  expect(document.activeElement).toBe(first);
});
