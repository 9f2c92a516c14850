import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { type Catalogue, type Format, useFormat, useText } from "~/i18n";
import { Button, type MarkState, StatusMark, visible } from "~/kit";
import { isKnown } from "~/kit/live";
import type { GroupLive } from "~/wire/types";
import css from "./app.module.css";
import type { Waiting } from "./waiting";

const marks: Record<Waiting["kind"], MarkState> = {
  stopped: "danger",
  failed: "danger",
  resting: "resting",
  draft: "danger",
  empty: "danger",
  degraded: "warn",
  cluster: "stale",
  moving: "rolling",
};

/** What waits for the person: one sentence and one button each. */
export function WaitingList({
  app,
  waiting,
  live,
}: {
  app: string;
  waiting: Waiting[];
  live: ReadonlyMap<string, GroupLive>;
}) {
  const text = useText();
  const format = useFormat();
  if (waiting.length === 0) return null;
  return (
    <ul className={css.waiting} aria-label={text.app.waiting}>
      {waiting.map((one) => {
        const line = lineOf(one, app, live, text, format);
        return (
          <li key={line.key} className={css.line}>
            <StatusMark state={marks[one.kind]} size={14} />
            <strong className={css.about}>{line.about}</strong>
            <p className={css.sentence}>
              {line.says} <span className={css.subtle}>{line.more}</span>
            </p>
            <Button
              small
              kind={one.kind === "resting" || one.kind === "stopped" ? "tint" : "default"}
              render={line.link}
              aria-label={`${line.button}: ${line.about}`}
            >
              {line.button}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

interface Line {
  key: string;
  about: string;
  says: string;
  more: string;
  button: string;
  link: ReactElement<Record<string, unknown>>;
}

function lineOf(
  one: Waiting,
  app: string,
  live: ReadonlyMap<string, GroupLive>,
  text: Catalogue,
  format: Format,
): Line {
  const words = text.app;
  if (one.kind === "cluster") {
    const { session } = one.cluster;
    return {
      key: `cluster:${one.cluster.id}`,
      about: one.cluster.name,
      says: session.state === "sign_in_needed" ? words.signInNeeded : words.unreachable,
      more: join([
        "since" in session ? words.since(format.time(session.since)) : "",
        words.groupsThere(format.number(one.groups)),
      ]),
      button: words.toClusters,
      link: <Link to="/clusters" search={{ open: one.cluster.id }} />,
    };
  }
  const { group } = one;
  const about = group.name;
  if (one.kind === "draft") {
    return {
      key: `draft:${group.id}`,
      about,
      says: words.draftErrors(format.number(group.errors)),
      more: join([words.blocksRelease]),
      button: words.open,
      link: <Link to="/app/$app/groups/$group" params={{ app, group: group.id }} />,
    };
  }
  if (one.kind === "empty") {
    return {
      key: `empty:${group.id}`,
      about,
      says: emptyKeys(one.keys, text, format),
      more: join([words.blocksRelease]),
      button: words.fillIn,
      link: (
        <Link to="/app/$app/config" params={{ app }} search={{ show: "values", group: group.id }} />
      ),
    };
  }
  if (one.kind === "degraded") {
    return {
      key: `degraded:${group.id}`,
      about,
      says: words.fewerReady(format.number(one.live.ready), format.number(one.live.desired)),
      more: "",
      button: words.toRunning,
      link: <Link to="/app/$app/running/$group" params={{ app, group: group.id }} />,
    };
  }
  const { release } = one;
  const number = release.seq === null ? words.unnumbered : `r${release.seq}`;
  const now = live.get(group.id);
  const says = {
    stopped: words.releaseStopped,
    failed: words.releaseFailed,
    resting: words.releaseRests,
    moving: words.releaseMoves,
  }[one.kind];
  const from = release.from_version;
  return {
    key: `release:${release.id}`,
    about,
    says: says(number),
    more: join([
      from && from !== release.to_version
        ? words.change(visible(from), visible(release.to_version))
        : visible(release.to_version),
      words.begun(format.dateTime(release.created)),
      now && isKnown(now) && !now.stale_since
        ? words.readyOf(format.number(now.ready), format.number(now.desired))
        : "",
    ]),
    button: {
      stopped: words.seeDiagnosis,
      failed: words.seeDiagnosis,
      resting: words.review,
      moving: words.watch,
    }[one.kind],
    link: <Link to="/app/$app/releases/$release" params={{ app, release: release.id }} />,
  };
}

/** Keys named before the rest is only counted. */
const NAMED = 2;

function emptyKeys(keys: readonly string[], text: Catalogue, format: Format): string {
  const named = keys.slice(0, NAMED).map(visible);
  const rest = keys.length - named.length;
  const all = rest > 0 ? [...named, text.app.moreKeys(format.number(rest))] : named;
  return text.app.keysEmpty(keys.length, format.list(all));
}

function join(parts: string[]): string {
  return parts
    .filter(Boolean)
    .map((part) => `· ${part}`)
    .join(" ");
}
