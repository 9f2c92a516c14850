import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState } from "react";
import { onFailure, useCall } from "~/data";
import { sayError, useText } from "~/i18n";
import { later, Toasts, toast, visible } from "~/kit";
import { call } from "~/platform";
import { Dock } from "./Dock";
import css from "./Frame.module.css";
import { useLayout } from "./layout";
import { useNotifications } from "./notifications";
import { Sidebar } from "./Sidebar";
import { useView } from "./search";
import { useSettings } from "./settings";
import { useShortcut } from "./shortcuts";

const NewAppDialog = later(async () => (await import("~/features/app/NewAppDialog")).NewAppDialog);
const Palette = later(async () => (await import("./Palette")).Palette);

/** Sidebar, the page in front, the dock below it, and what floats above all. */
export function Frame() {
  const text = useText();
  const { settings, change } = useSettings();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const setPalette = useLayout((layout) => layout.setPalette);
  // A page behind the dock keeps its place.
  const full = useLayout((layout) => layout.dock === "full" && layout.tabs.length > 0);
  const rail = narrow || settings.sidebar_rail;

  useFailures();
  useNotifications();
  useVisibility();
  useSetAside();
  useShortcut("mod+k", () => setPalette(!useLayout.getState().palette));
  useShortcut("mod+,", () => void navigate({ to: "/settings" }));
  useShortcut("mod+b", () => void change({ sidebar_rail: !settings.sidebar_rail }));

  return (
    <div className={css.frame}>
      <button
        type="button"
        className={css.skip}
        onClick={() => document.querySelector("main")?.focus()}
      >
        {text.frame.skip}
      </button>
      <Sidebar
        rail={rail}
        onToggle={narrow ? undefined : () => void change({ sidebar_rail: !settings.sidebar_rail })}
      />
      <div className={css.column}>
        <div className={css.page} hidden={full}>
          <Suspense>
            <Outlet />
          </Suspense>
        </div>
        <Dock />
      </div>
      <Restore />
      <Dialogs />
      <PaletteOnceUsed />
      <Toasts />
    </div>
  );
}

/** From its first opening on it is there: closing it gives the keyboard back to where it was. */
function PaletteOnceUsed() {
  const open = useLayout((layout) => layout.palette);
  const [used, setUsed] = useState(false);
  if (open && !used) setUsed(true);
  return used ? <Palette /> : null;
}

/** Dialogs that any page may stand behind. */
function Dialogs() {
  const [dialog, setDialog] = useView("dialog");
  if (dialog !== "app") return null;
  return <NewAppDialog onClose={() => setDialog(undefined, { replace: true })} />;
}

/** Under 1200 px there is room for the rail only. */
function useNarrow(): boolean {
  const query = "(max-width: 1199px)";
  const [narrow, setNarrow] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const media = window.matchMedia(query);
    const onChange = () => setNarrow(media.matches);
    media.addEventListener("change", onChange);
    return () => media.removeEventListener("change", onChange);
  }, []);
  return narrow;
}

function useFailures(): void {
  const text = useText();
  useEffect(
    () =>
      onFailure((error) => {
        const said = sayError(error, text);
        toast({
          state: "danger",
          title: said.title,
          text: [said.why, said.hints[0]].filter(Boolean).join(" "),
        });
      }),
    [text],
  );
}

/** A window nobody sees turns nothing, and the core may ask the clusters less often. */
function useVisibility(): void {
  useEffect(() => {
    const tell = () => {
      document.documentElement.toggleAttribute("data-hidden", document.hidden);
      // Only a hint for the core; without it nothing but economy is lost.
      void call("window_visible", !document.hidden).catch(() => {});
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, []);
}

/** A person whose data are gone is told so at once, whatever page they are on; the settings say it again. */
function useSetAside(): void {
  const text = useText();
  const name = useCall("setting_about", null).data?.set_aside ?? null;
  const told = useRef<string | null>(null);
  useEffect(() => {
    if (name === null || told.current === name) return;
    told.current = name;
    toast({
      state: "danger",
      title: text.setting.setAsideTitle,
      text: text.setting.setAside(visible(name)),
    });
  }, [name, text]);
}

/** Keeps where the person is, for the next start. By itself: the frame is not drawn anew for each step. */
function Restore() {
  const here = useRouterState({ select: (state) => state.location.href });
  const { settings, known, change } = useSettings();
  const kept = settings.last_route;
  useEffect(() => {
    // A dialog is not a place to come back to.
    if (!known || here === "/" || here === kept || here.includes("dialog=")) return;
    const timer = setTimeout(() => void change({ last_route: here }).catch(() => {}), 1000);
    return () => clearTimeout(timer);
  });
  return null;
}
