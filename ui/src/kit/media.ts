import { useSyncExternalStore } from "react";

/** Below this width the sidebar is a rail and tables show fewer columns. */
const NARROW = "(max-width: 1199px)";

function listen(onChange: () => void): () => void {
  const query = window.matchMedia?.(NARROW);
  query?.addEventListener("change", onChange);
  return () => query?.removeEventListener("change", onChange);
}

/** True in a window under 1200 px. */
export function useNarrow(): boolean {
  return useSyncExternalStore(listen, () => window.matchMedia?.(NARROW).matches ?? false);
}
