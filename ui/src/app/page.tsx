import { Link, useParams } from "@tanstack/react-router";
import { Fragment, type ReactNode, useEffect, useRef } from "react";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { type EnvColour, type FeedState, Status } from "~/kit";
import { setWindowTitle } from "~/platform";
import { type PageAction, useLayout } from "./layout";
import css from "./Page.module.css";

export { type PageAction, useLayout } from "./layout";
export { useSetView, useView, useViewAhead, type View } from "./search";
export { useSettings } from "./settings";
export { keysOf, useShortcut } from "./shortcuts";

export interface PageProps {
  /** The last part of the path, and the window's title. */
  title: string;
  /** Links between the app and the title. The app itself comes first by itself. */
  path?: ReactNode[];
  /** Drawn instead of the title: a group switcher. */
  switcher?: ReactNode;
  /** Beside the title, subtle: the cluster. */
  note?: ReactNode;
  /** Live or "as of": of the feed the page shows. */
  live?: { state: FeedState; asOf: string | null } | undefined;
  actions?: ReactNode;
  /** Of the object shown; production draws its line. */
  env?: EnvColour | undefined;
  /** Without a header: the page says itself what it is, with a heading of the first level. */
  bare?: boolean | undefined;
  /** For the palette, while the page is in front. */
  offers?: PageAction[] | undefined;
  children: ReactNode;
}

/** The root of every page: header of 48 px, and the content below it, which fills the rest as a column. */
export function Page({
  title,
  path = [],
  switcher,
  note,
  live,
  actions,
  env,
  bare,
  offers,
  children,
}: PageProps) {
  const text = useText();
  const params: { app?: string } = useParams({ strict: false });
  const apps = useCall("app_list", null);
  const app = apps.data?.find(({ id }) => id === params.app);
  const setActions = useLayout((layout) => layout.setActions);

  useEffect(() => {
    void setWindowTitle(app ? `${title} · ${app.title} · Slipway` : `${title} · Slipway`);
  }, [title, app]);
  useEffect(() => {
    setActions(offers ?? []);
    return () => setActions([]);
  }, [offers, setActions]);

  const crumbs = app
    ? [
        <Link key="app" to="/app/$app/overview" params={{ app: app.id }}>
          {app.title}
        </Link>,
        ...path,
      ]
    : path;
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    // What led here may be gone with the page before; the keyboard goes on in this one.
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, []);

  return (
    <main ref={main} className={css.page} tabIndex={-1}>
      {bare ? null : (
        <header className={css.header} data-env={env}>
          <nav className={css.path} aria-label={text.frame.path}>
            {crumbs.map((crumb, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a crumb is its place
              <Fragment key={index}>
                <span className={css.crumb}>{crumb}</span>
                <span className={css.slash} aria-hidden="true">
                  /
                </span>
              </Fragment>
            ))}
            {switcher ?? <h1 className={css.title}>{title}</h1>}
            {note ? <span className={css.note}>{note}</span> : null}
          </nav>
          <div className={css.right}>
            {live ? <Live {...live} /> : null}
            {actions}
          </div>
        </header>
      )}
      {children}
    </main>
  );
}

/** Time is honest: Live, or since when nothing is known. */
export function Live({ state, asOf }: { state: FeedState; asOf: string | null }) {
  const text = useText();
  const format = useFormat();
  if (state.state === "live") {
    return (
      <Status state="ok" className={css.live}>
        {text.frame.live}
      </Status>
    );
  }
  if (state.state === "loading") {
    return (
      <Status state="rolling" tone="plain" className={css.live}>
        {text.common.loading}
      </Status>
    );
  }
  const since = state.state === "stale" ? state.since : asOf;
  if (!since) return null;
  return (
    <Status state="stale" className={css.live}>
      {text.common.asOf(format.time(since))}
    </Status>
  );
}
