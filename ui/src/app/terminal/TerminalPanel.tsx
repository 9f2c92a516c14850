import {
  AArrowDown,
  AArrowUp,
  ChevronDown,
  ChevronUp,
  RotateCw,
  Search,
  Wrench,
} from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { usePipe } from "~/data";
import { sayError, useFormat, useText } from "~/i18n";
import {
  Bar,
  Button,
  Dialog,
  IconButton,
  Input,
  Panel,
  PanelTools,
  type ScreenSize,
  Terminal,
  type TerminalHandle,
  toast,
  visible,
} from "~/kit";
import { copyText, openInBrowser } from "~/platform";
import { DebugDialog } from "./DebugDialog";
import { type TerminalOf, useOpenTerminal } from "./open";
import css from "./terminal.module.css";

/** px; between these a person may choose. */
const FONT = { least: 9, usual: 12, most: 24 };

/** A shell in a container: its screen, and what to do once it has ended. */
export function TerminalPanel({ of }: { of: TerminalOf }) {
  const text = useText();
  const words = text.terminal;
  const format = useFormat();
  const openTerminal = useOpenTerminal();
  const place = { group: of.group, pod: of.pod, container: of.container };
  const screen = useRef<TerminalHandle>(null);
  const [size, setSize] = useState<ScreenSize | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [fontSize, setFontSize] = useState(FONT.usual);
  const [finding, setFinding] = useState<string | null>(null);
  const [debugging, setDebugging] = useState(false);
  const [pasted, setPasted] = useState<string | null>(null);
  // The size it begins with; later ones are sent.
  const begun = useRef<{ attempt: number; size: ScreenSize } | null>(null);
  if (size && begun.current?.attempt !== attempt) begun.current = { attempt, size };

  const pipe = usePipe(
    begun.current
      ? {
          kind: "terminal",
          group: of.group,
          pod: of.pod,
          container: of.container,
          size: begun.current.size,
        }
      : null,
    { onBytes: (bytes) => screen.current?.write(bytes) },
    attempt,
  );
  const { send } = pipe;
  // Whoever opens a shell, or another, types next: once it takes what is typed.
  const open = begun.current !== null;
  useEffect(() => {
    if (open && attempt >= 0) screen.current?.focus();
  }, [open, attempt]);
  const ended = pipe.state !== "open";
  const failure = pipe.state === "failed" ? sayError(pipe.error, text) : null;

  const resize = (next: ScreenSize) => {
    if (size !== null) send({ kind: "size", ...next });
    setSize(next);
  };
  const paste = (what: string): boolean => {
    if (ended) return true;
    if (!/[\r\n]/.test(what.trimEnd())) return false;
    setPasted(what);
    return true;
  };
  const again = async () => {
    await screen.current?.write(`\r\n\u001b[2m— ${words.again} —\u001b[0m\r\n`);
    setAttempt(attempt + 1);
  };
  const grow = (by: number) =>
    setFontSize((last) => Math.max(FONT.least, Math.min(FONT.most, last + by)));
  const find = (back: boolean) => {
    if (!screen.current?.find(finding ?? "", back)) {
      toast({ state: "idle", title: words.notFound(visible(finding ?? "")) });
    }
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (event.type !== "keydown") return true;
    const mod = event.ctrlKey || event.metaKey;
    const shortcuts: Record<string, () => void> = {
      "mod+shift+c": () => void copyText(screen.current?.selection() ?? ""),
      "mod+shift+f": () => setFinding(finding ?? ""),
      "mod++": () => grow(1),
      "mod+=": () => grow(1),
      "mod+-": () => grow(-1),
      "mod+0": () => setFontSize(FONT.usual),
      "shift+f6": () => {
        const tab = `[data-tab="${CSS.escape(of.id)}"]`;
        document.querySelector<HTMLElement>(tab)?.focus();
      },
    };
    const name = `${mod ? "mod+" : ""}${event.shiftKey && event.key !== "+" ? "shift+" : ""}${event.key.toLowerCase()}`;
    // The page pastes by itself: only a person's own keys may read the clipboard.
    if (name === "mod+shift+v") return false;
    const shortcut = shortcuts[name];
    if (!shortcut) return true;
    event.preventDefault();
    // A notice takes F6 wherever it is pressed.
    event.stopPropagation();
    shortcut();
    return false;
  };
  const lines = pasted?.trimEnd().split(/\r\n|\r|\n/) ?? [];

  return (
    <Panel>
      <PanelTools>
        <span className={css.where} title={of.pod}>
          {visible(of.container)} · {visible(of.pod)}
        </span>
        {finding === null ? null : (
          <form
            className={css.find}
            onSubmit={(event) => {
              event.preventDefault();
              find(false);
            }}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              setFinding(null);
              screen.current?.focus();
            }}
          >
            <Input
              className={css.field ?? ""}
              icon={Search}
              autoFocus={finding === ""}
              value={finding}
              onChange={setFinding}
              aria-label={words.find}
              placeholder={words.find}
            />
            <IconButton small icon={ChevronUp} label={words.previous} onClick={() => find(true)} />
            <IconButton small icon={ChevronDown} label={words.next} onClick={() => find(false)} />
          </form>
        )}
        <span className={css.buttons}>
          <span className={css.leave}>{words.leave}</span>
          <IconButton
            small
            icon={Search}
            label={words.find}
            onClick={() => setFinding(finding === null ? "" : null)}
          />
          <IconButton
            small
            icon={AArrowDown}
            label={words.smaller}
            disabled={fontSize === FONT.least}
            onClick={() => grow(-1)}
          />
          <IconButton
            small
            icon={AArrowUp}
            label={words.larger}
            disabled={fontSize === FONT.most}
            onClick={() => grow(1)}
          />
        </span>
      </PanelTools>
      {ended ? (
        <Bar
          kind={failure ? "problem" : "stale"}
          title={failure ? failure.title : words.ended}
          actions={
            <>
              {pipe.state === "failed" && pipe.error.code === "no_shell" ? (
                <Button small icon={Wrench} onClick={() => setDebugging(true)}>
                  {words.debug}…
                </Button>
              ) : null}
              <Button small icon={RotateCw} onClick={() => void again()}>
                {words.reconnect}
              </Button>
            </>
          }
        >
          {failure ? [failure.why, failure.hints[0]].filter(Boolean).join(" ") : words.endedText}
        </Bar>
      ) : null}
      <Terminal
        ref={screen}
        label={words.of(of.pod)}
        fontSize={fontSize}
        readOnly={ended}
        onType={(typed) => send({ kind: "text", text: typed })}
        onSize={resize}
        onPaste={paste}
        onLink={(address) =>
          void openInBrowser(address).then((opened) => {
            if (!opened) toast({ state: "warn", title: text.forward.noBrowser });
          })
        }
        onKey={onKey}
      />
      {debugging ? (
        <DebugDialog
          of={place}
          onAdded={(container) => openTerminal({ ...place, container })}
          onClose={() => setDebugging(false)}
        />
      ) : null}
      <Dialog
        open={pasted !== null}
        onClose={() => setPasted(null)}
        title={words.pasteTitle(format.number(lines.length))}
        description={words.pasteText}
        action={{
          label: words.paste,
          onAction: () => {
            screen.current?.paste(pasted ?? "");
            setPasted(null);
            screen.current?.focus();
          },
        }}
      >
        <pre className={css.pasted}>
          {lines.slice(0, 20).map(visible).join("\n")}
          {lines.length > 20 ? `\n${words.more(format.number(lines.length - 20))}` : ""}
        </pre>
      </Dialog>
    </Panel>
  );
}
