import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { type ITheme, Terminal as Xterm } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from "react";
import css from "./Terminal.module.css";
import { giveOnComposed, isTaken } from "./terminalInput";

/** In characters. */
export interface ScreenSize {
  columns: number;
  rows: number;
}

export interface TerminalHandle {
  /** Resolves once it is on the screen. */
  write: (data: Uint8Array | string) => Promise<void>;
  /** As if it were typed, marked as pasted where the program asks for that. */
  paste: (text: string) => void;
  focus: () => void;
  selection: () => string;
  /** False when it is nowhere. */
  find: (text: string, back: boolean) => boolean;
}

export interface TerminalProps {
  ref: Ref<TerminalHandle>;
  label: string;
  /** px */
  fontSize: number;
  /** Nobody reads what is typed: the screen can be read, searched and copied. */
  readOnly: boolean;
  onType: (text: string) => void;
  /** Called once it has a size, and on every change of it. */
  onSize: (size: ScreenSize) => void;
  /** True: taken care of. */
  onPaste: (text: string) => boolean;
  onLink: (address: string) => void;
  /** Keys of the terminal itself; false keeps them from the program. */
  onKey: (event: KeyboardEvent) => boolean;
}

/** Lines kept above the screen. */
const SCROLLBACK = 10_000;

const COLOURS: Record<string, string> = {
  background: "--term",
  foreground: "--text",
  cursor: "--focus",
  cursorAccent: "--term",
  black: "--text-subtle",
  red: "--status-danger",
  green: "--status-ok",
  yellow: "--status-warn",
  blue: "--p4",
  magenta: "--p5",
  cyan: "--accent",
  white: "--text-muted",
  brightBlack: "--text-subtle",
  brightRed: "--status-danger",
  brightGreen: "--status-ok",
  brightYellow: "--status-warn",
  brightBlue: "--p4",
  brightMagenta: "--p5",
  brightCyan: "--accent",
  brightWhite: "--text",
};

/** A screen that obeys what a program writes to it. It takes all keys; `onKey` may leave it. */
export function Terminal({
  ref,
  label,
  fontSize,
  readOnly,
  onType,
  onSize,
  onPaste,
  onLink,
  onKey,
}: TerminalProps) {
  const host = useRef<HTMLDivElement>(null);
  const parts = useRef<{ screen: Xterm; fit: FitAddon; search: SearchAddon } | null>(null);
  const type = useEffectEvent(onType);
  const size = useEffectEvent(onSize);
  const paste = useEffectEvent(onPaste);
  const link = useEffectEvent(onLink);
  const key = useEffectEvent(onKey);

  useImperativeHandle(ref, () => ({
    write: (data) =>
      new Promise((resolve) => {
        if (parts.current) parts.current.screen.write(data, resolve);
        else resolve();
      }),
    paste: (text) => parts.current?.screen.paste(text),
    focus: () => parts.current?.screen.focus(),
    selection: () => parts.current?.screen.getSelection() ?? "",
    find: (text, back) => {
      const { search } = parts.current ?? {};
      if (!search || text === "") return false;
      return back ? search.findPrevious(text) : search.findNext(text);
    },
  }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes later is set below
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const screen = new Xterm({
      allowProposedApi: true,
      cursorBlink: false,
      disableStdin: readOnly,
      fontFamily: getComputedStyle(element).fontFamily,
      fontSize,
      lineHeight: 1.25,
      minimumContrastRatio: 4.5,
      scrollback: SCROLLBACK,
      theme: themeOf(element),
    });
    const [fit, search] = [new FitAddon(), new SearchAddon()];
    screen.loadAddon(fit);
    screen.loadAddon(search);
    screen.loadAddon(new Unicode11Addon());
    screen.loadAddon(new WebLinksAddon((_, address) => link(address)));
    screen.unicode.activeVersion = "11";
    screen.open(element);
    screen.textarea?.setAttribute("aria-label", label);
    screen.attachCustomKeyEventHandler((event) => !isTaken(event) && key(event));
    const endComposed = giveOnComposed(element, (text) => screen.input(text));
    screen.onData((text) => type(text));
    screen.onResize(({ cols, rows }) => size({ columns: cols, rows }));
    const onPasted = (event: ClipboardEvent) => {
      if (!paste(event.clipboardData?.getData("text") ?? "")) return;
      event.preventDefault();
      event.stopPropagation();
    };
    element.addEventListener("paste", onPasted, { capture: true });
    parts.current = { screen, fit, search };

    const measure = () => {
      // Behind another tab it has no size.
      if (element.clientWidth > 0) fit.fit();
    };
    measure();
    size({ columns: screen.cols, rows: screen.rows });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const looks = new MutationObserver(() => {
      screen.options.theme = themeOf(element);
    });
    looks.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const onSystem = () => {
      screen.options.theme = themeOf(element);
    };
    system.addEventListener("change", onSystem);
    return () => {
      system.removeEventListener("change", onSystem);
      looks.disconnect();
      observer.disconnect();
      element.removeEventListener("paste", onPasted, { capture: true });
      endComposed();
      parts.current = null;
      screen.dispose();
    };
  }, []);

  useEffect(() => {
    const { screen, fit } = parts.current ?? {};
    if (!screen || !fit) return;
    screen.options.disableStdin = readOnly;
    screen.options.fontSize = fontSize;
    if (host.current && host.current.clientWidth > 0) fit.fit();
  }, [readOnly, fontSize]);

  return <div ref={host} className={css.terminal} data-own-keys="" />;
}

/** The tokens of the theme in force, as colours that a screen can be drawn with. */
function themeOf(element: HTMLElement): ITheme {
  const probe = document.createElement("span");
  element.append(probe);
  const colour = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const theme = Object.fromEntries(
    Object.entries(COLOURS).map(([name, token]) => [name, colour(token)]),
  );
  probe.remove();
  return theme;
}
