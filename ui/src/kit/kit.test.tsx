import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactNode, useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { en, Format, sayError } from "~/i18n";
import {
  Button,
  Dialog,
  Diff,
  Drawer,
  FeedView,
  Field,
  Input,
  KitProvider,
  Menu,
  PodCells,
  PodName,
  QueryView,
  Select,
  Slider,
  Table,
  Tooltip,
  type Words,
} from ".";

const format = new Format("en", en);
const words: Words = {
  ...en.common,
  staleSince: (at) => en.common.staleSince(format.time(at)),
  unreachedRetrying: (what, seconds) => en.common.unreachedRetrying(what, `${seconds} s`),
  readyOf: (ready, desired) => en.common.readyOf(`${ready}`, `${desired}`),
  relativeTime: (at, now) => format.relative(at, now),
  exactTime: (at) => format.exact(at),
  describeError: (error) => sayError(error, en),
  copyText: () => Promise.resolve(),
};

const show = (children: ReactNode) => render(<KitProvider words={words}>{children}</KitProvider>);

describe("Button", () => {
  it("ignores presses while busy, and keeps the focus while locked", async () => {
    const user = userEvent.setup();
    const onClick = vi.fn();
    show(
      <>
        <Button busy onClick={onClick}>
          Saving…
        </Button>
        <Button locked="Your role is viewer" onClick={onClick}>
          Delete
        </Button>
      </>,
    );
    await user.tab();
    await user.keyboard("{Enter}");
    await user.tab();
    const locked = screen.getByRole("button", { name: "Delete" });
    expect(document.activeElement).toBe(locked);
    expect(locked.getAttribute("aria-disabled")).toBe("true");
    expect(await screen.findByText("Your role is viewer")).toBeTruthy();
    await user.keyboard("{Enter}");
    await user.click(locked);
    expect(onClick).not.toHaveBeenCalled();
  });
});

describe("Field", () => {
  it("names its control, and ties the error to it", () => {
    show(
      <Field label="Name" error="Lower case only">
        <Input value="A" onChange={() => {}} />
      </Field>,
    );
    const input = screen.getByLabelText("Name");
    expect(input.getAttribute("aria-invalid")).toBe("true");
    const described = document.getElementById(input.getAttribute("aria-describedby") ?? "");
    expect(described?.textContent).toContain("Lower case only");
  });
});

const rows = Array.from({ length: 20 }, (_, index) => ({ id: `pod-${index}` }));

function List({ onClose = () => {} }: { onClose?: () => void }) {
  const [selected, setSelected] = useState<string | null>(null);
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  return (
    <>
      <Table
        label="Instances"
        rows={rows}
        rowKey={(row) => row.id}
        selected={selected}
        onSelect={setSelected}
        checked={checked}
        onCheck={setChecked}
        columns={[{ key: "name", header: "Pod", cell: (row) => row.id }]}
      />
      {selected ? (
        <Drawer label={`Pod ${selected}`} title={selected} onClose={onClose}>
          {checked.size} ticked
        </Drawer>
      ) : null}
    </>
  );
}

