import { useEffect, useEffectEvent, useRef, useState } from "react";
import { ask, useOrder } from "~/data";
import { useSettled } from "~/kit/form";
import type { FileContent, FileView } from "~/wire/types";

/** So long after the last key what was typed is saved. */
const SAVE_AFTER_MS = 500;

export type SaveState = "saved" | "saving" | "unsaved" | "conflict" | "failed";

/**
 * The text of a file while it is edited. It saves itself as the person pauses; what somebody else saved meanwhile is
 * never gone over without being asked.
 */
export function useFileText(view: FileView) {
  const theirs = textOf(view.content);
  const [editor] = useState(() => crypto.randomUUID());
  const [text, setText] = useState(theirs);
  /** What the core has from here, and which revision that was. */
  const [kept, setKept] = useState({ text: theirs, revision: view.revision });
  const { id } = view.file;
  const save = useOrder("config_save", {
    quiet: true,
    onDone: (saved, { content }) => setKept({ text: textOf(content), revision: saved.revision }),
  });
  const dirty = text !== kept.text;
  const conflict = save.error?.code === "changed_elsewhere";

  // Somebody else saved it, and nothing was typed here: what they saved is what is edited from now on.
  if (view.revision > kept.revision && !dirty && !save.pending) {
    setKept({ text: theirs, revision: view.revision });
    setText(theirs);
  }

  const settled = useSettled(text, SAVE_AFTER_MS);
  const push = useEffectEvent((base: number) => {
    void save.run({ id, base, editor, content: { kind: "text", text } });
  });
  const blocked = save.error !== null;
  useEffect(() => {
    // What was taken from elsewhere did not pause here.
    if (settled !== text || text === kept.text || save.pending || blocked) return;
    push(kept.revision);
  }, [settled, text, kept, save.pending, blocked]);

  // Leaving the file does not wait for the pause.
  const last = useRef({ text, kept, conflict });
  useEffect(() => {
    last.current = { text, kept, conflict };
  });
  useEffect(
    () => () => {
      const { text: typed, kept: known, conflict: refused } = last.current;
      if (typed === known.text || refused) return;
      void ask("config_save", {
        id,
        base: known.revision,
        editor,
        content: { kind: "text", text: typed },
      }).catch(() => {});
    },
    [id, editor],
  );

  const state: SaveState = conflict
    ? "conflict"
    : save.error
      ? "failed"
      : save.pending
        ? "saving"
        : dirty
          ? "unsaved"
          : "saved";
  return {
    text,
    state,
    error: conflict ? null : save.error,
    set: (next: string) => {
      // A refusal was of the text before; a conflict stays until it is decided.
      if (save.error && !conflict) save.reset();
      setText(next);
    },
    saveNow: () => {
      if (dirty && !conflict && !save.pending) {
        save.reset();
        push(kept.revision);
      }
    },
    keepMine: () => {
      save.reset();
      push(view.revision);
    },
    takeTheirs: () => {
      save.reset();
      setKept({ text: theirs, revision: view.revision });
      setText(theirs);
    },
  };
}

function textOf(content: FileContent): string {
  return content.kind === "text" ? content.text : "";
}
