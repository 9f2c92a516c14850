import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";
import type { About, ApiError, KeyringState, Settings } from "~/wire/types";

const tooSmall: ApiError = {
  code: "invalid",
  params: {},
  detail: "1 fields are wrong",
  hints: [],
  retryable: false,
  fields: [
    {
      field: "log_size",
      code: "out_of_range",
      params: { min: "16 MiB", max: "64 GiB" },
      fix: null,
    },
  ],
};

function open(keyring: KeyringState, setAside: string | null = null) {
  const core = story(new URLSearchParams("lang=en"));
  const about: About = {
    version: "0.1.0",
    data_dir: "/home/lihua/.local/share/slipway",
    keyring,
    set_aside: setAside,
    device: "lihua-mbp",
  };
  const asked: string[] = [];
  const kept: Settings[] = [];
  openWindow(
    {
      ...core,
      calls: {
        ...core.calls,
        setting_about: () => about,
        keyring_memory_only: () => about,
        keyring_retry: () => about,
        setting_set: (next: Settings) => {
          if (next.log_size === "1 MiB") throw tooSmall;
          return core.calls?.setting_set?.(next as never);
        },
      },
      onCommand: (command, args) => {
        if (command !== "call") return;
        asked.push(String(args.name));
        if (args.name === "setting_set") kept.push(args.payload as Settings);
      },
    },
    "/settings",
  );
  return { asked, kept };
}

it("changes the language at once", async () => {
  const user = userEvent.setup();
  open({ state: "ready" });
  await user.click(await screen.findByRole("radio", { name: "中文" }));
  expect(await screen.findByRole("heading", { name: "设置" })).toBeTruthy();
});

it("saves the name when the field is left", async () => {
  const user = userEvent.setup();
  const { asked } = open({ state: "ready" });
  const field = await screen.findByRole("textbox", { name: "Your name" });
  await waitFor(() => expect(field.getAttribute("value")).toBe("Li Hua"));
  await user.clear(field);
  await user.type(field, "Chen Wei");
  await user.tab();
  await waitFor(() => expect(asked).toContain("setting_set"));
  expect(field.getAttribute("value")).toBe("Chen Wei");
});

it("says in words how the keyring is, and offers both ways out", async () => {
  const user = userEvent.setup();
  const { asked } = open({ state: "missing", reason: "no D-Bus session" });
  expect(await screen.findByText("No keyring")).toBeTruthy();
  expect(screen.getByText(/no D-Bus session/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Keep in memory only" }));
  await waitFor(() => expect(asked).toContain("keyring_memory_only"));
  await user.click(screen.getByRole("button", { name: "Check again" }));
  await waitFor(() => expect(asked).toContain("keyring_retry"));
});

it("says that a damaged database was set aside, and under which name", async () => {
  open({ state: "ready" }, "slipway-2025-11-20.damaged.db");
  const page = await screen.findByRole("main");
  const bar = await within(page).findByRole("alert");
  expect(bar.textContent).toContain("slipway-2025-11-20.damaged.db");
});

it("tells of each occasion until it is switched off, and again when it is switched on", async () => {
  const user = userEvent.setup();
  const kept = open({ state: "ready" }).kept;
  const told = await screen.findByRole("switch", { name: "A release ended" });
  await waitFor(() => expect(told.getAttribute("aria-checked")).toBe("true"));
  await user.click(screen.getByRole("switch", { name: "A release waits for approval" }));
  await user.click(told);
  await waitFor(() => expect(kept.at(-1)?.muted).toEqual(["waits", "ended"]));
  await user.click(told);
  await waitFor(() => expect(kept.at(-1)?.muted).toEqual(["waits"]));
});

it("sets how much of a log is kept, and says when that holds", async () => {
  const user = userEvent.setup();
  const { kept } = open({ state: "ready" });
  const size = await screen.findByRole("combobox", { name: "Log cache" });
  await waitFor(() => expect(size.textContent).toContain("1 GiB"));
  expect(screen.getByText(/open now keep the size they were opened with/)).toBeTruthy();
  await user.click(size);
  await user.click(await screen.findByRole("option", { name: "4 GiB" }));
  await waitFor(() => expect(kept.at(-1)?.log_size).toBe("4 GiB"));
  expect(screen.queryByRole("textbox", { name: "Size of the log cache" })).toBeNull();
});

it("takes a size of the person's own, and says under the field why one is none", async () => {
  const user = userEvent.setup();
  const { kept } = open({ state: "ready" });
  const size = await screen.findByRole("combobox", { name: "Log cache" });
  await user.click(size);
  await user.click(await screen.findByRole("option", { name: "Other size…" }));
  const typed = await screen.findByRole("textbox", { name: "Size of the log cache" });
  await user.clear(typed);
  await user.type(typed, "1 MiB");
  await user.tab();
  expect(await screen.findByText("From 16 MiB to 64 GiB")).toBeTruthy();
  expect(typed.getAttribute("aria-invalid")).toBe("true");
  await user.clear(typed);
  await user.type(typed, "100 MiB");
  await user.tab();
  await waitFor(() => expect(kept.at(-1)?.log_size).toBe("100 MiB"));
  await waitFor(() => expect(screen.queryByText("From 16 MiB to 64 GiB")).toBeNull());
});
