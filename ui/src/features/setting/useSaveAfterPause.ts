import { useEffect, useRef } from "react";

const SAVE_AFTER_MS = 400;

/** Saves what is typed once the person pauses; null while nothing is. */
export function useSaveAfterPause(typed: string | object | null, save: () => void): void {
  // The newest function, for a timer that was set before.
  const saveNow = useRef(save);
  useEffect(() => {
    saveNow.current = save;
  });
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => saveNow.current(), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed]);
}
