import { Link } from "@tanstack/react-router";
import { useFeed } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { cx, EnvTag, PodCells, StatusMark, useKeepFocus, VersionChange, visible } from "~/kit";
import { cellState } from "~/kit/health";
import type { CarView, ReleaseRow, TrainView } from "~/wire/types";
import { Batches } from "../Batches";
import { usePods } from "../pods";
import { hasEnded, tookMs } from "../state";
import { EarlierButton, SkipButton } from "./actions";
import { CarFigures } from "./CarFigures";
import { CarPlan } from "./CarPlan";
import css from "./page.module.css";
import { SoakRow } from "./SoakRow";
import { carMark, isOver, sayEarliest } from "./words";

/** Groups and soaks along one line, teal as far as the train went. */
export function CarList({ view, app, now }: { view: TrainView; app: string; now: Date }) {
  const words = useText().release.train;
  return (
    <ol className={css.cars} aria-label={words.cars}>
      {view.cars.map((car, at) => (
        <li key={car.group}>
          {at > 0 ? <SoakRow view={view} at={at} now={now} /> : null}
          <Car view={view} car={car} app={app} now={now} />
        </li>
      ))}
    </ol>
  );
}

function Car({ view, car, app, now }: { view: TrainView; car: CarView; app: string; now: Date }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.train;
  const { release } = car;
  const waiting = car.state === "waiting";
  const here = view.watched === car.group && release !== null && !hasEnded(release.state);
  const to = view.row.version;
  const name = visible(car.name);
  const part = useKeepFocus<HTMLElement>();
  return (
    <section
      ref={part}
      className={cx(css.car, here && css.here, release && css.went)}
      aria-label={name}
    >
      <StatusMark className={css.mark} state={carMark(car)} size={14} />
      <div className={css.carHead}>
        <h3 className={css.carName}>{name}</h3>
        <EnvTag colour={car.environment.colour}>
          {environmentWord(car.environment.name, text)}
        </EnvTag>
        <span className={css.subtle}>
          {car.cluster === null ? words.unknownCluster : visible(car.cluster)}
        </span>
        <VersionChange from={car.version} to={to} moving={release !== null} />
        <span className={css.carAside}>
          {release ? <Times release={release} now={now} /> : null}
          {release ? (
            <Link
              to="/app/$app/releases/$release"
              params={{ app, release: release.id }}
              aria-label={words.openRelease(`r${release.seq ?? "–"}`, name)}
            >
              {release.seq === null ? text.release.unnumbered : `r${release.seq}`}
            </Link>
          ) : null}
          {waiting && !isOver(view.row.state) ? (
            <span className={css.subtle}>{sayEarliest(view, car, now, text, format)}</span>
          ) : null}
          {waiting && !isOver(view.row.state) ? (
            <EarlierButton view={view} group={car.group} />
          ) : null}
          {car.skippable ? <SkipButton view={view} car={car} /> : null}
        </span>
      </div>
      {waiting && car.cluster !== null && !isOver(view.row.state) ? (
        <CarPlan view={view} car={car} />
      ) : (
        <p className={cx(css.carText, here && css.hereText)}>
          {release
            ? text.release.state[release.state]
            : words.car[car.state === "skipped" ? "skipped" : "waiting"]}
        </p>
      )}
      {car.cluster === null ? null : release ? (
        <>
          <ReleasePods app={app} release={release} />
          <CarFigures release={release.id} />
        </>
      ) : waiting && !isOver(view.row.state) ? null : (
        <Pods app={app} group={car.group} />
      )}
    </section>
  );
}

function Times({ release, now }: { release: ReleaseRow; now: Date }) {
  const format = useFormat();
  const words = useText().release.train;
  return (
    <span className={css.subtle}>
      {release.ended
        ? words.betweenTimes(
            format.dateTime(release.created, now),
            format.time(release.ended),
            format.duration(tookMs(release, now)),
          )
        : words.restsSince(format.dateTime(release.created, now))}
    </span>
  );
}

/** The batches of a group with their pods, where it moves in batches. */
function ReleasePods({ app, release }: { app: string; release: ReleaseRow }) {
  const view = useFeed({ kind: "release", release: release.id }).byId.get(release.id);
  const { known, fresh, old, stale } = usePods(view?.batches.length ? view : undefined);
  if (view && view.batches.length > 0 && known) {
    return <Batches aside view={view} fresh={fresh} old={old} stale={stale} />;
  }
  return <Pods app={app} group={release.group} />;
}

/** What runs of a group just now: teal is the version that this train brings, once it is there. */
function Pods({ app, group }: { app: string; group: string }) {
  const live = useFeed({ kind: "groups", app }).byId.get(group);
  if (!live || live.cells.length === 0) return null;
  return (
    <PodCells
      size="large"
      pods={live.cells.map((cell) => ({ state: cellState(cell, live.stale_since !== null) }))}
    />
  );
}
