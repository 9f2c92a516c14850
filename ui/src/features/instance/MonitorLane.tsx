import { Link, useParams } from "@tanstack/react-router";
import { useFormat, useText } from "~/i18n";
import { visible } from "~/kit";
import type { Monitor, PodSeries } from "~/wire/types";
import { shareOf, spanOfRelease } from "./monitor";
import css from "./monitor.module.css";

/** What happened under the pictures, on their clock: releases as bars, restarts of containers as diamonds. */
export function MonitorLane({ monitor, pods }: { monitor: Monitor; pods: PodSeries[] }) {
  const text = useText();
  const words = text.monitor;
  const format = useFormat();
  const { app = "" }: { app?: string } = useParams({ strict: false });
  const from = Date.parse(monitor.times[0] ?? monitor.to);
  const to = Date.parse(monitor.times.at(-1) ?? monitor.to);
  const names = new Set(pods.map(({ pod }) => pod));
  const restarts = monitor.restarts.filter(({ pod }) => names.has(pod));
  if (monitor.releases.length === 0 && restarts.length === 0) return null;
  return (
    <div className={css.lanes}>
      <ul className={css.lane} aria-label={words.releases}>
        {monitor.releases.map((release) => {
          const { begin, end } = spanOfRelease(release, from, to);
          const number = release.seq === null ? "–" : `r${release.seq}`;
          const said =
            release.back_to === null
              ? words.release(number, visible(release.version), text.release.state[release.state])
              : words.releaseBack(number, visible(release.version));
          return (
            <li
              key={release.id}
              className={css.release}
              data-back={release.back_to === null ? undefined : ""}
              style={{ left: `${begin * 100}%`, width: `${(end - begin) * 100}%` }}
            >
              <Link
                to="/app/$app/releases/$release"
                params={{ app, release: release.id }}
                aria-label={said}
                title={`${said} · ${format.exact(release.from)}`}
              />
            </li>
          );
        })}
      </ul>
      <ul className={css.lane} aria-label={words.restarts}>
        {restarts.map((restart) => {
          const said = words.restart(
            visible(restart.pod).slice(-5),
            format.number(restart.count),
            format.dateTime(restart.at),
            restart.oom,
          );
          return (
            <li
              key={`${restart.pod}/${restart.at}`}
              className={css.restart}
              style={{ left: `${shareOf(restart.at, from, to) * 100}%` }}
            >
              <span role="img" aria-label={said} title={said} />
            </li>
          );
        })}
      </ul>
      <p className={css.legend}>
        <span className={css.release} /> {words.legendRelease} <span className={css.restart} />{" "}
        {words.legendRestart}
      </p>
    </div>
  );
}
