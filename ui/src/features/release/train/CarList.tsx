import { Link } from "@tanstack/react-router";
import { useFeed } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { cx, EnvTag, PodCells, StatusMark, useKeepFocus, VersionChange, visible } from "~/kit";
import { cellState } from "~/kit/health";
import type { CarView, ReleaseRow, ReleaseView, TrainView } from "~/wire/types";
import { Batches } from "../Batches";
import { restFacts } from "../batches";
import { usePods } from "../pods";
import { hasEnded, stateWord, tookMs } from "../state";
import { EarlierButton, SkipButton } from "./actions";
import { CarFigures } from "./CarFigures";
import { CarPlan } from "./CarPlan";
import type { Releases } from "./events";
import css from "./page.module.css";
import { SoakRow } from "./SoakRow";
import { carMark, isOver, sayEarliest } from "./words";

/** Groups and soaks along one line, teal as far as the train went. */
export function CarList({
  view,
  releases,
  app,
  now,
}: {
  view: TrainView;
  releases: Releases;
  app: string;
  now: Date;
}) {
  const words = useText().release.train;
  return (
    <ol className={css.cars} aria-label={words.cars}>
      {view.cars.map((car, at) => (
        <li key={car.group}>
          {at > 0 ? <SoakRow view={view} at={at} now={now} /> : null}
          <Car view={view} releases={releases} car={car} app={app} now={now} />
        </li>
      ))}
    </ol>
  );
}

function Car({
  view,
  releases,
  car,
  app,
  now,
}: {
  view: TrainView;
  releases: Releases;
  car: CarView;
  app: string;
  now: Date;
}) {
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
      {release ? (
        <Begun
          app={app}
          car={car}
          row={release}
          release={releases.get(release.id)}
          here={here}
          now={now}
        />
      ) : waiting && car.cluster !== null && !isOver(view.row.state) ? (
        <CarPlan view={view} car={car} />
      ) : (
        <>
          <p className={css.carText}>
            {words.car[car.state === "skipped" ? "skipped" : "waiting"]}
          </p>
          {car.cluster === null ? null : <Pods app={app} group={car.group} />}
        </>
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

/** A group that has begun: how it stands, its batches with their pods where it moves in batches, and what they use. */
function Begun({
  app,
  car,
  row,
  release,
  here,
  now,
}: {
  app: string;
  car: CarView;
  row: ReleaseRow;
  /** Nothing before it is told. */
  release: ReleaseView | undefined;
  here: boolean;
  now: Date;
}) {
  const text = useText();
  const format = useFormat();
  const linked = car.cluster !== null;
  const { fresh, old, known, stale } = usePods(linked ? release : undefined);
  const inBatches = release !== undefined && release.batches.length > 0;
  // What a group that is done went through stays readable when nothing is told of its pods.
  const drawn = inBatches && (known || hasEnded(row.state));
  const waits = release ? restFacts(release, now, text, format) : null;
  const runs =
    release && fresh.length > 0 && row.state === "succeeded"
      ? text.release.batched.reached(
          format.number(fresh.length),
          format.number(release.count),
          visible(row.to_version),
        )
      : null;
  return (
    <>
      <p className={cx(css.carText, here && css.hereText)}>
        {[release ? stateWord(release, text, format) : text.release.state[row.state], waits, runs]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {drawn ? (
        <Batches aside view={release} fresh={fresh} old={old} stale={stale} />
      ) : linked ? (
        <Pods app={app} group={car.group} />
      ) : null}
      {linked ? <CarFigures release={row.id} /> : null}
    </>
  );
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
