import { useRender } from "@base-ui/react/use-render";
import {
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from "react";
import { later } from "./later";

/** How long the pointer rests before it is told what is under it, ms. */
const DELAY = 400;
/** How long after one was shown the next needs no rest, and how long the pointer has to move over into it, ms. */
const WARM = 400;
const GRACE = 120;

export interface TooltipText {
  text: ReactNode;
  title?: ReactNode;
  side?: "top" | "bottom" | "left" | "right" | undefined;
}

const TooltipPopup = later(async () => (await import("./TooltipPopup")).TooltipPopup);

let shownAt = Number.NEGATIVE_INFINITY;

/**
 * Says what a control is or why it is off. The trigger must be able to take the focus. There are dozens on a page and
 * few are ever read: until one is, a tooltip is no more than what it waits for.
 */
export function Tooltip({ children, ...shown }: TooltipText & { children: ReactElement }) {
  const [anchor, setAnchor] = useState<Element | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const soon = (next: Element | null, delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (next === null) shownAt = Date.now();
      setAnchor(next);
    }, delay);
  };
  const leave = () => {
    clearTimeout(timer.current);
    if (anchor) shownAt = Date.now();
    setAnchor(null);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const trigger = useRender({
    render: children as ReactElement<Record<string, unknown>>,
    props: {
      onPointerEnter: (event: PointerEvent) => {
        if (event.pointerType === "touch") return;
        soon(event.currentTarget, Date.now() - shownAt < WARM ? 0 : DELAY);
      },
      onPointerLeave: () => (anchor ? soon(null, GRACE) : leave()),
      onPointerDown: leave,
      onFocus: (event: FocusEvent) => {
        if (event.currentTarget.matches(":focus-visible")) soon(event.currentTarget, 0);
      },
      onBlur: leave,
    },
  });
  return (
    <>
      {trigger}
      {anchor ? (
        <TooltipPopup
          {...shown}
          anchor={anchor}
          onClose={leave}
          onEnter={() => clearTimeout(timer.current)}
          onLeave={() => soon(null, GRACE)}
        />
      ) : null}
    </>
  );
}
