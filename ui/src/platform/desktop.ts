import { isTauri } from "@tauri-apps/api/core";
import { getCurrentWindow, type Theme } from "@tauri-apps/api/window";
import { writeText } from "@tauri-apps/plugin-clipboard-manager";
import { call } from "./call";

/** Puts text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  if (isTauri()) await writeText(text);
  else await navigator.clipboard.writeText(text);
}

/** Opens a page of the web in the person's browser. False where the desktop has none. */
export async function openInBrowser(url: string): Promise<boolean> {
  return (await call<boolean>("browser_open", url)).value;
}

/** Gives the window's own frame the theme; null follows the system. */
export async function setWindowTheme(theme: Theme | null): Promise<void> {
  if (isTauri()) await getCurrentWindow().setTheme(theme);
}

export async function setWindowTitle(title: string): Promise<void> {
  document.title = title;
  if (isTauri()) await getCurrentWindow().setTitle(title);
}

/** Whether the page runs in Slipway's own window, with a core behind it. */
export function isDesktop(): boolean {
  return isTauri();
}
