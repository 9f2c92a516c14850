import { type ReactNode, useEffect, useState } from "react";
import { Button } from "./Button";
import { cx } from "./cx";
import css from "./Feedback.module.css";
import { Icon, type IconType } from "./Icon";
import { type MarkState, StatusMark } from "./StatusMark";
import { useNow } from "./Text";
import { visible } from "./text";
import { useWords } from "./Words";

const barMark: Record<"problem" | "waiting" | "stale" | "pending" | "changed", MarkState> = {
  problem: "danger",
  waiting: "resting",
  stale: "stale",
  pending: "pending",
  changed: "warn",
};

/** 44 px directly under the header: what stopped, what waits for a person, since when nothing is known. */
export function Bar({
  kind,
  title,
  children,
  actions,
}: {
  kind: "problem" | "waiting" | "stale" | "pending" | "changed";
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={cx(css.bar, css[kind])} role={kind === "problem" ? "alert" : "status"}>
      <StatusMark state={barMark[kind]} size={14} />
      <p className={css.barText}>
        <strong>{title}</strong> {children}
      </p>
      {actions ? <div className={css.barActions}>{actions}</div> : null}
    </div>
  );
}

/** What this is, and the one action that fills it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: IconType;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={css.state}>
      <Icon of={icon} size={20} className={css.stateIcon} />
      <h3>{title}</h3>
      {children ? <p>{children}</p> : null}
      {action ? <div className={css.stateActions}>{action}</div> : null}
    </div>
  );
}

/** What failed, why, what to try; the technical text can be copied. */
export function ErrorState({
  error,
  onRetry,
  compact,
  children,
}: {
  error: unknown;
  onRetry?: (() => void) | undefined;
  compact?: boolean | undefined;
  /** The button that mends it, where there is one. */
  children?: ReactNode;
}) {
  const words = useWords();
  const text = words.describeError(error);
  return (
    <div className={cx(css.state, compact && css.compact)} role="alert">
      <h3 className={css.failed}>
        <StatusMark state="danger" size={14} />
        {text.title}
      </h3>
      {text.why ? <p className={css.why}>{text.why}</p> : null}
      {text.fields.length > 0 ? (
        <ul className={css.hints}>
          {text.fields.map(({ field, said }) => (
            <li key={field}>
              <code>{visible(field)}</code> {said}
            </li>
          ))}
        </ul>
      ) : null}
      {text.hints.length === 1 ? <p>{text.hints[0]}</p> : null}
      {text.hints.length > 1 ? (
        <ul className={css.hints}>
          {text.hints.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ul>
      ) : null}
      <div className={css.stateActions}>
        {children}
        {onRetry ? (
          <Button small={compact} onClick={onRetry}>
            {words.tryAgain}
          </Button>
        ) : null}
        {/* Alone it stands on the left edge of the text, which a button without a border would miss. */}
        <Button
          small={compact}
          kind={onRetry ? "ghost" : "default"}
          onClick={() => void words.copyText(text.details)}
        >
          {words.copyDetails}
        </Button>
      </div>
    </div>
  );
}

/** True once `ms` have passed: nothing flashes for what comes at once. */
function useAfter(ms: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return passed;
}

const widths = [
  [62, 96],
  [76, 110],
  [52, 86],
];

/** Rows of the height the real ones will have, after 200 ms, without shimmer. */
export function Skeleton({ rows = 3, rowHeight = 32 }: { rows?: number; rowHeight?: number }) {
  const words = useWords();
  const late = useAfter(200);
  return (
    <div role="status" aria-label={words.loading} aria-busy="true" className={css.skeleton}>
      {late
        ? Array.from({ length: rows }, (_, index) => {
            const [first, second] = widths[index % widths.length] ?? [60, 90];
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows without content
              <div key={index} className={css.skeletonRow} style={{ height: rowHeight }}>
                <span style={{ width: 12, borderRadius: 6, height: 12 }} />
                <span style={{ width: first }} />
                <span style={{ width: second }} />
                <span style={{ width: 36, marginLeft: "auto" }} />
              </div>
            );
          })
        : null}
    </div>
  );
}

