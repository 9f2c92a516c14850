import { expect, it } from "vitest";
import { bare, pieces } from "./ansi";
import { jsonLine, prettyJson } from "./json";
import { clock } from "./view";

const said = (text: string) => pieces(text, []).map((piece) => piece.text);

it("obeys colours and weights", () => {
  const found = pieces("\u001b[1;31mno\u001b[0m yes \u001b[38;5;34mgreen\u001b[39m", []);
  expect(found.map(({ text }) => text)).toEqual(["no", " yes ", "green"]);
  expect(found[0]?.look).toEqual({ bold: true, colour: "var(--status-danger)" });
  expect(found[1]?.look).toEqual({});
  expect(found[2]?.look.colour).toContain("rgb(0 175 0)");
});

it("shows what moves, clears, or sets titles and the clipboard", () => {
  for (const text of [
    "\u001b[2Ja",
    "\u001b]0;title\u0007",
    "\u001b]52;c;aGk=\u0007",
    "a\rb\u0000",
    "\u202eevil",
  ]) {
    const shown = said(text).join("");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
    expect(shown).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(shown.length).toBeGreaterThanOrEqual(text.length);
  }
});

it("marks what is found across colours", () => {
  const text = "a \u001b[32mgreen\u001b[0m b";
  const at = text.indexOf("green");
  const found = pieces(text, [[at + 2, at + 5]]);
  expect(found.filter(({ hit }) => hit).map(({ text }) => text)).toEqual(["een"]);
  expect(found.map(({ text }) => text).join("")).toBe(bare(text));
});

it("survives numbers that are none", () => {
  expect(said("\u001b[38;5;99999mx\u001b[48;2;1mz\u001b[mq")).toEqual(["x", "z", "q"]);
});

it("takes JSON apart", () => {
  const text = '{"level":"info","ts":1,"msg":"order confirmed","order":7,"who":{"id":1}}';
  expect(jsonLine(text)).toEqual({
    message: "order confirmed",
    fields: [
      ["order", "7"],
      ["who", '{"id":1}'],
    ],
  });
  expect(prettyJson(text)?.split("\n")).toHaveLength(9);
  for (const none of ["{", "[1]", "{a}", "text", '"x"', "{} tail"])
    expect(jsonLine(none)).toBeNull();
});

it("says when a line was written, in four ways", () => {
  const at = "2025-11-20T14:45:42.263918123Z";
  expect(clock(at, "utc", 0)).toBe("14:45:42.263Z");
  expect(clock(at, "local", 0)).toMatch(/^\d\d:\d\d:42\.263$/);
  expect(clock(at, "off", 0)).toBeUndefined();
  const now = Date.parse(at);
  expect(clock(at, "relative", now + 1_500)).toBe("-1.5s");
  expect(clock(at, "relative", now + 3_700_000)).toBe("-1h01m");
});
