import { Link, useParams } from "@tanstack/react-router";
import { ChevronDown, PanelLeft, Pin, PinOff, Plus, Search, Settings, User } from "lucide-react";
import { useState } from "react";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  cx,
  Icon,
  IconButton,
  Input,
  KeyHint,
  type MarkState,
  StatusMark,
  TruncateMiddle,
} from "~/kit";
import type { AppMark, AppRow } from "~/wire/types";
import { Logo } from "./Logo";
import { useLayout } from "./layout";
import { useAppPages } from "./pages";
import { usePending } from "./pending";
import { Rail } from "./Rail";
import css from "./Sidebar.module.css";
import { ClusterFoot } from "./SidebarFoot";
import type { View } from "./search";
import { useSettings } from "./settings";
import { keysOf } from "./shortcuts";

const appMarks: Record<AppMark, MarkState> = {
  stopped: "danger",
  moving: "rolling",
  resting: "resting",
  ok: "ok",
  idle: "idle",
};

/** From this many apps on the list can be filtered in place. */
const FILTER_FROM = 10;

export function Sidebar({
  rail,
  onToggle,
}: {
  rail: boolean;
  onToggle?: (() => void) | undefined;
}) {
  const text = useText();
  const apps = useCall("app_list", null);
  const setPalette = useLayout((layout) => layout.setPalette);
  const [filter, setFilter] = useState("");
  if (rail) return <Rail onToggle={onToggle} />;

  const all = apps.data ?? [];
  const shown = all.filter((app) =>
    `${app.slug} ${app.title}`.toLowerCase().includes(filter.trim().toLowerCase()),
  );
  const pinned = shown.filter((app) => app.pinned);
  const others = shown.filter((app) => !app.pinned);
  return (
    <nav className={css.sidebar} aria-label={text.frame.mainNavigation}>
      <div className={css.brand}>
        <Logo size={22} />
        <span className={css.name}>Slipway</span>
        {onToggle ? (
          <IconButton small icon={PanelLeft} label={text.frame.collapse} onClick={onToggle} />
        ) : null}
      </div>
      <button type="button" className={css.jump} onClick={() => setPalette(true)}>
        <Icon of={Search} size={14} />
        <span>{text.frame.jumpTo}</span>
        <KeyHint keys={keysOf("mod+k")} />
      </button>
      {all.length >= FILTER_FROM ? (
        <div className={css.filter}>
          <Input
            type="search"
            value={filter}
            onChange={setFilter}
            placeholder={text.frame.palette.filterApps}
            aria-label={text.frame.palette.filterApps}
          />
        </div>
      ) : null}
      <div className={css.apps}>
        {pinned.length > 0 ? <AppGroup title={text.frame.pinned} apps={pinned} /> : null}
        <AppGroup
          title={pinned.length > 0 ? text.frame.allApps : text.frame.apps}
          apps={others}
          add
        />
        {apps.data && all.length === 0 ? <p className={css.nothing}>{text.frame.noApps}</p> : null}
      </div>
      <ClusterFoot />
      <Person />
    </nav>
  );
}

function AppGroup({ title, apps, add }: { title: string; apps: AppRow[]; add?: boolean }) {
  const text = useText();
  return (
    <section aria-label={title}>
      <div className={css.heading}>
        <h2>{title}</h2>
        {add ? (
          <Link
            to="."
            search={(view: View) => ({ ...view, dialog: "app" })}
            className={css.add}
            aria-label={text.frame.newApp}
            title={text.frame.newApp}
          >
            <Icon of={Plus} size={14} />
          </Link>
        ) : null}
      </div>
      <ul>
        {apps.map((app) => (
          <AppEntry key={app.id} app={app} />
        ))}
      </ul>
    </section>
  );
}

function AppEntry({ app }: { app: AppRow }) {
  const text = useText();
  const params: { app?: string } = useParams({ strict: false });
  const { settings, change } = useSettings();
  const [folded, setFolded] = useState(false);
  const chosen = params.app === app.id;
  const open = chosen && !folded;
  const pin = () => {
    const rest = settings.pinned.filter((id) => id !== app.id);
    void change({ pinned: app.pinned ? rest : [...rest, app.id] });
  };
  return (
    <li>
      <div className={css.entry}>
        <Link
          to="/app/$app/overview"
          params={{ app: app.id }}
          className={cx(css.row, chosen && css.chosen)}
          aria-expanded={chosen ? open : undefined}
        >
          <StatusMark state={appMarks[app.mark]} label={text.frame.appMark[app.mark]} still />
          <TruncateMiddle text={app.title} tail={6} className={css.label} />
        </Link>
        <IconButton
          small
          className={css.pin}
          icon={app.pinned ? PinOff : Pin}
          label={`${app.pinned ? text.frame.unpin : text.frame.pin}: ${app.title}`}
          onClick={pin}
        />
        {chosen ? (
          <IconButton
            small
            className={cx(css.fold, folded && css.folded)}
            icon={ChevronDown}
            label={text.frame.pagesOf(app.title)}
            aria-expanded={open}
            onClick={() => setFolded(!folded)}
          />
        ) : null}
      </div>
      {open ? <AppPages app={app} /> : null}
    </li>
  );
}

function AppPages({ app }: { app: AppRow }) {
  const text = useText();
  const pages = useAppPages(app.id);
  return (
    <ul className={css.pages} aria-label={text.frame.pagesOf(app.title)}>
      {pages.map((page) => (
        <li key={page.key}>
          <Link
            to={page.to}
            className={cx(css.page, page.current && css.current)}
            aria-current={page.current ? "page" : undefined}
          >
            <Icon of={page.icon} />
            <span className={css.label}>{page.title}</span>
            {page.key === "groups" && app.groups > 0 ? (
              <span className={css.count}>{app.groups}</span>
            ) : null}
            {page.key === "config" ? <FilesPending app={app.id} /> : null}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** In how many groups files or variables are saved that do not run there yet. */
function FilesPending({ app }: { app: string }) {
  const text = useText();
  const format = useFormat();
  const waiting = [...usePending(app).values()].filter(({ sections }) =>
    sections.some(({ section }) => section === "files" || section === "variables"),
  );
  if (waiting.length === 0) return null;
  const count = format.number(waiting.length);
  return (
    <span className={css.pending} title={text.diff.filesPending(waiting.length, count)}>
      <StatusMark state="pending" label={text.diff.filesPending(waiting.length, count)} />
      {count}
    </span>
  );
}

function Person() {
  const text = useText();
  const { settings } = useSettings();
  const name = settings.display_name || text.frame.nameless;
  return (
    <div className={css.person}>
      <span className={css.initial} aria-hidden="true">
        {settings.display_name ? [...name][0] : <Icon of={User} size={14} />}
      </span>
      <span className={css.label}>{name}</span>
      <Link
        to="/settings"
        className={css.gear}
        activeProps={{ className: css.current ?? "" }}
        aria-label={text.frame.page.settings}
        title={text.frame.page.settings}
      >
        <Icon of={Settings} />
      </Link>
    </div>
  );
}
