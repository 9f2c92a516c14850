import { type KeyboardEvent, useRef, useState } from "react";
import { cx } from "./cx";
import css from "./Matrix.module.css";

/** The cell that is typed in. */
export function MatrixField({
  initial,
  secret,
  label,
  style,
  onPaste,
  onDone,
  onCancel,
}: {
  initial: string;
  secret: boolean;
  label: string;
  style: { top: number; left: number; width: number };
  /** True when it was pasted over the cell, and the ones after it. */
  onPaste: (text: string) => boolean;
  onDone: (text: string, step: [number, number] | null) => void;
  onCancel: () => void;
}) {
  const [text, setText] = useState(initial);
  // Escape takes the field away, and the browser tells that it lost the focus: that must not keep what was typed.
  const over = useRef(false);
  const shared = {
    className: cx(css.field, !secret && text.includes("\n") && css.tall),
    "data-field": "",
    "aria-label": label,
    value: text,
    style,
    spellCheck: false,
    autoComplete: "off",
    onKeyDown: (event: KeyboardEvent) => {
      event.stopPropagation();
      if (event.nativeEvent.isComposing) return;
      const steps: Record<string, [number, number]> = {
        Enter: [1, 0],
        Tab: event.shiftKey ? [0, -1] : [0, 1],
      };
      const step = steps[event.key];
      if (event.key === "Escape") {
        event.preventDefault();
        over.current = true;
        onCancel();
      } else if (step && !(event.key === "Enter" && event.shiftKey)) {
        event.preventDefault();
        over.current = true;
        onDone(text, step);
      }
    },
    onBlur: () => {
      if (over.current) return;
      over.current = true;
      if (text === initial) onCancel();
      else onDone(text, null);
    },
  };
  return secret ? (
    <input {...shared} type="password" onChange={(event) => setText(event.target.value)} />
  ) : (
    <textarea
      {...shared}
      rows={1}
      onChange={(event) => setText(event.target.value)}
      onPaste={(event) => {
        const pasted = event.clipboardData.getData("text");
        over.current = onPaste(pasted);
        if (over.current) event.preventDefault();
      }}
    />
  );
}
