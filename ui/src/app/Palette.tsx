import { Dialog } from "@base-ui/react/dialog";
import { useNavigate, useParams } from "@tanstack/react-router";
import {
  Box,
  Braces,
  Cable,
  FileArchive,
  FileCog,
  Languages,
  Layers,
  Link2,
  PanelLeft,
  Plus,
  Rocket,
  Search,
  Server,
  Settings,
  SunMoon,
} from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { useCall, useCalls } from "~/data";
import { useLanguage, useText } from "~/i18n";
import { cx, Icon, type IconType, KeyHint } from "~/kit";
import { useOpenForwards } from "./forward/open";
import { useLayout } from "./layout";
import { hits, score } from "./match";
import css from "./Palette.module.css";
import { useAppPages } from "./pages";
import type { View } from "./search";
import { useSettings } from "./settings";
import { keysOf } from "./shortcuts";
import { useTransfer } from "./transfer";

interface Entry {
  key: string;
  part: string;
  title: string;
  /** Also searched, and shown subtle. */
  more?: string | undefined;
  icon: IconType;
  keys?: string[] | undefined;
  run: () => void;
}

/** Every page, app, group and action, by any of its words. */
export function Palette() {
  const open = useLayout((layout) => layout.palette);
  const setOpen = useLayout((layout) => layout.setPalette);
  const text = useText();
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css.scrim} />
        <Dialog.Popup className={css.palette} aria-label={text.frame.palette.label}>
          <Content onDone={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Content({ onDone }: { onDone: () => void }) {
  const text = useText();
  const id = useId();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const entries = useEntries();
  const params: { app?: string } = useParams({ strict: false });
  const scope = useCall("app_list", null).data?.find(({ id }) => id === params.app)?.title;

  const found = entries
    .map((entry) => ({
      entry,
      score: score(query, entry.title, `${entry.part} ${entry.more ?? ""}`),
    }))
    .filter((item): item is { entry: Entry; score: number } => item.score !== undefined);
  // Parts keep their order, but the part of the exact name comes first.
  const parts = [...new Set(found.map(({ entry }) => entry.part))];
  const best = (part: string) =>
    Math.min(...found.filter(({ entry }) => entry.part === part).map(({ score }) => score));
  const ordered = parts
    .toSorted((a, b) => Math.min(best(a), 1) - Math.min(best(b), 1))
    .flatMap((part) =>
      found
        .filter(({ entry }) => entry.part === part)
        .sort((a, b) => a.score - b.score)
        .map(({ entry }) => entry),
    );
  const here = Math.min(at, ordered.length - 1);

  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onDone();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = (here + step + ordered.length) % Math.max(1, ordered.length);
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(ordered[here]);
    }
  };

  return (
    <>
      <div className={css.field}>
        <Icon of={Search} />
        <input
          // The dialog would focus it a frame later: what is typed until then must not go to the field below.
          // biome-ignore lint/a11y/noAutofocus: it is the only thing to do in a dialog that was asked for by a key
          autoFocus
          className={css.input}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          placeholder={text.frame.palette.placeholder}
          aria-label={text.frame.palette.label}
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={ordered[here] ? `${id}-${here}` : undefined}
          autoComplete="off"
          spellCheck={false}
        />
        {scope ? <span className={css.scope}>{scope}</span> : null}
      </div>
      <div
        className={css.list}
        role="listbox"
        id={`${id}-list`}
        aria-label={text.frame.palette.label}
      >
        {ordered.map((entry, index) => (
          <div key={entry.key} role="presentation">
            {entry.part === ordered[index - 1]?.part ? null : (
              <div className={css.part} role="presentation">
                {entry.part}
              </div>
            )}
            <button
              type="button"
              role="option"
              tabIndex={-1}
              id={`${id}-${index}`}
              aria-selected={index === here}
              className={cx(css.entry, index === here && css.here)}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(entry)}
            >
              <Icon of={entry.icon} />
              <span className={css.title}>{marked(entry.title, query)}</span>
              {entry.more ? <span className={css.more}>{marked(entry.more, query)}</span> : null}
              {entry.keys ? <KeyHint keys={entry.keys} /> : null}
            </button>
          </div>
        ))}
        {ordered.length === 0 ? <p className={css.nothing}>{text.frame.palette.nothing}</p> : null}
      </div>
      <div className={css.foot}>
        <KeyHint keys={["ArrowUp", "ArrowDown"]} /> {text.frame.palette.choose}
        <KeyHint keys={["Enter"]} /> {text.frame.palette.open}
      </div>
    </>
  );
}

function marked(text: string, query: string): ReactNode {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const [from, to] of hits(query, text)) {
    parts.push(text.slice(end, from));
    parts.push(
      <mark key={from} className={css.hit}>
        {text.slice(from, to)}
      </mark>,
    );
    end = to;
  }
  parts.push(text.slice(end));
  return parts;
}

