import { isTauri } from "@tauri-apps/api/core";
import { getCurrentWindow, type Theme } from "@tauri-apps/api/window";
import { readText, writeText } from "@tauri-apps/plugin-clipboard-manager";
import { open, save } from "@tauri-apps/plugin-dialog";
import { openPath } from "@tauri-apps/plugin-opener";
import { call } from "./call";

/** Puts text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  if (isTauri()) await writeText(text);
  else await navigator.clipboard.writeText(text);
}

/** The clipboard's text, empty when there is none. */
export async function pasteText(): Promise<string> {
  return isTauri() ? await readText() : await navigator.clipboard.readText();
}

export interface FileFilter {
  name: string;
  extensions: string[];
}

/** Lets the person choose a file; null when they did not. */
export async function chooseFile(title: string, filters?: FileFilter[]): Promise<string | null> {
  return await open({ title, multiple: false, directory: false, ...(filters ? { filters } : {}) });
}

/** Lets the person choose a folder; null when they did not. */
export async function chooseFolder(title: string): Promise<string | null> {
  return await open({ title, multiple: false, directory: true });
}

/** Asks where to save; null when the person thought better of it. */
export async function chooseSave(title: string, name: string): Promise<string | null> {
  return await save({ title, defaultPath: name });
}

/** Opens a file or folder with the program the system has for it. */
export async function openInSystem(path: string): Promise<void> {
  await openPath(path);
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
