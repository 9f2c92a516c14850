import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type HTMLAttributes,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useImperativeHandle,
} from "react";

/** How much of the window's height a list takes, about. */
const SCROLLER = 0.75;

export interface VirtualListHandle {
  scrollToIndex: (index: number, align?: "auto" | "start" | "end") => void;
}

/**
 * Draws only what is in sight. The one place that uses TanStack Virtual, whose object changes under the Compiler's
 * hands, so this component opts out of it.
 */
export function VirtualList({
  count,
  height,
  itemKey,
  children,
  scroller,
  measured,
  overscan = 12,
  paddingStart = 0,
  onRange,
  ref,
  ...rest
}: {
  count: number;
  /** Height of a row in px; exact unless `measured`. */
  height: (index: number) => number;
  itemKey: (index: number) => string | number;
  children: (index: number) => ReactNode;
  /** The element that scrolls. */
  scroller: RefObject<HTMLElement | null>;
  /** Rows wrap: their real height is measured. */
  measured?: boolean | undefined;
  overscan?: number;
  /** Height of what stands before the list inside the scroller. */
  paddingStart?: number;
  /** Which rows are drawn, from the first to the last. */
  onRange?: ((first: number, last: number) => void) | undefined;
  ref?: Ref<VirtualListHandle> | undefined;
} & Omit<HTMLAttributes<HTMLDivElement>, "children">) {
  "use no memo";
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: height,
    getItemKey: itemKey,
    overscan,
    scrollMargin: paddingStart,
    // Rows are drawn at once, for a height that is measured right after: not first none, and then all.
    initialRect: { width: 0, height: window.innerHeight * SCROLLER },
  });
  useImperativeHandle(ref, () => ({
    scrollToIndex: (index, align = "auto") => virtual.scrollToIndex(index, { align }),
  }));
  const drawn = virtual.getVirtualItems();
  const [first, last] = [drawn[0]?.index ?? 0, drawn.at(-1)?.index ?? 0];
  // What is told is the range, not that somebody else listens to it now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => onRange?.(first, last), [first, last]);
  return (
    <div {...rest} style={{ position: "relative", height: virtual.getTotalSize() }}>
      <div
        role="presentation"
        // One layer to paint, and not one for each row.
        style={{
          position: "absolute",
          insetInline: 0,
          top: 0,
          transform: `translateY(${(drawn[0]?.start ?? paddingStart) - paddingStart}px)`,
        }}
      >
        {drawn.map((item) => (
          <div
            key={item.key}
            data-index={item.index}
            ref={measured ? virtual.measureElement : undefined}
            role="presentation"
            style={measured ? undefined : { height: item.size }}
          >
            {children(item.index)}
          </div>
        ))}
      </div>
    </div>
  );
}
