import { json } from "@codemirror/lang-json";
import { xml } from "@codemirror/lang-xml";
import { yaml } from "@codemirror/lang-yaml";
import { type Language, StreamLanguage } from "@codemirror/language";
import { nginx } from "@codemirror/legacy-modes/mode/nginx";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { highlightTree, tagHighlighter, tags } from "@lezer/highlight";
import type { CodeLanguage } from "./language";
import css from "./syntax.module.css";

const languages: Record<Exclude<CodeLanguage, "plain">, () => Language> = {
  yaml: () => yaml().language,
  json: () => json().language,
  xml: () => xml().language,
  properties: () => StreamLanguage.define(properties),
  toml: () => StreamLanguage.define(toml),
  shell: () => StreamLanguage.define(shell),
  nginx: () => StreamLanguage.define(nginx),
};

const made = new Map<CodeLanguage, Language>();

/** How a language is parsed; undefined for plain text. */
export function languageOf(name: CodeLanguage): Language | undefined {
  if (name === "plain") return undefined;
  let language = made.get(name);
  if (!language) {
    language = languages[name]();
    made.set(name, language);
  }
  return language;
}

const { key = "", string = "", number = "", comment = "" } = css;

/** Five colours: a config file is read for its keys and values. */
export const highlighter = tagHighlighter([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: key },
  { tag: [tags.tagName, tags.attributeName, tags.heading, tags.keyword], class: key },
  { tag: [tags.definition(tags.variableName), tags.atom, tags.labelName], class: key },
  {
    tag: [tags.string, tags.special(tags.string), tags.attributeValue, tags.content],
    class: string,
  },
  { tag: [tags.number, tags.bool, tags.null], class: number },
  { tag: [tags.comment, tags.lineComment, tags.blockComment, tags.meta], class: comment },
]);

/** A coloured part of a line: [from, to) in UTF-16 units, and its class. */
export type Colour = [from: number, to: number, name: string];

/** The colours of each line of a text. */
export function coloursOf(text: string, name: CodeLanguage): Colour[][] {
  const lines: Colour[][] = [[]];
  const language = languageOf(name);
  if (!language) return lines;
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    starts.push(at + 1);
    lines.push([]);
  }
  let line = 0;
  highlightTree(language.parser.parse(text), highlighter, (from, to, name) => {
    for (let at = from; at < to; ) {
      while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= at) line++;
      const start = starts[line] ?? 0;
      const end = Math.min(to, (starts[line + 1] ?? text.length + 1) - 1);
      if (end > at) lines[line]?.push([at - start, end - start, name]);
      at = end + 1;
    }
  });
  return lines;
}
