import { Link } from "@tanstack/react-router";
import { RefreshCw } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from "react";
import { useCall, useFeed } from "~/data";
import { sayError, useFormat, useText } from "~/i18n";
import { cx, ErrorState, IconButton, RelativeTime, Status } from "~/kit";
import css from "./artifact.module.css";
import { lookedAt, runningTags, type Slot, shortDigest } from "./artifacts";
import { TagFilter } from "./TagFilter";
import { useArtifacts, useRefresh } from "./useArtifacts";

/** Rows of a picker: whoever looks for more goes to the page, or types. */
const SHOWN = 8;

/** The newest tags of the app's repository to choose one from, where each runs beside it. */
export function ArtifactPicker({
  app,
  value,
  onChoose,
  children,
}: {
  app: string;
  /** As typed or chosen. */
  value: string;
  onChoose: (tag: string) => void;
  /** Instead, as long as no list was read. */
  children: ReactNode;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.artifact;
  const [filter, setFilter] = useState("");
  const groups = useCall("group_list", app);
  const environments = useCall("environment_list", null);
  const live = useFeed({ kind: "groups", app });
  const running = runningTags(groups.data ?? [], environments.data ?? [], live.byId);
  const { query, slots, onSeen, error } = useArtifacts({
    app,
    text: filter,
    sort: "version",
    only: { kind: "all" },
  });
  const list = query.data;
  const refresh = useRefresh(app, list);
  const failed = refresh.error ?? error;
  const rows = slots.slice(0, SHOWN);
  const box = useRef<HTMLUListElement>(null);
  // The list is one stop of Tab: the tag where the keyboard was last, else the chosen one, else the first.
  const [last, setLast] = useState<string | null>(null);
  const tags = rows.flatMap(({ row }) => (row && !row.gone ? [row.tag] : []));
  const stop = [last, value].find((tag) => tag !== null && tags.includes(tag)) ?? tags[0];
  if (query.error && !list) {
    return (
      <>
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
        {children}
      </>
    );
  }
  if (!list?.repository) return children;

  const move = (event: KeyboardEvent) => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>("button:enabled") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const end = all.length - 1;
    const to = {
      ArrowDown: Math.min(end, at + 1),
      ArrowUp: Math.max(0, at - 1),
      Home: 0,
      End: end,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[to]?.focus();
  };
  return (
    <section aria-label={words.picker}>
      <div className={css.pickHead}>
        <h3>{words.picker}</h3>
        <TagFilter value={filter} onChange={setFilter} />
        <IconButton
          small
          icon={RefreshCw}
          label={words.refresh}
          disabled={refresh.pending}
          onClick={() => void refresh.run(app)}
        />
      </div>
      {failed ? (
        <p className={css.pickFailed} role="status">
          <Status state="stale">
            {list.read ? `${text.common.staleSince(format.time(list.read))} ` : ""}
            {sayError(failed, text).title}
          </Status>
        </p>
      ) : null}
      {list.read === null ? children : null}
      {list.read === null && !failed ? (
        <p className={css.pickNote}>{words.reading}</p>
      ) : list.read !== null && list.matching === 0 ? (
        <p className={css.pickNote}>{filter ? words.noneTitle : words.emptyTitle}</p>
      ) : null}
      <ul ref={box} className={css.picks} onKeyDown={move}>
        {rows.map((slot) => (
          <Pick
            key={slot.row?.tag ?? slot.at}
            slot={slot}
            on={slot.row ? (running.get(slot.row.tag) ?? []).map(({ group }) => group.name) : []}
            chosen={slot.row?.tag === value}
            stop={slot.row?.tag === stop}
            onReach={setLast}
            onChoose={onChoose}
            onSeen={onSeen}
          />
        ))}
      </ul>
      <p className={css.pickNote}>
        <Link to="/app/$app/artifacts" params={{ app }}>
          {words.allTags}
        </Link>{" "}
        {words.foot(format.number(rows.length), format.number(list.total))}
      </p>
    </section>
  );
}

function Pick({
  slot: { at, row },
  on,
  chosen,
  stop,
  onReach,
  onChoose,
  onSeen,
}: {
  slot: Slot;
  on: string[];
  chosen: boolean;
  /** Tab comes to it. */
  stop: boolean;
  onReach: (tag: string) => void;
  onChoose: (tag: string) => void;
  onSeen: (at: number) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.artifact;
  const seen = useEffectEvent(onSeen);
  const tag = row?.tag;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has come since is in sight, too
  useEffect(() => seen(at), [at, tag]);
  if (!row) return null;
  const created = lookedAt(row)?.created;
  return (
    <li className={cx(css.pick, chosen && css.picked)}>
      <button
        type="button"
        aria-pressed={chosen}
        aria-label={words.choose(row.tag)}
        disabled={row.gone}
        tabIndex={stop ? 0 : -1}
        onFocus={() => onReach(row.tag)}
        onClick={() => onChoose(row.tag)}
      >
        <span className={css.pickMain}>
          <code className={row.gone ? css.goneTag : css.tag}>{row.tag}</code>
          <span className={css.subtle}>
            {row.gone
              ? words.gone
              : on.length > 0
                ? text.release.plan.runsOn(format.list(on))
                : words.runsNowhere}
          </span>
        </span>
        <span className={css.pickSide}>
          {created ? <RelativeTime at={created} /> : <span>–</span>}
          <code>{row.digest ? shortDigest(row.digest) : ""}</code>
        </span>
      </button>
    </li>
  );
}