/** The part of a TanStack query this needs. */
export interface QueryLike<Data> {
  data: Data | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/**
 * The four honest states of something asked once: skeleton, error, empty, and the data. An error beside older data
 * keeps the data readable and says so above it.
 */
export function QueryView<Data>({
  query,
  children,
  isEmpty,
  empty,
  skeleton,
}: {
  query: QueryLike<Data>;
  children: (data: Data) => ReactNode;
  isEmpty?: ((data: Data) => boolean) | undefined;
  empty?: ReactNode;
  skeleton?: ReactNode;
}) {
  const words = useWords();
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    if (query.error) return <ErrorState error={query.error} onRetry={retry} />;
    return skeleton ?? <Skeleton />;
  }
  const body = empty !== undefined && isEmpty?.(query.data) ? empty : children(query.data);
  if (!query.error) return body;
  const text = words.describeError(query.error);
  return (
    <>
      <Bar
        kind="problem"
        title={text.title}
        actions={
          <Button small onClick={retry}>
            {words.retryNow}
          </Button>
        }
      >
        {text.why}
      </Bar>
      {body}
    </>
  );
}

export type FeedState =
  | { state: "loading" }
  | { state: "live" }
  | { state: "stale"; since: string; retry_at: string | null; reason: string }
  | { state: "error"; error: unknown };

/** The part of a feed this needs. */
export interface FeedLike<Row> {
  rows: Row[];
  state: FeedState;
  retry: () => void;
}

/** The four honest states of live rows. "None" is said only once the first list is complete. */
export function FeedView<Row>({
  feed,
  children,
  empty,
  skeleton,
  staleText,
}: {
  feed: FeedLike<Row>;
  children: (rows: Row[], stale: boolean) => ReactNode;
  empty?: ReactNode;
  skeleton?: ReactNode;
  /** Says what can not be reached, without a full stop. Default: the reason the feed gives. */
  staleText?: string | undefined;
}) {
  const { state, rows } = feed;
  if (state.state === "error" && rows.length === 0) {
    return <ErrorState error={state.error} onRetry={feed.retry} />;
  }
  if (state.state === "loading" && rows.length === 0) return skeleton ?? <Skeleton />;
  const stale = state.state !== "live";
  const body =
    rows.length === 0 && (state.state === "live" || state.state === "stale") && empty !== undefined
      ? empty
      : children(rows, stale);
  return (
    <>
      {state.state === "stale" ? (
        <StaleBar
          since={state.since}
          retryAt={state.retry_at}
          text={staleText ?? state.reason}
          onRetry={feed.retry}
        />
      ) : null}
      {state.state === "error" ? <FeedError error={state.error} onRetry={feed.retry} /> : null}
      {body}
    </>
  );
}

/** "As of 12:03: … retrying in 8 s." */
export function StaleBar({
  since,
  retryAt,
  text,
  onRetry,
}: {
  since: string;
  retryAt: string | null;
  text: string;
  onRetry?: (() => void) | undefined;
}) {
  const words = useWords();
  const now = useNow(1000);
  const seconds = retryAt
    ? Math.max(0, Math.round((new Date(retryAt).getTime() - now.getTime()) / 1000))
    : null;
  return (
    <Bar
      kind="stale"
      title={words.staleSince(new Date(since))}
      actions={
        onRetry ? (
          <Button small onClick={onRetry}>
            {words.retryNow}
          </Button>
        ) : undefined
      }
    >
      {seconds === null ? words.unreached(text) : words.unreachedRetrying(text, seconds)}{" "}
      <span className={css.subtle}>{words.lastKnown}</span>
    </Bar>
  );
}

function FeedError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const words = useWords();
  const text = words.describeError(error);
  return (
    <Bar
      kind="problem"
      title={text.title}
      actions={
        <Button small onClick={onRetry}>
          {words.retryNow}
        </Button>
      }
    >
      {text.why}
    </Bar>
  );
}
