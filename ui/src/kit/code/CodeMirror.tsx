import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import { useWords } from "../Words";
import type { EditorProps } from "./Editor";
import css from "./Editor.module.css";
import { originGutter, placeholderMarks, problemLines, theme, valueMarks } from "./extensions";
import { highlighter, languageOf } from "./parser";

/** Line ends are part of the file: they are split and joined as they are, a mixture by the line feed alone. */
function separatorOf(text: string): string {
  return /\r\n/.test(text) && !/(^|[^\r])\n/.test(text) ? "\r\n" : "\n";
}

/** The editor itself. Its state is CodeMirror's; what is given from outside is brought in as it changes. */
export default function CodeMirror({
  label,
  value,
  language,
  onChange,
  onSave,
  placeholders = false,
  unset,
  origins,
  marks,
  onMark,
  problems,
  onLine,
  line,
}: EditorProps) {
  const words = useWords();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  /** What the editor holds, as it was last given or told. */
  const held = useRef(value);
  const parts = useRef({
    language: new Compartment(),
    access: new Compartment(),
    marks: new Compartment(),
    words: new Compartment(),
  });
  const changed = useEffectEvent((text: string) => {
    held.current = text;
    onChange?.(text);
  });
  const save = useEffectEvent(() => {
    onSave?.();
    return onSave !== undefined;
  });
  const lineOf = (state: EditorState) => state.doc.lineAt(state.selection.main.head).number;
  const moved = useEffectEvent((to: number) => onLine?.(to));
  const chooseMark = useEffectEvent((position: number) => {
    const mark = marks?.find(({ from, to }) => from <= position && position <= to);
    if (mark) onMark?.(mark.key);
    return mark !== undefined && onMark !== undefined;
  });

  const writable = onChange !== undefined;
  const access: Extension = [
    EditorState.readOnly.of(!writable),
    EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": String(!writable) }),
  ];
  const colours = languageOf(language);
  const drawn: Extension = [
    placeholders ? placeholderMarks(unset) : [],
    marks ? valueMarks(marks) : [],
    origins ? originGutter(origins) : [],
    problems ? problemLines(problems) : [],
  ];
  const phrases = EditorState.phrases.of(words.editor);
  const separator = separatorOf(value);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the rest is brought in by the effects below
  useEffect(() => {
    if (!host.current) return;
    const {
      language: inLanguage,
      access: inAccess,
      marks: inMarks,
      words: inWords,
    } = parts.current;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: held.current,
        extensions: [
          EditorState.lineSeparator.of(separator),
          inMarks.of(drawn),
          lineNumbers(),
          highlightSpecialChars(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          search({ top: true }),
          syntaxHighlighting(highlighter),
          Prec.high(
            keymap.of([
              { key: "Mod-s", run: () => save() },
              {
                key: "Enter",
                run: ({ state }) => state.readOnly && chooseMark(state.selection.main.head),
              },
            ]),
          ),
          keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap]),
          EditorView.domEventHandlers({
            dblclick: (event, clicked) => {
              const at = clicked.posAtCoords({ x: event.clientX, y: event.clientY });
              return at !== null && chooseMark(at);
            },
          }),
          EditorView.updateListener.of((update) => {
            const given = update.transactions.some((each) => each.isUserEvent("set"));
            if (update.docChanged && !given) changed(update.state.sliceDoc());
            const now = lineOf(update.state);
            if (now !== lineOf(update.startState)) moved(now);
          }),
          theme,
          inLanguage.of(colours ?? []),
          inAccess.of(access),
          inWords.of(phrases),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [separator]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || held.current === value) return;
    held.current = value;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: editor.state.toText(value) },
      userEvent: "set",
    });
  }, [value]);
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.language.reconfigure(colours ?? []) });
  }, [colours]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: made of nothing else
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.access.reconfigure(access) });
  }, [writable, label]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: made of nothing else
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.marks.reconfigure(drawn) });
  }, [placeholders, unset, marks, origins, problems]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: made of nothing else
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.words.reconfigure(phrases) });
  }, [words]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || line === undefined || line < 1 || line > editor.state.doc.lines) return;
    const { from } = editor.state.doc.line(line);
    editor.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
  }, [line]);

  return <div ref={host} className={css.editor} />;
}
