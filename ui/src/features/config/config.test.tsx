import { EditorView } from "@codemirror/view";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it } from "vitest";
import { story } from "~/dev/story";
import type { SimulatedCore } from "~/platform/simulate";
import { openWindow } from "~/test/window";

// The page and the editor come with their own pieces of code; what loads them is not what is tried here.
beforeAll(() => Promise.all([import("./ConfigPage"), import("~/kit/code/CodeMirror")]), 120_000);

const at = (search: string) => `/app/app-checkout/config?${search}`;

/** The story, with every call as it comes. */
function begin(change?: (calls: NonNullable<SimulatedCore["calls"]>) => void) {
  const core = story(new URLSearchParams("lang=en"));
  const calls: { name: string; payload: Record<string, unknown> }[] = [];
  change?.(core.calls ?? {});
  return {
    core: {
      ...core,
      // All answers go out of date at every change, as in the story.
      reads: () => ["story"],
      onCommand: (command: string, args: Record<string, unknown>) => {
        if (command !== "call") return;
        calls.push({ name: String(args.name), payload: args.payload as Record<string, unknown> });
      },
    } satisfies SimulatedCore,
    of: (name: string) => calls.filter((call) => call.name === name).map(({ payload }) => payload),
  };
}

async function editor(label: string): Promise<EditorView> {
  const view = EditorView.findFromDOM(await screen.findByRole("textbox", { name: label }));
  if (!view) throw new Error("no editor");
  return view;
}

const type = (view: EditorView, text: string) =>
  act(() => view.dispatch({ changes: { from: 0, insert: text }, userEvent: "input.type" }));

it("walks the tree by keyboard, and opens a file in the eyes of its group", async () => {
  const { core } = begin();
  const { address } = openWindow(core, at(""));
  const tree = await screen.findByRole("tree", { name: "Config files" });
  const group = within(tree).getByRole("treeitem", { name: /prod-sh-1/ });
  act(() => group.focus());
  await userEvent.keyboard("{ArrowRight}{ArrowRight}{Enter}");
  await waitFor(() => expect(address()).toContain("group=group-prod-sh-1"));
  const shown = await editor("conf/application.yaml, Effective");
  expect(shown.state.doc.toString()).toContain("maximum-pool-size: 26");
  expect(shown.state.readOnly).toBe(true);
  expect(screen.getByRole("radio", { name: "Values only" }).ariaChecked).toBe("true");
});

it("saves a file by itself, and once more when it is left", async () => {
  const { core, of } = begin();
  openWindow(core, at("open=file-flags"));
  type(await editor("conf/feature-flags.json"), "// 1\n");
  await waitFor(() => expect(of("config_save")).toHaveLength(1));
  expect(of("config_save")[0]).toMatchObject({ id: "file-flags", base: 9 });
  await waitFor(() => expect(screen.getAllByText("Saved").length).toBeGreaterThan(0));

  type(await editor("conf/feature-flags.json"), "// 2\n");
  await userEvent.click(screen.getByRole("treeitem", { name: /logback/ }));
  await editor("conf/logback.xml");
  await waitFor(() => expect(of("config_save")).toHaveLength(2));
  expect(of("config_save")[1]).toMatchObject({ base: 10 });
});

it("goes over nobody: a save that somebody else came before is decided by the person", async () => {
  let theirs = 0;
  const { core, of } = begin((calls) => {
    const save = calls.config_save as (payload: { base: number }) => unknown;
    calls.config_save = ((payload: { base: number }) => {
      if (payload.base === 9) {
        theirs++;
        throw { code: "changed_elsewhere", params: {}, detail: "", hints: [], fields: [] };
      }
      return save(payload);
    }) as never;
  });
  openWindow(core, at("open=file-flags"));
  type(await editor("conf/feature-flags.json"), "mine\n");
  expect(await screen.findByText("Somebody saved this file meanwhile.")).toBeTruthy();
  expect(theirs).toBe(1);
  await userEvent.click(screen.getByRole("button", { name: "Take theirs" }));
  expect((await editor("conf/feature-flags.json")).state.doc.toString()).not.toContain("mine");
  expect(of("config_save")).toHaveLength(1);
});

it("fills the one empty value in the matrix by keyboard", async () => {
  const { core, of } = begin();
  openWindow(core, at("show=values&open=payment.callback.host&group=group-prod-gz-1"));
  const grid = await screen.findByRole("grid", { name: "Values of all groups" });
  expect(screen.getByText("1 empty value blocks prod-gz-1")).toBeTruthy();
  act(() => grid.focus());
  await userEvent.keyboard("{Enter}pay-cb-gz{Enter}");
  await waitFor(() =>
    expect(of("value_set")).toEqual([
      {
        app: "app-checkout",
        key: "payment.callback.host",
        group: "group-prod-gz-1",
        value: { kind: "plain", value: "pay-cb-gz" },
      },
    ]),
  );
  await waitFor(() => expect(screen.queryByText("1 empty value blocks prod-gz-1")).toBeNull());
});

