import {
  ArrowLeftRight,
  ChevronDown,
  ChevronUp,
  Columns2,
  Maximize2,
  Minimize2,
  Square,
  X,
} from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { useFormat, useText } from "~/i18n";
import { cx, Icon, IconButton } from "~/kit";
import css from "./Dock.module.css";
import { DockNew } from "./DockNew";
import { type DockKind, dockKinds } from "./dockKinds";
import { type DockSide, type DockTab, useLayout } from "./layout";
import { useShortcut } from "./shortcuts";

const MIN = 160;

/** Logs and terminals at the bottom; survives every change of page. */
export function Dock() {
  const text = useText();
  const { tabs, front, side, dock, dockHeight, dockShare, setDock, setDockHeight, setDockShare } =
    useLayout();
  const element = useRef<HTMLElement>(null);
  useShortcut("mod+j", () => {
    if (tabs.length > 0) setDock(dock === "hidden" ? "open" : "hidden");
  });
  if (tabs.length === 0) return null;

  const split = tabs.some((tab) => tab.side === "right");
  const sides: DockSide[] = split ? ["left", "right"] : ["left"];
  const height = () => element.current?.clientHeight ?? MIN;
  const resize = (to: number) =>
    setDockHeight(Math.round(Math.max(MIN, Math.min(window.innerHeight - 200, to))));

  return (
    <section
      ref={element}
      className={cx(css.dock, css[dock])}
      style={dock === "open" ? { height: dockHeight ?? "40%" } : undefined}
      aria-label={text.frame.dock}
    >
      {dock === "open" ? (
        <Edge
          orientation="horizontal"
          label={text.frame.dockResize}
          value={dockHeight ?? height()}
          min={MIN}
          onDrag={(event, begun) => resize(begun + event.start.y - event.y)}
          begin={height}
          onStep={(by) => resize(height() + by * 24)}
          onReset={() => setDockHeight(null)}
        />
      ) : null}
      <div
        className={css.panes}
        style={{
          gridTemplateColumns: split ? `${dockShare}fr ${1 - dockShare}fr` : "minmax(0, 1fr)",
        }}
      >
        {sides.map((of) => (
          <TabRow
            key={of}
            of={of}
            tabs={tabs.filter((tab) => tab.side === of)}
            front={front[of]}
            used={split && side === of}
            last={of === sides.at(-1)}
            split={split}
          />
        ))}
        {split ? (
          <div className={css.between} style={{ left: `${dockShare * 100}%` }}>
            <Edge
              orientation="vertical"
              label={text.frame.dockShare}
              value={Math.round(dockShare * 100)}
              min={20}
              begin={() => dockShare}
              onDrag={(event, begun) =>
                setDockShare(
                  begun + (event.x - event.start.x) / (element.current?.clientWidth ?? 1),
                )
              }
              onStep={(by) => setDockShare(dockShare - by * 0.05)}
              onReset={() => setDockShare(0.5)}
            />
          </div>
        ) : null}
        {tabs.map((tab) => (
          <Panel key={tab.id} tab={tab} front={dock !== "hidden" && front[tab.side] === tab.id} />
        ))}
      </div>
    </section>
  );
}

function kindOf(tab: DockTab): DockKind<unknown> {
  return dockKinds[tab.kind] as DockKind<unknown>;
}

function Panel({ tab, front }: { tab: DockTab; front: boolean }) {
  const text = useText();
  const showTab = useLayout((layout) => layout.showTab);
  const kind = kindOf(tab);
  return (
    <div
      role="tabpanel"
      aria-label={kind.title(tab.of, text)}
      className={css.panel}
      style={{ gridColumn: tab.side === "left" ? 1 : 2 }}
      hidden={!front}
      onFocus={() => {
        if (useLayout.getState().side !== tab.side) showTab(tab.id);
      }}
    >
      <kind.Panel of={tab.of} front={front} />
    </div>
  );
}

