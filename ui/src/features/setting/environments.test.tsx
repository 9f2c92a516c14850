import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";

function open(lang = "en") {
  const core = story(new URLSearchParams(`lang=${lang}`));
  const asked: { name: string; payload: unknown }[] = [];
  openWindow(
    {
      ...core,
      onCommand: (command, args) => {
        if (command === "call") asked.push({ name: String(args.name), payload: args.payload });
      },
    },
    "/settings",
  );
  const payloads = (name: string) =>
    asked.filter((one) => one.name === name).map(({ payload }) => payload);
  return { payloads };
}

it("keeps a name in both languages, and what Slipway calls it itself as its own word", async () => {
  const user = userEvent.setup();
  const { payloads } = open();
  const name = await screen.findByRole("textbox", { name: "Name: Staging" });
  await user.clear(name);
  await user.type(name, "Canary");
  await user.tab();
  await waitFor(() =>
    expect(payloads("environment_save").at(-1)).toEqual({
      id: "staging",
      draft: { name: { own: { en: "Canary", zh: "预发" } }, colour: "staging", protected: false },
    }),
  );
  await user.clear(name);
  await user.type(name, "Staging");
  await user.tab();
  await waitFor(() =>
    expect(payloads("environment_save").at(-1)).toMatchObject({ draft: { name: "staging" } }),
  );
});

it("moves an environment with Alt and an arrow key", async () => {
  const user = userEvent.setup();
  const { payloads } = open();
  const name = await screen.findByRole("textbox", { name: "Name: Test" });
  await user.click(name);
  await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
  await waitFor(() =>
    expect(payloads("environment_order")).toEqual([["dev", "staging", "test", "prod"]]),
  );
});

it("tells every step of somebody who does not wait for the one before", async () => {
  const user = userEvent.setup();
  const { payloads } = open();
  await user.click(await screen.findByRole("textbox", { name: "Name: Production" }));
  await user.keyboard("{Alt>}{ArrowUp}{ArrowUp}{ArrowUp}{/Alt}");
  await waitFor(() =>
    expect(payloads("environment_order").at(-1)).toEqual(["prod", "dev", "test", "staging"]),
  );
});

it("protects at once", async () => {
  const user = userEvent.setup();
  const { payloads } = open();
  await user.click(await screen.findByRole("switch", { name: "Protected: Test" }));
  await waitFor(() =>
    expect(payloads("environment_save").at(-1)).toMatchObject({
      id: "test",
      draft: { name: "test", protected: true },
    }),
  );
});

it("names the groups for which an environment stays", async () => {
  const user = userEvent.setup();
  open();
  await user.click(await screen.findByRole("button", { name: "Delete Test" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete Test?" });
  await user.click(within(dialog).getByRole("button", { name: "Delete Test" }));
  expect(await within(dialog).findByText(/1 group: checkout-api \/ test/)).toBeTruthy();
});