it("offers two ways out of an empty value, and copies one", async () => {
  const { core, of } = begin();
  openWindow(core, at("show=values"));
  await userEvent.click(await screen.findByRole("button", { name: "Copy from prod-gz-2" }));
  await waitFor(() =>
    expect(of("value_set")).toMatchObject([{ value: { kind: "plain", value: "pay-cb-gz" } }]),
  );
});

it("puts a secret into the vault, and only its id into the matrix", async () => {
  const { core, of } = begin();
  openWindow(core, at("show=values&open=db.password&group=group-test"));
  const grid = await screen.findByRole("grid", { name: "Values of all groups" });
  act(() => grid.focus());
  await userEvent.keyboard("s3cret{Enter}");
  await waitFor(() => expect(of("value_set")).toHaveLength(1));
  expect(of("secret_put")).toEqual([{ value: "s3cret" }]);
  expect(JSON.stringify(of("value_set"))).not.toContain("s3cret");
  expect(of("value_set")[0]).toMatchObject({ value: { kind: "sealed" } });
});

it("says what goes before a group inherits again", async () => {
  const { core, of } = begin();
  openWindow(core, at("open=file-application&group=group-prod-sh-1"));
  await userEvent.click(await screen.findByRole("radio", { name: "Inherit" }));
  const dialog = await screen.findByRole("dialog", { name: "Inherit conf/application.yaml?" });
  expect(within(dialog).getByText("db.pool.max")).toBeTruthy();
  expect(of("config_choose")).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Inherit" }));
  await waitFor(() =>
    expect(of("config_choose")).toEqual([
      { id: "file-application", group: "group-prod-sh-1", choice: "inherit" },
    ]),
  );
});