/** The tabs of one side. Arrows walk them, Delete closes one. */
function TabRow({
  of,
  tabs,
  front,
  used,
  last,
  split,
}: {
  of: DockSide;
  tabs: DockTab[];
  front: string | null;
  /** The keyboard was here last, and there is another side. */
  used: boolean;
  /** Carries the buttons of the whole dock. */
  last: boolean;
  split: boolean;
}) {
  const text = useText();
  const words = text.frame;
  const { dock, setDock, showTab, closeTab, moveTab, joinTabs, tabs: all } = useLayout();
  const list = useRef<HTMLDivElement>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === front);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (event.key === "Delete" && front !== null) {
      event.preventDefault();
      closeTab(front);
      return;
    }
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(tabs.length - 1, to));
    const tab = tabs[next];
    if (tab) showTab(tab.id);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };

  return (
    <div className={css.bar} style={{ gridColumn: of === "left" ? 1 : 2 }}>
      <div
        ref={list}
        role="tablist"
        aria-label={split ? words.dockSide[of] : words.dock}
        className={css.tabs}
        onKeyDown={onKeyDown}
      >
        {tabs.map((tab) => {
          const kind = kindOf(tab);
          const title = kind.title(tab.of, text);
          const active = tab.id === front;
          return (
            <div
              key={tab.id}
              role="presentation"
              className={cx(css.tab, active && css.active, active && split && !used && css.unused)}
            >
              <button
                type="button"
                role="tab"
                data-tab={tab.id}
                aria-selected={active}
                tabIndex={active ? 0 : -1}
                className={css.name}
                onClick={() => showTab(tab.id)}
              >
                <Icon of={kind.icon} size={14} />
                {title}
                {kind.useCount ? <Count useCount={kind.useCount} /> : null}
              </button>
              <IconButton
                small
                icon={X}
                label={words.closeTab(title)}
                tabIndex={active ? 0 : -1}
                onClick={() => closeTab(tab.id)}
              />
            </div>
          );
        })}
      </div>
      {used || !split ? <DockNew /> : null}
      <div className={css.actions}>
        {split && front !== null ? (
          <IconButton
            small
            icon={ArrowLeftRight}
            label={words.dockMove}
            onClick={() => moveTab(front)}
          />
        ) : null}
        {last ? (
          <>
            {all.length > 1 ? (
              <IconButton
                small
                icon={split ? Square : Columns2}
                label={split ? words.dockJoin : words.dockSplit}
                onClick={() => (split ? joinTabs() : front !== null && moveTab(front))}
              />
            ) : null}
            <IconButton
              small
              icon={dock === "full" ? Minimize2 : Maximize2}
              label={dock === "full" ? words.dockRestore : words.dockFull}
              onClick={() => setDock(dock === "full" ? "open" : "full")}
            />
            <IconButton
              small
              icon={dock === "hidden" ? ChevronUp : ChevronDown}
              label={dock === "hidden" ? words.dockShow : words.dockHide}
              onClick={() => setDock(dock === "hidden" ? "open" : "hidden")}
            />
          </>
        ) : null}
      </div>
    </div>
  );
}

function Count({ useCount }: { useCount: () => number }) {
  const format = useFormat();
  const count = useCount();
  if (count === 0) return null;
  return (
    <>
      {" "}
      <span className={css.count}>{format.number(count)}</span>
    </>
  );
}

interface Drag {
  x: number;
  y: number;
  start: { x: number; y: number };
}

/** A line that is dragged, or moved by arrows; a double click puts it back. */
function Edge({
  orientation,
  label,
  value,
  min,
  begin,
  onDrag,
  onStep,
  onReset,
}: {
  orientation: "horizontal" | "vertical";
  label: string;
  value: number;
  min: number;
  /** What is dragged, as it is when the drag begins. */
  begin: () => number;
  onDrag: (drag: Drag, begun: number) => void;
  /** Up or left is 1. */
  onStep: (by: 1 | -1) => void;
  onReset: () => void;
}) {
  const drag = useRef<{ start: { x: number; y: number }; begun: number } | null>(null);
  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { start: { x: event.clientX, y: event.clientY }, begun: begin() };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag.current) return;
    const { start, begun } = drag.current;
    onDrag({ x: event.clientX, y: event.clientY, start }, begun);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const keys: Record<string, 1 | -1> =
      orientation === "horizontal"
        ? { ArrowUp: 1, ArrowDown: -1 }
        : { ArrowLeft: 1, ArrowRight: -1 };
    const by = keys[event.key];
    if (!by) return;
    event.preventDefault();
    onStep(by);
  };
  return (
    <div
      className={cx(css.edge, css[orientation])}
      role="separator"
      aria-orientation={orientation}
      aria-label={label}
      aria-valuemin={min}
      aria-valuenow={value}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        drag.current = null;
      }}
      onDoubleClick={onReset}
      onKeyDown={onKeyDown}
    />
  );
}
