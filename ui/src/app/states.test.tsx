import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";

// Each page is loaded when it is first opened.
const TIME = 60_000;
const LOAD = { timeout: TIME };
const APP = "/app/app-checkout";
const PAGES = [
  ["overview", `${APP}/overview`],
  ["groups", `${APP}/groups`],
  ["a group", `${APP}/groups/group-prod-gz-1`],
  ["a new group", `${APP}/groups/new`],
  ["YAML", `${APP}/groups/group-prod-gz-1/yaml`],
  ["diff", `${APP}/groups/group-prod-gz-1/diff`],
  ["config files", `${APP}/config`],
  ["values", `${APP}/config?show=values`],
  ["environment", `${APP}/config?show=environment`],
  ["load balancers", `${APP}/balancers`],
  ["artifacts", `${APP}/artifacts`],
  ["releases", `${APP}/releases`],
  ["a new release", `${APP}/releases/new`],
  ["a release", `${APP}/releases/release-prod-bj-1-41`],
  ["a train", `${APP}/releases/trains/train-1`],
  ["running state", `${APP}/running/group-prod-sh-1`],
  ["clusters", "/clusters"],
] as const;

beforeEach(() => localStorage.clear());

const open = (search: string, address: string) =>
  openWindow(story(new URLSearchParams(`lang=en&${search}`)), address);

describe("every page", () => {
  it.each(PAGES)(
    "says while it waits that it does: %s",
    async (_, address) => {
      open("wait", address);
      await screen.findAllByRole("status", { name: "Loading" }, LOAD);
      expect(screen.queryByRole("alert")).toBeNull();
    },
    TIME,
  );

  it.each(PAGES)(
    "says what failed, why and what to try: %s",
    async (_, address) => {
      open("fail", address);
      const [alert] = await screen.findAllByRole("alert", {}, LOAD);
      expect(alert?.textContent).toContain("The cluster can not be reached");
      expect(alert?.textContent).toContain("i/o timeout");
      expect(alert?.textContent).toContain("Check network and VPN.");
      expect(screen.getAllByRole("button", { name: "Copy details" })).not.toEqual([]);
      expect(screen.getAllByRole("button", { name: "Try again" })).not.toEqual([]);
    },
    TIME,
  );
});

describe("a part that fails", () => {
  it(
    "leaves groups that nobody could ask about unknown",
    async () => {
      open("fail=groups", `${APP}/groups`);
      expect((await screen.findAllByText("Unknown", {}, LOAD)).length).toBeGreaterThan(0);
      expect(screen.queryByText("Asking…")).toBeNull();
    },
    TIME,
  );

  it(
    "claims nothing of versions that could not be read",
    async () => {
      open("fail=config_versions", `${APP}/config?open=file-application`);
      await screen.findByText("The cluster can not be reached", {}, LOAD);
      expect(screen.queryByText(/Only one version/)).toBeNull();
    },
    TIME,
  );

  it(
    "offers what runs where the list of tags can not be had, and says why",
    async () => {
      open("fail=artifact_list", `${APP}/releases/new?group=group-prod-bj-1`);
      await screen.findByText("Running now", {}, LOAD);
      expect((await screen.findByRole("alert")).textContent).toContain("can not be reached");
    },
    TIME,
  );

  it(
    "keeps the rest of a release without its events",
    async () => {
      open("rest&fail=events", `${APP}/releases/release-prod-bj-1-41`);
      await screen.findByText(/10 of 10 pods ready/, {}, LOAD);
      expect((await screen.findByRole("alert")).textContent).toContain("can not be reached");
    },
    TIME,
  );
});