describe("Table", () => {
  it("draws anew only the rows that changed", async () => {
    const drawn: string[] = [];
    const columns = [
      {
        key: "name",
        header: "Name",
        cell: ({ name }: { name: string }) => {
          drawn.push(name);
          return name;
        },
      },
    ];
    const [a, b, c] = ["a", "b", "c"].map((name) => ({ id: name, name }));
    const table = (rows: unknown[]) => (
      <KitProvider words={words}>
        <Table
          label="Pods"
          rows={rows as { id: string; name: string }[]}
          columns={columns}
          rowKey={({ id }) => id}
          checked={new Set()}
          onCheck={() => {}}
          onSelect={() => {}}
        />
      </KitProvider>
    );
    const { rerender } = render(table([a, b, c]));
    expect(drawn).toEqual(["a", "b", "c"]);
    drawn.length = 0;
    rerender(table([a, { id: "b", name: "other" }, c]));
    expect(drawn).toEqual(["other"]);
    expect(screen.getAllByRole("row")[2]?.textContent).toContain("other");
  });

  it("is used without a mouse: arrows move, Enter opens, the drawer follows, Space ticks", async () => {
    const user = userEvent.setup();
    const onClose = vi.fn();
    show(<List onClose={onClose} />);
    await user.tab();
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole("row", { name: /pod-0/ }));
    await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(screen.getByRole("complementary", { name: "Pod pod-2" })).toBeTruthy();
    await user.keyboard("{ArrowDown}");
    expect(screen.getByRole("complementary", { name: "Pod pod-3" })).toBeTruthy();
    await user.keyboard(" ");
    expect(screen.getByText("1 ticked")).toBeTruthy();
    await user.keyboard("{End}");
    expect(document.activeElement?.textContent).toContain("pod-19");
    await user.keyboard("{Escape}");
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("is one stop of the tab order, with the controls of the row it stands on", async () => {
    const user = userEvent.setup();
    show(
      <>
        <Table
          label="Instances"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[{ key: "name", header: "Pod", cell: (row) => row.id }]}
          actions={(row) => <Menu trigger={<Button>{`Actions of ${row.id}`}</Button>} items={[]} />}
        />
        <Button>After</Button>
      </>,
    );
    await user.tab();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    await user.tab();
    expect(document.activeElement?.textContent).toBe("Actions of pod-2");
    await user.tab();
    expect(document.activeElement?.textContent).toBe("After");
  });

  it("ticks all from its header", async () => {
    const user = userEvent.setup();
    show(<List />);
    const grid = screen.getByRole("grid", { name: "Instances" });
    await user.click(within(grid).getByRole("checkbox", { name: "Select all" }));
    for (const box of within(grid).getAllByRole("checkbox")) {
      expect(box.getAttribute("aria-checked")).toBe("true");
    }
  });
});

function Taken() {
  const [value, setValue] = useState(3);
  return (
    <Slider
      label="Pods"
      value={value}
      valueText={`${value} of 10`}
      least={2}
      max={10}
      onChange={setValue}
    >
      <PodCells pods={[]} />
    </Slider>
  );
}

