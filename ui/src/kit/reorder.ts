import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { flushSync } from "react-dom";

/**
 * Rows that a person puts into another order: dragged by a grip, or moved with Alt and an arrow key. `onOrder` hears of
 * every step; `done` is false while a row is still held. The rows are the children of the element that has `list`.
 */
export function useReorder(
  ids: readonly string[],
  onOrder: (ids: string[], done: boolean) => void,
  onCancel?: () => void,
) {
  const list = useRef<HTMLUListElement & HTMLOListElement>(null);
  const [dragged, setDragged] = useState<string | null>(null);

  const to = (id: string, at: number) => {
    const others = ids.filter((one) => one !== id);
    others.splice(Math.max(0, Math.min(at, others.length)), 0, id);
    return others;
  };
  const row = (id: string) => ({
    onKeyDown: (event: KeyboardEvent) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!event.altKey || !step) return;
      event.preventDefault();
      const field = event.target;
      flushSync(() => onOrder(to(id, ids.indexOf(id) + step), true));
      // What is moved in the page loses the keyboard.
      if (field instanceof HTMLElement) field.focus();
    },
  });
  const grip = (id: string) => ({
    onPointerDown: (event: PointerEvent) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragged(id);
    },
    onPointerMove: (event: PointerEvent) => {
      if (dragged === null) return;
      const boxes = [...(list.current?.children ?? [])].map((one) => one.getBoundingClientRect());
      const at = boxes.findIndex((box) => event.clientY < box.bottom);
      const next = to(dragged, at === -1 ? ids.length - 1 : at);
      if (next.some((one, index) => one !== ids[index])) onOrder(next, false);
    },
    onPointerUp: () => {
      if (dragged === null) return;
      setDragged(null);
      onOrder([...ids], true);
    },
    onPointerCancel: () => {
      setDragged(null);
      onCancel?.();
    },
  });
  return { list, dragged, row, grip };
}
