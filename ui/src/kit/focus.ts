import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

const CONTROLS = "button:not([aria-disabled=true]), a[href]";

/**
 * Keeps the place of the keyboard in a part of a page. Where the control that had the focus goes, the focus goes to the
 * one that came instead, else to the heading of the part; it would fall out of the page otherwise.
 */
export function useKeepFocus<Part extends HTMLElement>(): RefObject<Part | null> {
  const part = useRef<Part>(null);
  const last = useRef<EventTarget | null>(null);
  const before = useRef<ReadonlySet<Element>>(new Set());

  useEffect(() => {
    const element = part.current;
    const note = ({ target }: FocusEvent) => {
      last.current = target;
    };
    element?.addEventListener("focusin", note);
    return () => element?.removeEventListener("focusin", note);
  }, []);

  // After every drawing: any of them may take a control away.
  useLayoutEffect(() => {
    const now = [...(part.current?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])];
    const gone = last.current instanceof Element && !last.current.isConnected;
    if (gone && document.activeElement === document.body) {
      const heading = part.current?.querySelector<HTMLElement>("h2, h3");
      if (heading) heading.tabIndex = -1;
      (now.find((control) => !before.current.has(control)) ?? heading)?.focus();
    }
    before.current = new Set(now);
  });
  return part;
}
