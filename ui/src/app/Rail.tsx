import { Link, useParams } from "@tanstack/react-router";
import { PanelLeft, Search, Settings, User } from "lucide-react";
import { useFeed } from "~/data";
import { useText } from "~/i18n";
import { cx, Icon, IconButton, StatusMark, Tooltip } from "~/kit";
import { Logo } from "./Logo";
import { useLayout } from "./layout";
import { useAppPages } from "./pages";
import css from "./Rail.module.css";
import { sessionMarks } from "./SidebarFoot";
import { useSettings } from "./settings";

/** The sidebar of 48 px: under 1200 px, or when the person folded it. */
export function Rail({ onToggle }: { onToggle?: (() => void) | undefined }) {
  const text = useText();
  const params: { app?: string } = useParams({ strict: false });
  const setPalette = useLayout((layout) => layout.setPalette);
  const { settings } = useSettings();
  const name = settings.display_name || text.frame.nameless;
  return (
    <nav className={css.rail} aria-label={text.frame.mainNavigation}>
      <Link to="/" className={css.logo} aria-label="Slipway">
        <Logo size={22} />
      </Link>
      {onToggle ? (
        <IconButton icon={PanelLeft} label={text.frame.expand} onClick={onToggle} />
      ) : null}
      <IconButton icon={Search} label={text.frame.jumpTo} onClick={() => setPalette(true)} />
      <span className={css.line} />
      {params.app ? <Pages app={params.app} /> : null}
      <span className={css.space} />
      <Clusters />
      <Tooltip text={text.frame.page.settings} side="right">
        <Link to="/settings" className={css.item} aria-label={text.frame.page.settings}>
          <Icon of={Settings} />
        </Link>
      </Tooltip>
      <span className={css.initial} title={name}>
        {settings.display_name ? [...name][0] : <Icon of={User} size={14} />}
      </span>
    </nav>
  );
}

function Pages({ app }: { app: string }) {
  return useAppPages(app).map((page) => (
    <Tooltip key={page.key} text={page.title} side="right">
      <Link
        to={page.to}
        className={cx(css.item, page.current && css.current)}
        aria-label={page.title}
        aria-current={page.current ? "page" : undefined}
      >
        <Icon of={page.icon} />
      </Link>
    </Tooltip>
  ));
}

/** All clusters in one mark: the worst of them, and how many. */
function Clusters() {
  const text = useText();
  const { rows } = useFeed({ kind: "clusters" });
  const worst =
    rows.find(({ session }) => session.state === "sign_in_needed") ??
    rows.find(({ session }) => session.state === "unreachable") ??
    rows.find(({ session }) => session.state === "degraded") ??
    rows[0];
  if (!worst) return null;
  return (
    <Tooltip text={text.frame.clusters} side="right">
      <Link to="/clusters" className={css.clusters} aria-label={text.frame.clusters}>
        <StatusMark state={sessionMarks[worst.session.state]} size={10} still />
        {rows.length}
      </Link>
    </Tooltip>
  );
}