it("creates a file, refuses one without a path in its field", async () => {
  const { core, of } = begin();
  const { address } = openWindow(core, at(""));
  await userEvent.click(await screen.findByRole("button", { name: "New app file" }));
  const dialog = await screen.findByRole("dialog", { name: "New config file" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Create file" }));
  expect(await within(dialog).findByText("Fill this in")).toBeTruthy();
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Path" }), "conf/new.yaml");
  await userEvent.click(within(dialog).getByRole("button", { name: "Create file" }));
  await waitFor(() => expect(address()).toContain("open=file-6"));
  expect(of("config_create").at(-1)).toMatchObject({ group: null, path: "conf/new.yaml" });
});

it("keeps variables of the app as they are typed, and shows a group what it gets", async () => {
  const { core, of } = begin();
  openWindow(core, at("show=environment"));
  const name = await screen.findByRole("textbox", { name: "Variable 2: Value" });
  await userEvent.clear(name);
  await userEvent.type(name, "UTC");
  // What is typed slowly is kept more than once.
  await waitFor(() =>
    expect(of("app_variables_set").at(-1)).toMatchObject({ variables: [{}, { value: "UTC" }] }),
  );
  await userEvent.click(screen.getByRole("button", { name: /prod-bj-1/ }));
  expect(await screen.findByText("-Xmx384m -XX:+UseZGC")).toBeTruthy();
});

it("compares any two versions, and brings a deleted file back", async () => {
  const { core, of } = begin();
  const { address } = openWindow(core, at("open=file-application"));
  await userEvent.click(await screen.findByRole("button", { name: "17 versions" }));
  await userEvent.click(await screen.findByRole("checkbox", { name: "Version 15" }));
  await userEvent.click(screen.getByRole("checkbox", { name: "Version 17" }));
  await waitFor(() =>
    expect(of("config_diff").at(-1)).toMatchObject({
      from: { number: 15 },
      to: { number: 17 },
    }),
  );
  expect(address()).toMatch(/from=%?2?2?15.*to=%?2?2?17/);
  const asked = of("config_diff").length;
  await userEvent.click(screen.getByRole("button", { name: "Swap the sides" }));
  await waitFor(() =>
    expect(of("config_diff").at(-1)).toMatchObject({
      from: { number: 17 },
      to: { number: 15 },
    }),
  );
  // Both sides at once: none is compared with itself on the way.
  expect(of("config_diff")).toHaveLength(asked + 1);

  await userEvent.click(screen.getByRole("button", { name: "Deleted, 1" }));
  const dialog = await screen.findByRole("dialog", { name: "Deleted files" });
  await userEvent.click(
    within(dialog).getByRole("button", { name: "Bring back conf/legacy.properties" }),
  );
  await screen.findByRole("treeitem", { name: /legacy\.properties/ });
  expect(of("config_undelete")).toHaveLength(1);
});

it("compares what is pointed at before it is chosen, and only once", async () => {
  const { core, of } = begin();
  const { address } = openWindow(core, at("open=file-application&from=15&to=17"));
  await userEvent.click(await screen.findByRole("combobox", { name: "Compare" }));
  const option = await screen.findByRole("option", { name: /Version 16/ });
  await userEvent.hover(option);
  const of16 = () =>
    of("config_diff").filter((ask) => (ask as { from: { number: number } }).from.number === 16);
  await waitFor(() => expect(of16()).toHaveLength(1));
  await userEvent.click(option);
  await waitFor(() => expect(address()).toMatch(/from=%?2?2?16/));
  expect(of16()).toHaveLength(1);
});

it("keeps what is compared, under its own name, until something else is", async () => {
  let go = () => {};
  const { core } = begin((calls) => {
    const answer = calls.config_diff;
    calls.config_diff = async (payload) => {
      if ((payload as { from: { number: number } }).from.number === 17) {
        await new Promise<void>((done) => {
          go = done;
        });
      }
      return answer?.(payload);
    };
  });
  openWindow(core, at("open=file-application&from=15&to=17"));
  const figure = await screen.findByRole("figure", { name: /application/ });
  const heads = () => [...figure.querySelectorAll("strong")].map(({ textContent }) => textContent);
  await waitFor(() => expect(heads()).toEqual(["Version 15", "Version 17"]));
  await userEvent.click(screen.getByRole("button", { name: "Swap the sides" }));
  const from = await screen.findByRole("combobox", { name: "Compare" });
  await waitFor(() => expect(from.textContent).toContain("Version 17"));
  expect(heads()).toEqual(["Version 15", "Version 17"]);
  go();
  await waitFor(() => expect(heads()).toEqual(["Version 17", "Version 15"]));
});

it("compares what is released or runs with what is saved, never with a template", async () => {
  const { core, of } = begin();
  openWindow(core, at("open=file-application&group=group-prod-sh-1&from=released&to=16"));
  const to = await screen.findByRole("combobox", { name: "with" });
  expect(to.textContent).toContain("Saved");
  await waitFor(() =>
    expect(of("group_diff").at(-1)).toMatchObject({
      from: { side: { kind: "released" } },
      to: { side: { kind: "saved" } },
    }),
  );
});

it("looks at files before it imports them, and leaves what is unticked", async () => {
  const { core, of } = begin();
  openWindow(core, at(""));
  await userEvent.click(await screen.findByRole("button", { name: "Import" }));
  const dialog = await screen.findByRole("dialog", { name: "Import config files" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Choose a folder…" }));
  await within(dialog).findByText(/At most 921600 bytes/);
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Below" }), "conf");
  await within(dialog).findByText(/replaces the content/);
  await userEvent.click(within(dialog).getByRole("checkbox", { name: "limits.yaml" }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Import 2 files" }));
  await waitFor(() => expect(of("config_import").at(-1)?.look).toBe(false));
  expect(of("config_import").at(-1)?.files).toMatchObject([
    { path: "conf/feature-flags.json" },
    { path: "conf/truststore.p12" },
  ]);
});

it("tells by keyboard where a line comes from", async () => {
  const { core } = begin();
  openWindow(core, at("open=file-application&group=group-prod-sh-1"));
  const shown = await editor("conf/application.yaml, Effective");
  const { from } = shown.state.doc.line(15);
  act(() => shown.dispatch({ selection: { anchor: from } }));
  await screen.findByText(
    "Line 15: line of the app file, with the value of db.pool.max in prod-sh-1.",
  );
});

it("says which value is missing, and takes it there", async () => {
  const { core, of } = begin();
  openWindow(core, at("open=file-application&group=group-prod-gz-1"));
  await screen.findByText(/payment\.callback\.host in line 21/);
  await userEvent.click(screen.getByRole("button", { name: "Set value…" }));
  const dialog = await screen.findByRole("dialog", { name: "Value of payment.callback.host" });
  await userEvent.type(within(dialog).getByRole("textbox"), "pay");
  await userEvent.click(within(dialog).getByRole("button", { name: "Set value" }));
  await waitFor(() => expect(of("value_set")).toHaveLength(1));
  await waitFor(() => expect(screen.queryByText(/payment\.callback\.host in line/)).toBeNull());
});
