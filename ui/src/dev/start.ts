import { isDesktop } from "~/platform";

/** In a browser the demo story answers; in the window the core does. `?empty` begins like a first run. */
export async function startDemo(): Promise<void> {
  if (isDesktop()) return;
  const { simulateCore } = await import("~/platform/simulate");
  const { story } = await import("./story");
  simulateCore(story(new URLSearchParams(window.location.search)));
}
