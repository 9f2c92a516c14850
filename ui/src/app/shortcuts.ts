import { useEffect, useEffectEvent } from "react";

const mac = navigator.platform.startsWith("Mac");

/** The keys of a shortcut as this system names them: "mod+k" → ["Ctrl", "K"]. */
export function keysOf(shortcut: string): string[] {
  return shortcut.split("+").map((key) => {
    if (key === "mod") return mac ? "⌘" : "Ctrl";
    if (key === "shift") return "Shift";
    return key.length === 1 ? key.toUpperCase() : key;
  });
}

function matches(event: KeyboardEvent, shortcut: string): boolean {
  const keys = shortcut.split("+");
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  return (
    keys.at(-1) === event.key.toLowerCase() &&
    mod === keys.includes("mod") &&
    event.shiftKey === keys.includes("shift") &&
    !event.altKey &&
    !other
  );
}

/** A shortcut of the whole window, such as "mod+k". */
export function useShortcut(shortcut: string, run: () => void): void {
  const onMatch = useEffectEvent(run);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // Keys that make up a Chinese word belong to the input method.
      if (event.isComposing || !matches(event, shortcut)) return;
      // A shell knows most of these keys as its own.
      if (event.target instanceof Element && event.target.closest("[data-own-keys]")) return;
      event.preventDefault();
      // A switch or button that has the focus would take its Enter for a press.
      event.stopPropagation();
      onMatch();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [shortcut]);
}