function useEntries(): Entry[] {
  const text = useText();
  const language = useLanguage();
  const navigate = useNavigate();
  const params: { app?: string; group?: string } = useParams({ strict: false });
  const { settings, change } = useSettings();
  const { importApp } = useTransfer();
  const openForwards = useOpenForwards();
  const actions = useLayout((layout) => layout.actions);
  const apps = useCall("app_list", null).data ?? [];
  const groups = useCalls(
    "group_list",
    apps.map(({ id }) => id),
  );
  const words = text.frame.palette;
  const app = apps.find(({ id }) => id === params.app) ?? apps[0];
  const pages = useAppPages(app?.id ?? "");
  const config = useConfigEntries(app?.id);

  const dark =
    settings.theme === "dark" ||
    (settings.theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  return [
    ...actions.map(
      (action): Entry => ({
        key: `action:${action.key}`,
        part: words.actions,
        title: action.label,
        icon: action.icon ?? Box,
        keys: action.keys,
        run: action.run,
      }),
    ),
    ...(app
      ? pages.map(
          (page): Entry => ({
            key: `page:${page.key}`,
            part: words.pages,
            title: page.title,
            more: app.title,
            icon: page.icon,
            run: () => void navigate({ to: page.to }),
          }),
        )
      : []),
    {
      key: "page:clusters",
      part: words.pages,
      title: text.frame.page.clusters,
      icon: Server,
      run: () => void navigate({ to: "/clusters" }),
    },
    {
      key: "page:settings",
      part: words.pages,
      title: text.frame.page.settings,
      icon: Settings,
      keys: keysOf("mod+,"),
      run: () => void navigate({ to: "/settings" }),
    },
    ...apps.flatMap((owner, index) =>
      (groups[index] ?? []).map(
        (group): Entry => ({
          key: `group:${group.id}`,
          part: words.groups,
          title: group.name,
          more: `${owner.title} · ${text.frame.page.running}`,
          icon: Layers,
          run: () =>
            void navigate({
              to: "/app/$app/running/$group",
              params: { app: owner.id, group: group.id },
            }),
        }),
      ),
    ),
    ...config,
    ...apps.map(
      (each): Entry => ({
        key: `app:${each.id}`,
        part: words.apps,
        title: each.title,
        more: each.slug === each.title ? undefined : each.slug,
        icon: Box,
        run: () => void navigate({ to: "/app/$app/overview", params: { app: each.id } }),
      }),
    ),
    ...(app
      ? [
          {
            key: "action:forward",
            part: words.actions,
            title: text.forward.open,
            more: text.forward.tab,
            icon: Cable,
            run: () =>
              openForwards(
                app.id,
                params.group === undefined ? null : { kind: "group", group: params.group },
              ),
          },
          {
            key: "action:release",
            part: words.actions,
            title: text.frame.page.releaseNew,
            more: app.title,
            icon: Rocket,
            run: () =>
              void navigate({ to: "/app/$app/releases/new", params: { app: app.id }, search: {} }),
          },
        ]
      : []),
    {
      key: "action:app",
      part: words.actions,
      title: words.newApp,
      icon: Plus,
      run: () => void navigate({ to: ".", search: (view: View) => ({ ...view, dialog: "app" }) }),
    },
    {
      key: "action:import",
      part: words.actions,
      title: text.app.import,
      icon: FileArchive,
      run: importApp,
    },
    {
      key: "action:link",
      part: words.actions,
      title: words.linkCluster,
      icon: Link2,
      run: () => void navigate({ to: "/clusters", search: { dialog: "link" } }),
    },
    {
      key: "action:theme",
      part: words.actions,
      title: words.toggleTheme,
      icon: SunMoon,
      run: () => void change({ theme: dark ? "light" : "dark" }),
    },
    {
      key: "action:language",
      part: words.actions,
      title: words.toggleLanguage,
      icon: Languages,
      run: () => void change({ language: language === "zh" ? "en" : "zh" }),
    },
    {
      key: "action:sidebar",
      part: words.actions,
      title: words.toggleSidebar,
      icon: PanelLeft,
      keys: keysOf("mod+b"),
      run: () => void change({ sidebar_rail: !settings.sidebar_rail }),
    },
  ];
}

/** Config files of an app and of its groups, and the keys in them. */
function useConfigEntries(app: string | undefined): Entry[] {
  const text = useText();
  const navigate = useNavigate();
  const asked = { enabled: app !== undefined };
  const tree = useCall("config_tree", app ?? "", asked).data;
  const matrix = useCall("config_matrix", app ?? "", asked).data;
  if (app === undefined) return [];
  const part = text.frame.palette.config;
  const open = (search: View) => void navigate({ to: "/app/$app/config", params: { app }, search });
  const groups = tree?.groups ?? [];
  return [
    ...(tree?.files ?? []).map(
      (file): Entry => ({
        key: `file:${file.id}`,
        part,
        title: file.path,
        more: text.config.app,
        icon: FileCog,
        run: () => open({ open: file.id }),
      }),
    ),
    ...groups.flatMap((group) =>
      // What a group inherits is listed once, as the app's.
      group.files
        .filter(({ choice }) => choice === "own" || choice === "override")
        .map(
          ({ file }): Entry => ({
            key: `file:${group.id}:${file.id}`,
            part,
            title: file.path,
            more: group.name,
            icon: FileCog,
            run: () => open({ open: file.id, group: group.id }),
          }),
        ),
    ),
    ...(matrix?.keys ?? []).map(
      ({ key }): Entry => ({
        key: `key:${key}`,
        part,
        title: key,
        more: text.config.values,
        icon: Braces,
        run: () => open({ show: "values", open: key }),
      }),
    ),
  ];
}
