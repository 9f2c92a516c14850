import { cx } from "./cx";
import css from "./Pods.module.css";
import { shortEnd, visible } from "./text";
import { useWords } from "./Words";

export type CellState = "old" | "new" | "unready" | "failing" | "unknown" | "planned";

export interface Pod {
  state: CellState;
  /** The pod's name; its last five characters are drawn in a named cell. */
  name?: string | undefined;
}

/** One pod. The same drawing with the same meaning everywhere. */
export function PodCell({
  state,
  size = "small",
  name,
  thin,
}: {
  state: CellState;
  size?: "small" | "large" | "named";
  name?: string | undefined;
  thin?: boolean | undefined;
}) {
  const words = useWords();
  const short = name ? visible(name).slice(-5) : undefined;
  return (
    <span
      role="img"
      className={cx(css.cell, css[state], css[size], thin && css.thin)}
      aria-label={name ? `${visible(name)}: ${words.podState[state]}` : words.podState[state]}
      title={name ? `${visible(name)} · ${words.podState[state]}` : words.podState[state]}
    >
      {size === "named" ? short : null}
    </span>
  );
}

const rank: Record<CellState, number> = {
  new: 0,
  unready: 1,
  failing: 2,
  old: 3,
  unknown: 4,
  planned: 5,
};

/** From this many on pods are counted instead of drawn. */
const CELLS_MAX = 80;

/** Very many pods: how many there are of each, as shares of one bar. */
export function PodBar({ counts }: { counts: [state: CellState, count: number][] }) {
  const words = useWords();
  const there = counts.filter(([, count]) => count > 0);
  const said = there.map(([state, count]) => `${count} ${words.podState[state]}`).join(", ");
  return (
    <span className={css.many} role="img" aria-label={said} title={said}>
      {there.map(([state, count]) => (
        <span key={state} className={cx(css.share, css[state])} style={{ flexGrow: count }}>
          {count}
        </span>
      ))}
    </span>
  );
}

/** All pods of a group: new first, failing after them, old last. Many become thin, very many one bar with counts. */
export function PodCells({
  pods,
  size = "small",
}: {
  pods: Pod[];
  size?: "small" | "large" | "named";
}) {
  const sorted = pods.toSorted((a, b) => rank[a.state] - rank[b.state]);
  if (sorted.length > CELLS_MAX) {
    const counts = new Map<CellState, number>();
    for (const pod of sorted) counts.set(pod.state, (counts.get(pod.state) ?? 0) + 1);
    return <PodBar counts={[...counts]} />;
  }
  const thin = sorted.length > 24 && size !== "named";
  return (
    <span className={cx(css.cells, size === "named" && css.wrap)}>
      {sorted.map((pod, index) => (
        <PodCell
          key={pod.name ?? index}
          state={pod.state}
          size={size}
          name={pod.name}
          thin={thin}
        />
      ))}
    </span>
  );
}

/** Hash subtle, the last five characters strong. Without `prefix` the part all pods of the group share is left out. */
export function PodName({ name, prefix }: { name: string; prefix?: boolean | undefined }) {
  const shown = visible(name);
  const parts = shown.split("-");
  const last = parts.at(-1) ?? shown;
  const hash = parts.length > 1 ? parts.at(-2) : undefined;
  const common = prefix ? parts.slice(0, -2).join("-") : "";
  return (
    <span className={css.podName} title={shown}>
      <span className={css.hash}>
        {common ? `${common}-` : ""}
        {hash ? `${hash}-` : ""}
      </span>
      <strong>{last}</strong>
    </span>
  );
}

export type EnvColour = "dev" | "test" | "staging" | "prod";

/** The environment's word; the damage a mistake does is its colour, and production alone is solid. */
export function EnvTag({ colour, children }: { colour: EnvColour; children: string }) {
  return <span className={cx(css.env, css[colour])}>{children}</span>;
}

/** In dense tables: a square in the environment's colour, its word in the title unless it stands beside it. */
export function EnvSquare({ colour, label }: { colour: EnvColour; label?: string | undefined }) {
  const square = cx(css.square, css[`${colour}Square`]);
  return label === undefined ? (
    <span className={square} aria-hidden="true" />
  ) : (
    <span role="img" className={square} aria-label={label} title={label} />
  );
}

/** A version: square and monospace. Teal while it is the new one of a move, slate otherwise. */
export function VersionTag({
  version,
  role = "old",
  plain,
}: {
  version: string;
  role?: "old" | "new" | undefined;
  /** Without the square: in tables where nothing moves. */
  plain?: boolean | undefined;
}) {
  return (
    <span className={css.version}>
      {plain ? null : (
        <span className={cx(css.square, role === "new" ? css.newSquare : css.oldSquare)} />
      )}
      <span className={css.versionText} title={visible(version)}>
        {visible(version)}
      </span>
    </span>
  );
}

/** 2.13.4 → 2.14.0; the same version on both ends stands once. */
export function VersionChange({
  from,
  to,
  moving,
}: {
  from?: string | null | undefined;
  to: string;
  moving?: boolean | undefined;
}) {
  const change = from && from !== to;
  return (
    <span className={css.change} title={visible(change ? `${from} → ${to}` : to)}>
      {change ? (
        <>
          {visible(from)} <span className={css.arrow}>→</span>{" "}
        </>
      ) : null}
      <span className={cx(moving && css.moving)}>{visible(change ? shortEnd(from, to) : to)}</span>
    </span>
  );
}
