import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type FormEvent, type ReactNode, type RefObject, useEffect, useRef } from "react";
import { Button, type ButtonKind, IconButton } from "./Button";
import { cx } from "./cx";
import css from "./Dialog.module.css";
import { useWords } from "./Words";

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** One or two sentences under the title. */
  description?: ReactNode;
  width?: 480 | 700 | 760;
  children?: ReactNode;
  /** What is true about this dialog: where something is kept, which environment. */
  facts?: ReactNode;
  /** The one action. Without it there is no footer. */
  action?:
    | {
        label: string;
        kind?: ButtonKind | undefined;
        busy?: boolean | undefined;
        disabled?: boolean | undefined;
        notYet?: string | false | null | undefined;
        onAction: () => void;
      }
    | undefined;
  /** Further buttons before the action. */
  more?: ReactNode;
  /** The harmless button, where there is nothing to cancel. */
  cancel?: string | undefined;
  initialFocus?: RefObject<HTMLElement | null> | undefined;
  /** What it asks for is still being read: once it is there, the keyboard is in it. */
  waits?: boolean | undefined;
}

export function Dialog({
  open,
  onClose,
  title,
  description,
  width = 480,
  children,
  facts,
  action,
  more,
  cancel,
  initialFocus,
  waits = false,
}: DialogProps) {
  const words = useWords();
  const form = useRef<HTMLFormElement>(null);
  const waited = useRef(waits);
  useEffect(() => {
    if (waited.current && !waits) {
      const here = document.activeElement;
      const typing = here?.matches("input, textarea") && form.current?.contains(here);
      const first = firstOf(form.current);
      if (!typing && first !== true) first.focus();
    }
    waited.current = waits;
  }, [waits]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (action && !waits && !action.busy && !action.disabled && !action.notYet) action.onAction();
  };
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={css.scrim} />
        <Base.Popup
          className={css.dialog}
          style={{ width }}
          initialFocus={initialFocus ?? (() => firstOf(form.current))}
        >
          <form ref={form} className={css.form} onSubmit={submit}>
            <header className={css.header}>
              <div>
                <Base.Title className={css.title}>{title}</Base.Title>
                {description ? (
                  <Base.Description className={css.description}>{description}</Base.Description>
                ) : null}
              </div>
              <IconButton label={words.close} icon={X} onClick={onClose} />
            </header>
            {children ? <div className={css.content}>{children}</div> : null}
            {action ? (
              <footer className={css.footer}>
                <div className={css.facts}>{facts}</div>
                <Button onClick={onClose}>{cancel ?? words.cancel}</Button>
                {more}
                <Button
                  kind={action.kind ?? "filled"}
                  type="submit"
                  busy={action.busy}
                  disabled={action.disabled || waits}
                  notYet={action.notYet}
                >
                  {action.label}
                </Button>
              </footer>
            ) : null}
          </form>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** What has to be typed comes first; where nothing is, the harmless button, else the dialog itself. */
function firstOf(form: HTMLFormElement | null): HTMLElement | true {
  const first = form?.querySelector<HTMLElement>(
    "input:not([aria-hidden]), textarea, footer button",
  );
  return first ?? form?.closest<HTMLElement>("[role=dialog]") ?? true;
}

/**
 * The object of the chosen row, 480 px from the right. It never dims or blocks the list: arrow keys there move the
 * selection and the drawer follows. Place it beside the list inside a `DrawerHost`.
 */
export function Drawer({
  label,
  title,
  actions,
  onClose,
  children,
}: {
  label: string;
  title: ReactNode;
  actions?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}) {
  const words = useWords();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // An open menu or dialog takes Escape first.
      if (event.key !== "Escape" || event.defaultPrevented) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest("[role=dialog],[role=menu],[role=listbox]")) return;
      onClose();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [onClose]);
  return (
    <aside ref={panel} className={css.drawer} aria-label={label}>
      <header className={css.drawerHeader}>
        <div className={css.drawerTitle}>{title}</div>
        {actions}
        <IconButton label={words.close} icon={X} onClick={onClose} />
      </header>
      <div className={css.drawerBody}>{children}</div>
    </aside>
  );
}

/** Fills its place and holds a list with the drawer above its right edge. */
export function DrawerHost({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx(css.host, className)}>{children}</div>;
}