describe("overlays", () => {
  it("a menu opens from its button and tells what was chosen", async () => {
    const user = userEvent.setup();
    const onSelect = vi.fn();
    show(
      <Menu
        trigger={<Button>More</Button>}
        items={[
          { key: "logs", label: "Logs", keys: ["L"], onSelect },
          { key: "evict", label: "Evict…", danger: true, separated: true, onSelect: vi.fn() },
        ]}
      />,
    );
    await user.tab();
    await user.keyboard("{Enter}");
    await user.click(await screen.findByRole("menuitem", { name: /Logs/ }));
    expect(onSelect).toHaveBeenCalledOnce();
    const button = screen.getByRole("button", { name: "More" });
    await waitFor(() => expect(document.activeElement).toBe(button));
    await user.keyboard("{ArrowDown}");
    await waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("menuitem"));
    await user.keyboard("{Enter}");
    expect(onSelect).toHaveBeenCalledTimes(2);
  });

  it("a menu that was never open opens with the arrow keys as well", async () => {
    const user = userEvent.setup();
    show(
      <Menu
        trigger={<Button>More</Button>}
        items={[{ key: "logs", label: "Logs", onSelect: vi.fn() }]}
      />,
    );
    await user.tab();
    await user.keyboard("{ArrowDown}");
    const item = await screen.findByRole("menuitem", { name: "Logs" });
    await waitFor(() => expect(document.activeElement).toBe(item));
  });

  it("a tooltip comes once the pointer rests on its control, and goes with it", async () => {
    const user = userEvent.setup();
    show(
      <Tooltip text="Needs bj-prod">
        <Button>Restart</Button>
      </Tooltip>,
    );
    await user.hover(screen.getByRole("button", { name: "Restart" }));
    expect(screen.queryByText("Needs bj-prod")).toBeNull();
    expect(await screen.findByText("Needs bj-prod")).toBeTruthy();
    await user.unhover(screen.getByRole("button", { name: "Restart" }));
    await waitFor(() => expect(screen.queryByText("Needs bj-prod")).toBeNull());
  });

  it("a slider moves by keys, never below what must be taken, and follows what is typed", async () => {
    const user = userEvent.setup();
    show(<Taken />);
    await user.tab();
    const slider = screen.getByRole("slider", { name: "Pods" });
    expect(document.activeElement).toBe(slider);
    await user.keyboard("{ArrowRight}");
    expect(slider.getAttribute("aria-valuetext")).toBe("4 of 10");
    await user.keyboard("{Home}");
    expect(slider.getAttribute("aria-valuetext")).toBe("2 of 10");
    await user.keyboard("{End}");
    expect(slider.getAttribute("aria-valuetext")).toBe("10 of 10");
  });

  it("a dialog puts the focus where something has to be typed, and Enter acts only when it may", async () => {
    const user = userEvent.setup();
    const onAction = vi.fn();
    const dialog = (typed: string) => (
      <KitProvider words={words}>
        <Dialog
          open
          onClose={vi.fn()}
          title="Delete prod-gz-1?"
          action={{ label: "Delete group", disabled: typed !== "prod-gz-1", onAction }}
        >
          <Field stacked label="Name">
            <Input value={typed} onChange={() => {}} />
          </Field>
        </Dialog>
      </KitProvider>
    );
    const { rerender } = render(dialog("prod-gz"));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Name")));
    await user.keyboard("{Enter}");
    expect(onAction).not.toHaveBeenCalled();
    rerender(dialog("prod-gz-1"));
    await user.keyboard("{Enter}");
    expect(onAction).toHaveBeenCalledOnce();
  });

  it("a select is named by its field and changes by keyboard", async () => {
    const user = userEvent.setup();
    const onChange = vi.fn();
    show(
      <Field label="Role">
        <Select
          value="viewer"
          onChange={onChange}
          options={[
            { value: "viewer", label: "viewer" },
            { value: "manager", label: "manager" },
          ]}
        />
      </Field>,
    );
    await user.tab();
    expect(document.activeElement).toBe(screen.getByLabelText("Role"));
    await user.keyboard("{Enter}");
    await user.click(await screen.findByRole("option", { name: "manager" }));
    expect(onChange).toHaveBeenCalledWith("manager");
  });
});

