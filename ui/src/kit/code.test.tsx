import { EditorView } from "@codemirror/view";
import { fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactNode, useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { KitWords } from "~/app/KitWords";
import { LanguageProvider } from "~/i18n";
import {
  changeCount,
  Diff,
  Editor,
  languageOfPath,
  Matrix,
  type MatrixPlace,
  placeholderKey,
} from "~/kit";

const show = (ui: ReactNode) =>
  render(
    <LanguageProvider setting="en">
      <KitWords>{ui}</KitWords>
    </LanguageProvider>,
  );

async function editor(label: string): Promise<EditorView> {
  const view = EditorView.findFromDOM(await screen.findByRole("textbox", { name: label }));
  if (!view) throw new Error("no editor");
  return view;
}

describe("Editor", () => {
  it("gives back what was typed, with the line ends of the file", async () => {
    const changed = vi.fn();
    show(<Editor label="a.yaml" language="yaml" value={"a: 1\r\nb: 2\r\n"} onChange={changed} />);
    const view = await editor("a.yaml");
    view.dispatch({ changes: { from: 3, to: 4, insert: "7" }, userEvent: "input" });
    expect(changed).toHaveBeenLastCalledWith("a: 7\r\nb: 2\r\n");
  });

  it("takes a text from outside without telling it back, and can be read only", async () => {
    const changed = vi.fn();
    const { rerender } = show(
      <Editor label="a.yaml" language="yaml" value="a: 1" onChange={changed} />,
    );
    const view = await editor("a.yaml");
    rerender(
      <LanguageProvider setting="en">
        <KitWords>
          <Editor label="a.yaml" language="yaml" value="restored: 1" />
        </KitWords>
      </LanguageProvider>,
    );
    expect(view.state.doc.toString()).toBe("restored: 1");
    expect(view.state.readOnly).toBe(true);
    expect(changed).not.toHaveBeenCalled();
  });

  it("marks placeholders, and those without a value", async () => {
    const text = "a: {{set}} {{open}} {{open|x}} \\{{brace}}";
    show(
      <Editor
        label="a.yaml"
        language="yaml"
        value={text}
        onChange={() => {}}
        placeholders
        unset={new Set(["open"])}
      />,
    );
    const { dom } = await editor("a.yaml");
    const found = (name: string) =>
      [...dom.querySelectorAll(`.${name}`)].map(({ textContent }) => textContent);
    expect(found("placeholder")).toEqual(["{{set}}", "{{open|x}}"]);
    expect(found("unset")).toEqual(["{{open}}"]);
  });

  it("saves with the keyboard, and Tab is not its own", async () => {
    const saved = vi.fn();
    show(<Editor label="a" language="plain" value="a" onChange={() => {}} onSave={saved} />);
    const view = await editor("a");
    fireEvent.keyDown(view.contentDOM, { key: "s", code: "KeyS", ctrlKey: true });
    expect(saved).toHaveBeenCalledOnce();
    expect(fireEvent.keyDown(view.contentDOM, { key: "Tab", code: "Tab" })).toBe(true);
  });
});

describe("languages", () => {
  it("are known by the ending of a path", () => {
    expect(
      ["conf/app.YML", "/etc/nginx/conf.d/app.conf", "run.sh", ".env", "Makefile"].map(
        languageOfPath,
      ),
    ).toEqual(["yaml", "nginx", "shell", "properties", "plain"]);
  });

  it("read the key of a placeholder", () => {
    expect(["{{ a.b }}", "{{a|}}", "\\{{a}}"].map(placeholderKey)).toEqual(["a.b", "a", undefined]);
  });
});

const lines = [
  { kind: "same" as const, old: 1, new: 1, text: "hikari:" },
  { kind: "del" as const, old: 2, text: "  size: 20", words: [[8, 10]] as [number, number][] },
  { kind: "add" as const, new: 2, text: "  size: 26", words: [[8, 10]] as [number, number][] },
  { kind: "add" as const, new: 3, text: "  idle: 5" },
  { kind: "fold" as const, folded: 4 },
  { kind: "del" as const, old: 7, text: "last: 1" },
];

function Stepped() {
  const [change, setChange] = useState(0);
  return (
    <>
      <output>{change}</output>
      <Diff
        beside
        label="What changes"
        lines={lines}
        foldText={String}
        change={change}
        onChange={setChange}
      />
    </>
  );
}

const whole = Array.from({ length: 20 }, (_, at) => ({
  kind: at === 19 ? ("add" as const) : ("same" as const),
  old: at + 1,
  new: at + 1,
  text: `line ${at + 1}`,
}));
const near = [{ kind: "fold" as const, folded: 16, new: 1 }, ...whole.slice(16)];

/** Compared elsewhere, which gives all lines when it is asked. */
function Asked() {
  const [all, setAll] = useState(false);
  return (
    <Diff
      label="Long"
      lines={all ? whole : near}
      foldText={(n) => `${n} same`}
      onWhole={() => setAll(true)}
    />
  );
}

describe("Diff side by side", () => {
  it("puts what belongs together beside each other, and a gap where there is no line", async () => {
    const { container } = show(
      <Diff
        beside
        label="What changes"
        language="yaml"
        lines={lines}
        foldText={(n) => `${n} same`}
      />,
    );
    const pairs = [...container.querySelectorAll(".pair")].map(({ children }) =>
      [...children].map((side) => (side.className === "missing" ? null : side.textContent)),
    );
    expect(pairs).toEqual([
      ["1 hikari:", "1 hikari:"],
      ["2−  size: 20", "2+  size: 26"],
      [null, "3+  idle: 5"],
      ["7−last: 1", null],
    ]);
    await screen.findAllByText("hikari", { selector: ".key" });
    expect([...container.querySelectorAll("mark")].map(({ textContent }) => textContent)).toEqual([
      "20",
      "26",
    ]);
  });

  it("asks for what whoever compared left out, and opens it once it is there", async () => {
    show(<Asked />);
    expect(screen.queryByText("line 1")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "16 same" }));
    expect(screen.getByText("line 1")).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("goes from change to change by keyboard, and stops at the last", async () => {
    expect(changeCount(lines)).toBe(2);
    show(<Stepped />);
    screen.getByRole("region", { name: "What changes" }).focus();
    await userEvent.keyboard("{Alt>}{ArrowDown}{ArrowDown}{/Alt}");
    expect(screen.getByRole("status").textContent).toBe("1");
    await userEvent.keyboard("{Alt>}{ArrowUp}{/Alt}");
    expect(screen.getByRole("status").textContent).toBe("0");
  });

  it("draws only what is in sight of a long one", () => {
    const long = Array.from({ length: 10_000 }, (_, at) => ({
      kind: "add" as const,
      new: at + 1,
      text: `line ${at}`,
    }));
    const { container } = show(<Diff label="Long" lines={long} foldText={String} fill />);
    expect(container.querySelectorAll("[data-row]").length).toBeLessThan(200);
  });
});

const keys = Array.from({ length: 300 }, (_, at) => ({ key: `k${at}`, header: `k${at}` }));
const groups = Array.from({ length: 51 }, (_, at) => ({ key: `g${at}`, header: `g${at}` }));

function Values({ told }: { told: (...what: unknown[]) => void }) {
  const [active, setActive] = useState<MatrixPlace | null>(null);
  return (
    <Matrix
      label="Values"
      corner="Key"
      rows={keys}
      columns={groups}
      cell={(row, column) =>
        row === "k2"
          ? { text: "••••••", state: "set", secret: true }
          : { text: `${row} ${column}`, state: "set" }
      }
      active={active}
      onActive={setActive}
      onEdit={(edits) => told(...edits.map(({ place, text }) => ({ ...place, text })))}
      onClear={(place) => told({ ...place, text: null })}
      menu={(row) => (
        <button type="button" tabIndex={-1} onClick={() => told(row)}>
          Menu of {row}
        </button>
      )}
    />
  );
}

describe("Matrix", () => {
  const open = () => {
    const told = vi.fn();
    const { container } = show(<Values told={told} />);
    const grid = screen.getByRole("grid", { name: "Values" });
    grid.focus();
    const here = () => {
      const id = grid.getAttribute("aria-activedescendant") ?? "";
      return document.getElementById(id)?.textContent;
    };
    return { told, grid, here, container };
  };

  it("draws what is in sight, and says how much there is", () => {
    const { grid } = open();
    expect(grid.getAttribute("aria-rowcount")).toBe("301");
    expect(grid.getAttribute("aria-colcount")).toBe("52");
    expect(within(grid).getAllByRole("gridcell").length).toBeLessThan(1000);
    // The header of a row and its cells stand apart; a reader finds them together.
    const owned = within(grid).getAllByRole("row")[1]?.getAttribute("aria-owns") ?? "";
    expect(document.getElementById(owned)?.textContent).toContain("k0 g1");
  });

  it("moves with the arrows, to the ends too, and knows the cell out of sight", async () => {
    const { here } = open();
    expect(here()).toBe("k0 g0");
    await userEvent.keyboard("{ArrowDown}{ArrowRight}");
    expect(here()).toBe("k1 g1");
    await userEvent.keyboard("{End}");
    expect(here()).toBe("k1 g50");
    await userEvent.keyboard("{Home}{ArrowUp}{ArrowUp}");
    expect(here()).toBe("k0 g0");
  });

  it("edits with Enter and goes on below; Escape takes it back", async () => {
    const { told, grid, here } = open();
    await userEvent.keyboard("{Enter}");
    const field = screen.getByRole<HTMLTextAreaElement>("textbox");
    expect(field.value).toBe("k0 g0");
    await userEvent.keyboard("!{Enter}");
    expect(told.mock.calls).toEqual([[{ row: "k0", column: "g0", text: "k0 g0!" }]]);
    expect(here()).toBe("k1 g0");
    expect(document.activeElement).toBe(grid);
    await userEvent.keyboard("other{Escape}");
    expect(told).toHaveBeenCalledOnce();
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("typing begins anew, Tab goes on to the right, Delete empties", async () => {
    const { told, here } = open();
    await userEvent.keyboard("new{Tab}");
    expect(told).toHaveBeenLastCalledWith({ row: "k0", column: "g0", text: "new" });
    expect(here()).toBe("k0 g1");
    await userEvent.keyboard("{Delete}");
    expect(told).toHaveBeenLastCalledWith({ row: "k0", column: "g1", text: null });
  });

  it("opens the menu of its row by a key, and goes on from it", async () => {
    const { told, grid, here } = open();
    await userEvent.keyboard("{ArrowDown}{Shift>}{F10}{/Shift}");
    expect(told.mock.calls).toEqual([["k1"]]);
    // What a menu gives the focus back to.
    screen.getByRole("button", { name: "Menu of k1" }).focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(here()).toBe("••••••");
    expect(document.activeElement).toBe(grid);
  });

  it("pastes a cell whole", async () => {
    const { told, grid } = open();
    fireEvent.keyDown(grid, { key: "v", ctrlKey: true });
    fireEvent.paste(screen.getByRole("textbox"), { clipboardData: { getData: () => "a\nb" } });
    expect(told.mock.calls).toEqual([[{ row: "k0", column: "g0", text: "a\nb" }]]);
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("pastes rows of a spreadsheet from the cell on, as far as there are cells", async () => {
    const { told, grid } = open();
    await userEvent.keyboard("{End}");
    await userEvent.keyboard("{ArrowLeft}");
    fireEvent.keyDown(grid, { key: "v", ctrlKey: true });
    const data = "1\t2\t3\r\n4\t\r\n";
    fireEvent.paste(screen.getByRole("textbox"), { clipboardData: { getData: () => data } });
    expect(told.mock.calls).toEqual([
      [
        { row: "k0", column: "g49", text: "1" },
        { row: "k0", column: "g50", text: "2" },
        { row: "k1", column: "g49", text: "4" },
        { row: "k1", column: "g50", text: "" },
      ],
    ]);
  });

  it("a secret is typed unseen and begins empty", async () => {
    const { told, container } = open();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    const field = container.querySelector<HTMLInputElement>("input[type=password]");
    expect(field?.value).toBe("");
    await userEvent.keyboard("s3cret{Enter}");
    expect(told).toHaveBeenLastCalledWith({ row: "k2", column: "g0", text: "s3cret" });
  });
});
