import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { story } from "~/dev/story";
import { openWindow } from "~/test/window";
import type { GroupMergeTake } from "~/wire/types";

// The pages come with their own pieces of code; what loads them is not what is tried here.
beforeAll(() => Promise.all([import("./MergePage"), import("./DiffPage")]), 120_000);

const PAGE = "/app/app-checkout/groups/group-test/merge";
let taken: GroupMergeTake[] = [];

beforeEach(() => {
  localStorage.clear();
  taken = [];
});

function open(search = "lang=en", refuse = false) {
  const core = story(new URLSearchParams(search));
  const group_merge_take = (take: GroupMergeTake) => {
    taken.push(take);
    if (refuse) {
      throw {
        code: "merge_moved",
        params: {},
        detail: "",
        hints: [],
        retryable: false,
        fields: [],
      };
    }
    return core.calls?.group_merge_take?.(take as never);
  };
  return openWindow({ ...core, calls: { ...core.calls, group_merge_take } }, PAGE);
}

const inside = (name: string) => screen.findByRole("region", { name });

async function decide(user: ReturnType<typeof userEvent.setup>) {
  const conflicts = await inside("Changed by both");
  const of = (name: string) => within(conflicts).getByRole("radiogroup", { name });
  await user.click(
    within(of("What stays of cpu.limit")).getByRole("radio", { name: "Chen Wei's" }),
  );
  await user.click(within(of("Place 1: what stays")).getByRole("radio", { name: "Both" }));
  await user.click(
    within(of("What stays of conf/merchant.key")).getByRole("radio", { name: "Mine" }),
  );
}

it("says what comes in and what stays, and merges once every conflict is decided", async () => {
  const user = userEvent.setup();
  open();
  const comes = await inside("Comes in from r204");
  expect(within(comes).getByRole("row", { name: /memory\.limit/ }).textContent).toContain("768Mi");
  expect(within(comes).getByRole("row", { name: /db\.password/ }).textContent).not.toContain(
    "d20b",
  );
  expect(within(comes).getByRole("row", { name: /logback/ }).textContent).toContain(
    "1 place comes in",
  );
  const stays = await inside("Stays as in your draft");
  expect(within(stays).getByRole("row", { name: /PROFILE/ }).textContent).toContain("test-2");

  // One that is locked is another element than one that acts.
  const button = () => screen.getByRole("button", { name: /Merge into the draft/ });
  await user.click(button());
  expect(taken).toEqual([]);
  await decide(user);
  await screen.findByText(/3 of 3 conflicts decided/);
  await user.click(button());
  await waitFor(() => expect(taken).toHaveLength(1));
  const [{ choices, ...rest }] = taken as [GroupMergeTake];
  expect(rest).toEqual({ group: "group-test", hash: "9c41" });
  expect(choices["group:cpu.limit"]).toEqual({ kind: "theirs" });
  expect(choices["file:app:conf/merchant.key"]).toEqual({ kind: "ours" });
  const file = choices["file:app:conf/application.yaml"];
  expect(file?.kind === "text" ? file.text : "").toContain(
    "size: 26\n      maximum-pool-size: 60\n      minimum-idle: 10\n",
  );
  await screen.findByText("Your draft has what r204 changed");
});

it("says where a side moved meanwhile", async () => {
  const user = userEvent.setup();
  open("lang=en", true);
  await decide(user);
  await user.click(screen.getByRole("button", { name: /Merge into the draft/ }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("One of the sides changed meanwhile");
});

it("has nothing to merge where the draft has everything", async () => {
  open("lang=en&nothing");
  expect(await screen.findByText("Nothing to merge")).toBeTruthy();
});
