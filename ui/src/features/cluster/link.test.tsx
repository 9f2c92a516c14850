import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import { App } from "~/app/App";
import { router } from "~/app/router";
import { story } from "~/dev/story";
import { simulateCore } from "~/platform/simulate";

let asked: { name: string; payload: unknown }[] = [];
let clear = () => {};

beforeEach(async () => {
  asked = [];
  clear = simulateCore({
    ...story(new URLSearchParams("lang=en")),
    onCommand: (command, args) => {
      if (command === "call") asked.push({ name: String(args.name), payload: args.payload });
    },
  });
  render(<App />);
  await router.navigate({ to: "/clusters", search: { dialog: "link" } });
});
afterEach(() => clear());

const of = (name: string) => asked.filter((one) => one.name === name).map(({ payload }) => payload);

it("keeps no code in the page once the core has it, and links only when told to", async () => {
  const user = userEvent.setup();
  const dialog = await screen.findByRole("dialog", { name: "Link a cluster" });
  const code = `slw1.${"secret".repeat(20)}`;
  await user.click(within(dialog).getByRole("textbox", { name: /Authorization code/ }));
  await user.paste(code);

  await within(dialog).findByText("What you may do there");
  expect(of("cluster_inspect")).toEqual([{ kind: "code", code }]);
  expect(document.documentElement.outerHTML).not.toContain("secretsecret");
  expect(
    [...document.querySelectorAll("input, textarea")].some((field) =>
      (field as HTMLInputElement).value.includes("secret"),
    ),
  ).toBe(false);
  expect(of("cluster_link")).toEqual([]);

  const yaml = within(dialog).getByRole("button", { name: "YAML that grants it: Metrics" });
  await user.click(yaml);
  expect(within(dialog).getByText(/kind: Role/)).toBeTruthy();

  const name = within(dialog).getByRole("textbox", { name: "Name" });
  await user.clear(name);
  await user.type(name, "bj-prod");
  expect(within(dialog).getByText("bj-prod is linked already")).toBeTruthy();
  await user.clear(name);
  await user.type(name, "square");
  await user.click(within(dialog).getByRole("button", { name: "Link square" }));
  await waitFor(() => expect(of("cluster_link")).toEqual([{ token: "t", name: "square" }]));
});

it("says what is wrong with a code that was cut off, and forgets it too", async () => {
  const user = userEvent.setup();
  const dialog = await screen.findByRole("dialog", { name: "Link a cluster" });
  await user.click(within(dialog).getByRole("textbox", { name: /Authorization code/ }));
  await user.paste("slw1.tooshort");
  expect(await within(dialog).findByText("The authorization code is cut off")).toBeTruthy();
  expect(document.documentElement.outerHTML).not.toContain("tooshort");
  expect(within(dialog).getByRole("button", { name: "Paste again" })).toBeTruthy();
});

it("runs a program only after the person has read which one", async () => {
  const user = userEvent.setup();
  const dialog = await screen.findByRole("dialog", { name: "Link a cluster" });
  await user.click(within(dialog).getByRole("radio", { name: "kubeconfig context" }));
  await user.click(await within(dialog).findByRole("radio", { name: /shop@eks-eu/ }));
  expect(within(dialog).getByText("aws eks get-token --cluster-name 'eks eu'")).toBeTruthy();
  expect(of("cluster_inspect")).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Run aws to sign in" }));
  await waitFor(() =>
    expect(of("cluster_inspect")).toEqual([
      { kind: "kubeconfig", file: "~/.kube/config", context: "shop@eks-eu" },
    ]),
  );
});

it("ends a look at a cluster that takes too long, and the program with it", async () => {
  const user = userEvent.setup();
  const dialog = await screen.findByRole("dialog", { name: "Link a cluster" });
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(of("cluster_inspect_stop")).toEqual([null]));
});
