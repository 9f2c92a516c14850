import { useRender } from "@base-ui/react/use-render";
import {
  type KeyboardEvent,
  lazy,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  Suspense,
  useState,
} from "react";
import type { IconType } from "./Icon";

export interface MenuItem {
  key: string;
  label: string;
  icon?: IconType | undefined;
  /** Drawn before the label instead of an icon: a tag, a mark. */
  mark?: ReactNode;
  note?: ReactNode;
  /** Keys shown at the right, for instance ["Ctrl", "L"]. */
  keys?: string[] | undefined;
  danger?: boolean | undefined;
  disabled?: boolean | undefined;
  /** What is shown already: bold. */
  current?: boolean | undefined;
  /** Starts a new part. */
  separated?: boolean | undefined;
  onSelect: () => void;
}

export interface MenuProps {
  /** A Button or IconButton. */
  trigger: ReactElement;
  items: MenuItem[];
  align?: "start" | "end";
}

const load = () => import("./MenuPopup");
const MenuPopup = lazy(async () => ({ default: (await load()).MenuPopup }));

/** A button, and the menu that its first press makes. */
export function Menu(props: MenuProps) {
  const [used, setUsed] = useState<"by keys" | "by pointer">();
  const closed = useRender({
    render: props.trigger as ReactElement<Record<string, unknown>>,
    props: {
      "aria-haspopup": "menu",
      "aria-expanded": false,
      onPointerEnter: () => void load(),
      // A press of a key is a click without any button of the pointer.
      onClick: (event: MouseEvent) => setUsed(event.detail === 0 ? "by keys" : "by pointer"),
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        setUsed("by keys");
      },
    },
  });
  if (!used) return closed;
  return (
    <Suspense fallback={closed}>
      <MenuPopup {...props} used={used} />
    </Suspense>
  );
}
