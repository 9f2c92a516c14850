import { lazy, Suspense } from "react";
import { Skeleton } from "../Feedback";
import type { CodeLanguage } from "./language";

/** Where a line of a file comes from. */
export interface LineOrigin {
  kind: "app" | "group" | "value" | "default" | "unset";
  /** Beside the bar: the key that fills it, or the file it is of. */
  label?: string | undefined;
}

/** A part of the text that a value filled in: [from, to) in UTF-16 units of the whole text. */
export interface ValueMark {
  from: number;
  to: number;
  kind: "value" | "default" | "unset";
  key: string;
}

export interface EditorProps {
  label: string;
  value: string;
  language: CodeLanguage;
  /** Without it the text can be read, marked and copied, but not changed. */
  onChange?: ((value: string) => void) | undefined;
  /** Ctrl/Cmd-S in the text. */
  onSave?: (() => void) | undefined;
  /** Braces are placeholders: they are marked, those of `unset` keys as missing. */
  placeholders?: boolean | undefined;
  unset?: ReadonlySet<string> | undefined;
  /** One for each line, from the first. Draws the gutter that tells where a line comes from. */
  origins?: LineOrigin[] | undefined;
  marks?: ValueMark[] | undefined;
  /** A filled-in part was chosen, with a double click or Enter. */
  onMark?: ((key: string) => void) | undefined;
  /** Lines that hold what can not be read, from 1, with the sentence about it. */
  problems?: { line: number; text: string }[] | undefined;
  /** The cursor went to another line, from 1; of the first one too. */
  onLine?: ((line: number) => void) | undefined;
  /** Brings this line, from 1, into sight. */
  line?: number | undefined;
}

const CodeMirror = lazy(() => import("./CodeMirror"));

/** Text of a file: coloured, numbered, searched with Ctrl-F. Tab leaves it. Its code is loaded when it is first drawn. */
export function Editor(props: EditorProps) {
  return (
    <Suspense fallback={<Skeleton rows={6} rowHeight={20} />}>
      <CodeMirror {...props} />
    </Suspense>
  );
}
