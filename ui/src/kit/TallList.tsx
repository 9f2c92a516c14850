import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useEffectEvent,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { cx } from "./cx";
import css from "./TallList.module.css";

/** Drawn beyond what surely fills the place. */
const SPARE = 4;
const THUMB_MIN = 24;

/** Where the list stands: with a row at its top, so many px of it out of sight; or at its end, also as it grows. */
export type TallPlace = { at: "end" } | { at: "row"; row: number; hidden: number };

export interface TallListHandle {
  /** Brings a row into sight, in the middle where it was not. */
  reveal: (row: number) => void;
  focus: () => void;
}

/**
 * A list of any number of rows: an element as high as ten million of them is more than a page can have, so the place is
 * a row and not a height, and the scrollbar is its own. While it stands at its end it stays there; only a wheel, a key
 * or a pull at the scrollbar ends that, never what measuring or new rows do.
 */
export function TallList({
  count,
  rowHeight,
  estimate,
  place,
  onPlace,
  onShown,
  current,
  onCurrent,
  label,
  scrollLabel,
  children,
  onKeyDown,
  ref,
}: {
  count: number;
  /** Height of a row in px; exact, unless there is an estimate. */
  rowHeight: number;
  /** Rows wrap: what a row will take in a width of so many px, until it is drawn. */
  estimate?: ((row: number, width: number) => number) | undefined;
  place: TallPlace;
  onPlace: (place: TallPlace) => void;
  /** Which rows are drawn. */
  onShown: (from: number, until: number) => void;
  /** The row that keys move from. */
  current: number | null;
  onCurrent: (row: number, extend: boolean) => void;
  label: string;
  scrollLabel: string;
  children: (row: number) => ReactNode;
  onKeyDown?: ((event: KeyboardEvent) => void) | undefined;
  ref?: Ref<TallListHandle> | undefined;
}) {
  const id = useId();
  const view = useRef<HTMLDivElement>(null);
  const block = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const drag = useRef<{ y: number; row: number } | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });

  useEffect(() => {
    const element = view.current;
    if (!element) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const full = Math.max(1, Math.floor(size.height / rowHeight));
  const drawn = full + SPARE;
  const fits = !estimate && count <= full;
  const end = place.at === "end" || fits;
  const last = Math.max(0, count - full);
  const top = place.at === "end" ? last : Math.max(0, Math.min(place.row, count - 1));
  const from = end ? Math.max(0, count - drawn) : top;
  const until = end ? count : Math.min(count, top + drawn);

  const shown = useEffectEvent(onShown);
  useEffect(() => shown(from, until), [from, until]);

  const rowAt = (row: number) =>
    block.current?.querySelector<HTMLElement>(`[data-row="${row}"]`) ?? null;
  const heightOf = (row: number) =>
    rowAt(row)?.offsetHeight ?? estimate?.(row, size.width) ?? rowHeight;

  /** As rows are on the screen now: also at the end, where the list knows only what it ends with. */
  const topNow = (): { row: number; hidden: number } => {
    if (place.at === "row" && !fits) return { row: top, hidden: place.hidden };
    const edge = view.current?.getBoundingClientRect().top ?? 0;
    for (let row = from; row < until; row++) {
      const rect = rowAt(row)?.getBoundingClientRect();
      if (rect && rect.bottom > edge) return { row, hidden: Math.max(0, edge - rect.top) };
    }
    return { row: from, hidden: 0 };
  };

  const stand = (row: number, hidden: number) => {
    if (!estimate && row * rowHeight + hidden >= count * rowHeight - size.height) {
      onPlace({ at: "end" });
    } else onPlace({ at: "row", row: Math.max(0, Math.min(row, count - 1)), hidden });
  };

  const scrollBy = (px: number) => {
    if (px > 0 && end) return;
    let { row, hidden } = topNow();
    hidden += px;
    if (!estimate) {
      const all = Math.max(0, row * rowHeight + hidden);
      stand(Math.floor(all / rowHeight), all % rowHeight);
      return;
    }
    while (hidden < 0 && row > 0) hidden += heightOf(--row);
    while (row < count - 1 && hidden >= heightOf(row)) hidden -= heightOf(row++);
    stand(row, Math.max(0, hidden));
  };

  // What is drawn may end above the foot of the place: then this is the end.
  useLayoutEffect(() => {
    if (!estimate || end || until < count) return;
    const foot = view.current?.getBoundingClientRect().bottom ?? 0;
    const drawnTo = block.current?.getBoundingClientRect().bottom ?? 0;
    if (drawnTo <= foot) onPlace({ at: "end" });
  });

  const reveal = (row: number) => {
    const element = rowAt(row)?.getBoundingClientRect();
    const box = view.current?.getBoundingClientRect();
    if (element && box && element.top >= box.top && element.bottom <= box.bottom) return;
    const near = element && box;
    if (near) scrollBy(element.top < box.top ? element.top - box.top : element.bottom - box.bottom);
    else stand(Math.max(0, row - Math.floor(full / 2)), 0);
  };
  useImperativeHandle(ref, () => ({ reveal, focus: () => view.current?.focus() }));

  const onWheel = useEffectEvent((event: WheelEvent) => {
    if (event.deltaY === 0 || event.shiftKey || event.ctrlKey) return;
    event.preventDefault();
    scrollBy(
      event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * rowHeight : event.deltaY,
    );
  });
  useEffect(() => {
    const element = view.current;
    // React's own listeners may not prevent the page from scrolling.
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, []);

  const move = (to: number, extend: boolean) => {
    const row = Math.max(0, Math.min(count - 1, to));
    onCurrent(row, extend);
    reveal(row);
  };
  const onKey = (event: KeyboardEvent) => {
    onKeyDown?.(event);
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || count === 0)
      return;
    const here = current ?? (end ? count : topNow().row);
    const to = {
      ArrowUp: here - 1,
      ArrowDown: here + 1,
      PageUp: here - full,
      PageDown: here + full,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (event.key === "End") {
      onCurrent(count - 1, event.shiftKey);
      onPlace({ at: "end" });
      return;
    }
    if (end) {
      const { row, hidden } = topNow();
      // The end is left, also where the row is in sight already.
      onPlace({ at: "row", row, hidden });
    }
    move(to, event.shiftKey);
  };

  const most = Math.max(1, count - full);
  const share = Math.min(1, full / Math.max(1, count));
  const thumb = Math.max(THUMB_MIN, share * size.height);
  const room = Math.max(1, size.height - thumb);
  const at = end ? 1 : Math.min(1, top / most);
  const onThumb = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    const box = track.current?.getBoundingClientRect();
    if (!box) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const offset = event.clientY - box.top;
    // A press beside the thumb brings it there.
    const on = offset >= at * room && offset <= at * room + thumb;
    const row = on ? at * most : ((offset - thumb / 2) / room) * most;
    drag.current = { y: event.clientY, row };
    if (!on) stand(Math.round(Math.max(0, Math.min(most, row))), 0);
  };
  const onThumbMove = (event: PointerEvent) => {
    if (!drag.current) return;
    const row = drag.current.row + ((event.clientY - drag.current.y) / room) * most;
    if (row >= most) onPlace({ at: "end" });
    else onPlace({ at: "row", row: Math.floor(Math.max(0, row)), hidden: 0 });
  };

  const rows: ReactNode[] = [];
  for (let row = from; row < until; row++) {
    rows.push(
      // Rows far from each other have the same element: lines that rush by only change what is written in it.
      <div key={row % drawn} data-row={row} role="presentation">
        {children(row)}
      </div>,
    );
  }

  return (
    <div className={css.list}>
      <div
        ref={view}
        id={id}
        className={cx(css.view, end && !fits && css.end)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        tabIndex={0}
        role="log"
        aria-label={label}
        aria-live="off"
        onKeyDown={onKey}
      >
        <div
          ref={block}
          className={cx(css.block, estimate && css.wrapped)}
          style={
            place.at === "row" && !end ? { transform: `translateY(${-place.hidden}px)` } : undefined
          }
        >
          {rows}
        </div>
      </div>
      <div
        ref={track}
        className={css.track}
        hidden={fits}
        role="scrollbar"
        aria-controls={id}
        aria-label={scrollLabel}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={most}
        aria-valuenow={end ? most : top}
        tabIndex={-1}
        onPointerDown={onThumb}
        onPointerMove={onThumbMove}
        onPointerUp={() => {
          drag.current = null;
        }}
      >
        <div className={css.thumb} style={{ height: thumb, top: at * room }} />
      </div>
    </div>
  );
}
