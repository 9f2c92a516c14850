import { ChevronDown, X } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { useText } from "~/i18n";
import { cx, Icon, IconButton } from "~/kit";
import css from "./Dock.module.css";
import { useLayout } from "./layout";

const MIN = 160;

/** Logs and terminals at the bottom; survives every change of page. */
export function Dock() {
  const text = useText();
  const { tabs, activeTab, dockHeight, setDockHeight, showTab, closeTab, closeDock } = useLayout();
  const dock = useRef<HTMLElement>(null);
  const drag = useRef<{ y: number; height: number } | null>(null);
  if (tabs.length === 0) return null;

  const resize = (height: number) =>
    setDockHeight(Math.round(Math.max(MIN, Math.min(window.innerHeight - 200, height))));
  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { y: event.clientY, height: dock.current?.clientHeight ?? MIN };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current) resize(drag.current.height + drag.current.y - event.clientY);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowUp: 24, ArrowDown: -24 }[event.key];
    if (!step) return;
    event.preventDefault();
    resize((dock.current?.clientHeight ?? MIN) + step);
  };

  return (
    <section
      ref={dock}
      className={css.dock}
      style={{ height: dockHeight ?? "40%" }}
      aria-label={text.frame.dock}
    >
      <div
        className={css.edge}
        role="separator"
        aria-orientation="horizontal"
        aria-label={text.frame.dockResize}
        aria-valuemin={MIN}
        aria-valuenow={dockHeight ?? MIN}
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => {
          drag.current = null;
        }}
        onDoubleClick={() => setDockHeight(null)}
        onKeyDown={onKeyDown}
      />
      <div className={css.bar}>
        <div role="tablist" aria-label={text.frame.dock} className={css.tabs}>
          {tabs.map((tab) => (
            <div key={tab.id} className={cx(css.tab, tab.id === activeTab && css.active)}>
              <button
                type="button"
                role="tab"
                aria-selected={tab.id === activeTab}
                className={css.name}
                onClick={() => showTab(tab.id)}
              >
                <Icon of={tab.icon} size={14} />
                {tab.title}
              </button>
              <IconButton
                small
                icon={X}
                label={text.frame.closeTab(tab.title)}
                onClick={() => closeTab(tab.id)}
              />
            </div>
          ))}
        </div>
        <IconButton small icon={ChevronDown} label={text.frame.dockClose} onClick={closeDock} />
      </div>
      {tabs.map((tab) => (
        <div
          key={tab.id}
          role="tabpanel"
          aria-label={tab.title}
          className={css.panel}
          hidden={tab.id !== activeTab}
        >
          {tab.content}
        </div>
      ))}
    </section>
  );
}
