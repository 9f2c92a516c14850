import type { Extension } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutter,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import type { LineOrigin, ValueMark } from "./Editor";
import css from "./Editor.module.css";
import { placeholderKey, placeholderPattern } from "./language";
import syntax from "./syntax.module.css";

/** Marks `{{key}}` and `{{key|default}}`; those of keys without a value as missing. */
export function placeholderMarks(unset: ReadonlySet<string> | undefined): Extension {
  const set = Decoration.mark({ class: syntax.placeholder ?? "" });
  const missing = Decoration.mark({ class: syntax.unset ?? "" });
  const matcher = new MatchDecorator({
    regexp: placeholderPattern(),
    decoration: ([written = ""]) => {
      const key = placeholderKey(written);
      if (key === undefined) return null;
      return unset?.has(key) && !written.includes("|") ? missing : set;
    },
  });
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = matcher.createDeco(view);
      }
      update(update: ViewUpdate) {
        this.decorations = matcher.updateDeco(update, this.decorations);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

/** Marks what values filled in. The text must not change while they stand. */
export function valueMarks(marks: ValueMark[]): Extension {
  return EditorView.decorations.of(({ state }) =>
    Decoration.set(
      marks
        .filter(({ from, to }) => from < to && to <= state.doc.length)
        .map(({ from, to, kind, key }) =>
          Decoration.mark({ class: syntax[kind] ?? "", attributes: { title: key } }).range(
            from,
            to,
          ),
        ),
      true,
    ),
  );
}

class Origin extends GutterMarker {
  constructor(
    private readonly origin: LineOrigin,
    /** The line above says the same: the label is not repeated. */
    private readonly again: boolean,
  ) {
    super();
  }

  override eq(other: Origin): boolean {
    return (
      other.origin.kind === this.origin.kind &&
      other.origin.label === this.origin.label &&
      other.again === this.again
    );
  }

  override toDOM(): HTMLElement {
    const cell = document.createElement("div");
    cell.className = `${css.origin} ${css[this.origin.kind]}`;
    if (!this.again && this.origin.label) {
      cell.textContent = this.origin.label;
      cell.title = this.origin.label;
    }
    return cell;
  }
}

/** The gutter that tells where each line comes from. A line more than the list takes the last origin's file. */
export function originGutter(origins: LineOrigin[]): Extension {
  return gutter({
    class: css.origins ?? "",
    lineMarker: (view, block) => {
      const at = view.state.doc.lineAt(block.from).number - 1;
      const origin = origins[at];
      if (!origin) return null;
      const above = origins[at - 1];
      return new Origin(origin, above?.kind === origin.kind && above.label === origin.label);
    },
  });
}

/** Lines with something that can not be read. */
export function problemLines(problems: { line: number; text: string }[]): Extension {
  return EditorView.decorations.of(({ state }) =>
    Decoration.set(
      problems
        .filter(({ line }) => line >= 1 && line <= state.doc.lines)
        .map(({ line, text }) =>
          Decoration.line({ class: css.problem ?? "", attributes: { title: text } }).range(
            state.doc.line(line).from,
          ),
        ),
      true,
    ),
  );
}

/** Our tokens; they know light and dark by themselves. */
export const theme: Extension = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--term)", color: "var(--text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--font-mono)",
    fontSize: "var(--size-2)",
    fontVariantLigatures: "none",
    lineHeight: "20px",
  },
  ".cm-content": { caretColor: "var(--text)", padding: "4px 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-line": { padding: "0 12px 0 8px" },
  ".cm-gutters": {
    border: "none",
    backgroundColor: "var(--term)",
    color: "var(--text-subtle)",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "36px", padding: "0 4px 0 8px" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--hover) 60%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    {
      backgroundColor: "var(--accent-line)",
    },
  ".cm-selectionMatch": { backgroundColor: "var(--hit)" },
  ".cm-searchMatch": { backgroundColor: "var(--hit)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--hit-on)", color: "var(--hit-on-text)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selected)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--status-danger-tint)" },
  ".cm-specialChar": { color: "var(--status-warn)" },
  ".cm-panels": { backgroundColor: "var(--surface-sunken)", color: "var(--text)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--border)" },
  ".cm-panel.cm-search": { fontFamily: "var(--font)", padding: "6px 28px 6px 12px" },
  ".cm-textfield, .cm-button": {
    border: "1px solid var(--border-strong)",
    borderRadius: "var(--radius-small)",
    background: "var(--surface)",
    color: "var(--text)",
    fontSize: "var(--size-2)",
  },
  ".cm-panel.cm-search [name=close]": { color: "var(--text-muted)", fontSize: "16px" },
});
