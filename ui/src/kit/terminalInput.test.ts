import { afterEach, beforeEach, expect, it } from "vitest";
import { giveOnComposed } from "./terminalInput";

let typed: string[] = [];
let field: HTMLTextAreaElement;
let end = () => {};
beforeEach(() => {
  typed = [];
  const host = document.body.appendChild(document.createElement("div"));
  field = host.appendChild(document.createElement("textarea"));
  end = giveOnComposed(host, (text) => typed.push(text));
});
afterEach(() => end());

function press(keyCode: number): void {
  field.dispatchEvent(new KeyboardEvent("keydown", { keyCode, bubbles: true }));
}

function write(inputType: string, data: string): void {
  field.value += data;
  field.dispatchEvent(new InputEvent("input", { inputType, data, bubbles: true }));
}

it("gives on each text that is composed once, and leaves nothing of it in the field", () => {
  press(32);
  write("insertText", " ");
  expect(typed, "what keys type is the screen's own").toEqual([]);
  press(229);
  write("insertFromComposition", "你好");
  expect(field.value).toBe("");
  press(229);
  write("insertFromComposition", "世界");
  press(229);
  write("insertFromComposition", "世界");
  expect(typed).toEqual(["你好", "世界", "世界"]);
  expect(field.value).toBe("");
});

it("gives on what an input method passes on, and leaves what is still composed", () => {
  press(229);
  write("insertText", "，");
  expect([typed, field.value]).toEqual([["，"], ""]);
  press(229);
  write("insertCompositionText", "ni");
  expect([typed, field.value]).toEqual([["，"], "ni"]);
});
