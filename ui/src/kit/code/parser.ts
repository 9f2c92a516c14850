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

/** The colours of a line of a text, by its place from 0. */
export type ColoursOf = (line: number) => readonly Colour[];

/** Ms that a text is parsed before the window may draw a frame. */
const SLICE = 6;

/** Parses a text in slices, `rest` between two of them. Undefined for plain text, and when `rest` says that nobody waits for it any more. */
export async function parsed(
  text: string,
  name: CodeLanguage,
  rest: () => Promise<boolean>,
): Promise<ColoursOf | undefined> {
  const language = languageOf(name);
  if (!language) return undefined;
  const parse = language.parser.startParse(text);
  let tree = null;
  for (let until = performance.now() + SLICE; tree === null; ) {
    tree = parse.advance();
    if (tree === null && performance.now() > until) {
      if (!(await rest())) return undefined;
      until = performance.now() + SLICE;
    }
  }
  return linesOf(text, tree);
}

type Tree = ReturnType<Language["parser"]["parse"]>;

/** Finds the colours of a line when it is first asked for: few of many lines are ever in sight. */
function linesOf(text: string, tree: Tree): ColoursOf {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const known = new Map<number, Colour[]>();
  return (line) => {
    const start = starts[line];
    if (start === undefined) return [];
    let colours = known.get(line);
    if (!colours) {
      const end = (starts[line + 1] ?? text.length + 1) - 1;
      const found: Colour[] = [];
      const put = (from: number, to: number, name: string) =>
        found.push([from - start, Math.min(to, end) - start, name]);
      highlightTree(tree, highlighter, put, start, end);
      colours = found;
      known.set(line, colours);
    }
    return colours;
  };
}
