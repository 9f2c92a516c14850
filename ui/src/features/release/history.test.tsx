import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { App } from "~/app/App";
import { router } from "~/app/router";
import { askedOfStory } from "~/test/asked";
import type { ReleaseQuery } from "~/wire/types";
import { sinceOf } from "./history";

const of = askedOfStory();
const queries = () => of("release_list") as ReleaseQuery[];

it("a span begins at midnight, the same for all of a day", () => {
  const at = (hour: number) => new Date(2026, 2, 14, hour);
  expect(sinceOf("week", at(1))).toBe(new Date(2026, 2, 8).toISOString());
  expect(sinceOf("week", at(23))).toBe(sinceOf("week", at(1)));
  expect(sinceOf("today", at(12))).toBe(new Date(2026, 2, 14).toISOString());
  expect(sinceOf(undefined, at(12))).toBeNull();
  expect(sinceOf("ever", at(12))).toBeNull();
});

it("is narrowed by person, result and words, as the address says it; and all is one click away", async () => {
  const user = userEvent.setup();
  render(<App />);
  await router.navigate({
    to: "/app/$app/releases",
    params: { app: "app-checkout" },
    search: { show: "all", by: "Chen Wei", state: "aborted" },
  });
  await waitFor(() =>
    expect(queries().at(-1)?.narrow).toMatchObject({ person: "Chen Wei", state: "aborted" }),
  );
  const people = () => screen.getAllByRole("row").slice(1);
  await waitFor(() => expect(people().length).toBeGreaterThan(0));
  for (const row of people()) expect(row.textContent).toMatch(/Aborted.*Chen Wei/);

  await user.type(screen.getByRole("searchbox", { name: "Number, version, note" }), "no such");
  await screen.findByText("No release is like that");
  expect(router.state.location.search).toMatchObject({ filter: "no such", by: "Chen Wei" });
  await user.click(screen.getByRole("button", { name: "Clear the filters" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ show: "all" }));
  expect((await screen.findAllByText(/rollback to r/)).length).toBeGreaterThan(0);
});

it("shows of the chosen one how far its batches are, and how it moves", async () => {
  const user = userEvent.setup();
  render(<App />);
  await router.navigate({ to: "/app/$app/releases", params: { app: "app-checkout" }, search: {} });
  await user.click(await screen.findByText("r28"));
  const panel = await screen.findByRole("complementary", { name: "r28 · prod-sh-1" });
  await within(panel).findByText("Stopped in batch 2 of 3");
  const batches = within(panel).getByRole("list", { name: "Batches" });
  const said = within(batches).getAllByRole("listitem");
  expect(said.map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^Batch 11 pod\d+:\d\d.* – /),
    expect.stringMatching(/^Batch 23 podssince /),
    "Batch 34 pods",
  ]);
  within(panel).getByText("8 → 1 · 3 · 4");
});
