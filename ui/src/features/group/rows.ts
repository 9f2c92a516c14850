import { type RefObject, useRef } from "react";

/** A list of rows, each marked `data-row`: who adds one goes on typing in it. */
export function useRows(): { list: RefObject<HTMLDivElement | null>; focusLast: () => void } {
  const list = useRef<HTMLDivElement>(null);
  const focusLast = () =>
    requestAnimationFrame(() => {
      const rows = list.current?.querySelectorAll<HTMLElement>("[data-row]");
      rows?.[rows.length - 1]?.querySelector("input")?.focus();
    });
  return { list, focusLast };
}