describe("the four states", () => {
  const retry = vi.fn();
  const body = (list: { id: string }[]) => <p>{list.length} rows</p>;

  it("a feed says nothing is there only once its first list is complete", () => {
    const view = (state: "loading" | "live") =>
      show(
        <FeedView feed={{ rows: [], state: { state }, retry }} empty={<p>No pods</p>}>
          {body}
        </FeedView>,
      );
    view("loading");
    expect(screen.queryByText("No pods")).toBeNull();
    expect(screen.getByRole("status", { name: "Loading" })).toBeTruthy();
    view("live");
    expect(screen.getByText("No pods")).toBeTruthy();
  });

  it("a stale feed that knew of none says so", () => {
    const state = {
      state: "stale",
      since: "2025-11-20T12:03:00",
      retry_at: null,
      reason: "x",
    } as const;
    show(
      <FeedView feed={{ rows: [], state, retry }} empty={<p>No pods</p>}>
        {body}
      </FeedView>,
    );
    expect(screen.getByText("No pods")).toBeTruthy();
  });

  it("a stale feed keeps its rows readable", () => {
    show(
      <FeedView
        feed={{
          rows: [{ id: "a" }],
          state: {
            state: "stale",
            since: "2025-11-20T12:03:00",
            retry_at: null,
            reason: "bj-prod can not be reached",
          },
          retry,
        }}
      >
        {body}
      </FeedView>,
    );
    expect(screen.getByText("1 rows")).toBeTruthy();
    expect(screen.getByText("As of 12:03:")).toBeTruthy();
    expect(screen.getByRole("status").textContent).toContain(": bj-prod can not be reached. What");
    expect(screen.getByRole("button", { name: "Retry now" })).toBeTruthy();
  });

  it("a failed question says what, why and what to try", async () => {
    const refetch = vi.fn();
    const error = {
      code: "forbidden",
      params: { verb: "list", resource: "pods", namespace: "shop" },
      detail: "list pods of shop: 403",
      hints: ["ask_owner_for_role"],
      fields: [{ field: "image", code: "required", params: {}, fix: null }],
    };
    show(
      <QueryView query={{ data: undefined, error, isPending: false, refetch }}>
        {() => null}
      </QueryView>,
    );
    expect(screen.getByRole("alert").textContent).toContain("list pods in shop");
    expect(screen.getByText(en.error.hint.ask_owner_for_role)).toBeTruthy();
    expect(screen.getByText("image").parentElement?.textContent).toBe("image Fill this in");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(refetch).toHaveBeenCalledOnce();
  });

  it("a skeleton waits 200 ms", async () => {
    show(
      <QueryView query={{ data: undefined, error: null, isPending: true, refetch: vi.fn() }}>
        {() => null}
      </QueryView>,
    );
    const skeleton = screen.getByRole("status", { name: "Loading" });
    expect(skeleton.childElementCount).toBe(0);
    await waitFor(() => expect(skeleton.childElementCount).toBeGreaterThan(0));
  });
});

describe("Diff", () => {
  it("folds what is unchanged and here, and says what was left out", async () => {
    const same = (at: number) => ({ kind: "same" as const, old: at, new: at, text: `line ${at}` });
    show(
      <Diff
        label="What changes"
        lines={[
          { kind: "fold", folded: 38 },
          ...Array.from({ length: 9 }, (_, at) => same(39 + at)),
          { kind: "del", old: 48, text: "image: 1" },
          { kind: "add", new: 48, text: "image: 2" },
          { kind: "fold", folded: 22 },
        ]}
        foldText={(count) => `${count} unchanged lines`}
      />,
    );
    const diff = screen.getByRole("figure", { name: "What changes" });
    expect(within(diff).getByText("38 unchanged lines")).toBeTruthy();
    expect(within(diff).getByText("22 unchanged lines")).toBeTruthy();
    expect(within(diff).queryByText("line 39")).toBeNull();
    await userEvent.click(within(diff).getByRole("button", { name: "6 unchanged lines" }));
    expect(within(diff).getByText("line 39")).toBeTruthy();
    // Both sides have their own numbers: a removed line has none on the new one.
    expect(within(diff).getByText("image: 1").parentElement?.textContent).toBe("48−image: 1");
  });
});

describe("pods", () => {
  it("stand new first, failing after them, old last", () => {
    show(
      <PodCells
        pods={[{ state: "old" }, { state: "failing" }, { state: "new" }, { state: "old" }]}
      />,
    );
    expect(screen.getAllByRole("img").map((cell) => cell.getAttribute("aria-label"))).toEqual([
      "new version",
      "failing",
      "settled or old version",
      "settled or old version",
    ]);
  });

  it("over 80 become one bar with counts", () => {
    show(<PodCells pods={Array.from({ length: 81 }, () => ({ state: "old" as const }))} />);
    expect(screen.getByRole("img").textContent).toBe("81");
  });

  it("are named by hash and last part", () => {
    const { container } = show(<PodName name="checkout-api-58d4c9c7f6-b8xqn" />);
    expect(container.textContent).toBe("58d4c9c7f6-b8xqn");
    expect(container.querySelector("strong")?.textContent).toBe("b8xqn");
  });
});
