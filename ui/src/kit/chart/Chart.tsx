import type { ReactNode } from "react";
import { cx } from "../cx";
import { Axes, type Bound, Bounds } from "./Axes";
import css from "./Chart.module.css";
import { apart, grid } from "./scale";
import { useWidth } from "./useWidth";

export interface ChartSeries {
  name: string;
  tone: "old" | "new";
  /** One for each time; `null` where nothing is known. */
  values: readonly (number | null)[];
}

export interface ChartProps {
  title: ReactNode;
  /** What is drawn, with where its lines end, for a reader. */
  label: string;
  /** Beside the title: what stands for all of it. */
  aside?: ReactNode;
  times: readonly Date[];
  series: readonly ChartSeries[];
  /** Horizontals with their names: what is asked for, dashed, and what is the most. */
  bounds?: readonly Bound[];
  /** Dashed verticals. */
  marks?: readonly { at: Date; label: string }[];
  /** At the end of a line, with its unit … */
  format: (value: number) => string;
  /** … and on the axis, without it. */
  formatAxis: (value: number) => string;
  formatTime: (at: Date) => string;
}

const HEIGHT = 190;
/** Room around the lines, px: for the names of marks, of lines at their ends, and of the axes. */
const ROOM = { top: 16, right: 116, bottom: 22, left: 44 };
/** Between the names of two lines and of two marks, px. */
const NAMES = 15;
const MARKS = 64;

/** Lines over time from zero, each with its name at its end instead of a legend. */
export function Chart({
  title,
  label,
  aside,
  times,
  series,
  bounds = [],
  marks = [],
  format,
  formatAxis,
  formatTime,
}: ChartProps) {
  const [box, width] = useWidth();
  const right = Math.max(ROOM.left + 1, width - ROOM.right);
  const bottom = HEIGHT - ROOM.bottom;
  const from = times[0]?.getTime() ?? 0;
  const to = Math.max(from + 1, times.at(-1)?.getTime() ?? 0);
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const highest = Math.max(0, ...known);
  // A bound far above would press everything to the ground.
  const near = bounds.filter(({ value }) => value <= highest * 4);
  const lines = grid(Math.max(highest, ...near.map(({ value }) => value)));
  const most = lines.at(-1) ?? 1;
  const x = (at: number) => ROOM.left + ((at - from) / (to - from)) * (right - ROOM.left);
  const y = (value: number) => bottom - (value / most) * (bottom - ROOM.top);
  const pointsOf = ({ values }: ChartSeries) =>
    values.flatMap((value, at) => {
      const time = times[at];
      return value === null || !time ? [] : [{ x: x(time.getTime()), y: y(value), value }];
    });
  const drawn = series.map((one) => ({ ...one, points: pointsOf(one) }));
  const ends = drawn.flatMap(({ points, name, tone }) => {
    const end = points.at(-1);
    return end ? [{ ...end, name, tone }] : [];
  });
  const places = apart([...ends.map(({ y }) => y), ...near.map(({ value }) => y(value))], NAMES);
  const inSight = marks
    .map(({ at, label }) => ({ label, x: x(at.getTime()) }))
    .filter(({ x }) => x >= ROOM.left && x <= right);
  const room = { left: ROOM.left, right };
  const formats = { height: HEIGHT, formatAxis, formatTime };
  return (
    <figure className={css.chart}>
      <figcaption className={css.title}>
        {title}
        <span className={css.aside}>{aside}</span>
      </figcaption>
      <div ref={box}>
        <svg width="100%" height={HEIGHT} role="img" aria-label={label} className={css.picture}>
          <Axes {...room} lines={lines} from={from} to={to} x={x} y={y} {...formats} />
          {inSight.map(({ label, x }, at) => (
            <g key={label}>
              <line className={css.mark} x1={x} x2={x} y1={ROOM.top - 12} y2={bottom} />
              {/* Without room before the next one, its name stands with the batches only. */}
              {(inSight[at + 1]?.x ?? Number.POSITIVE_INFINITY) - x >= MARKS ? (
                <text x={x + 4} y={ROOM.top - 6} className={css.ofMark}>
                  {label}
                </text>
              ) : null}
            </g>
          ))}
          <Bounds
            {...room}
            bounds={near}
            highest={highest}
            y={y}
            nameY={(at) => places[ends.length + at] ?? 0}
          />
          {drawn.map(({ name, tone, points }) => (
            <polyline
              key={name}
              className={cx(css.line, css[tone])}
              points={points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")}
            />
          ))}
          {ends.map(({ name, tone, x, y, value }, at) => (
            <g key={name} className={css[tone]}>
              <circle cx={x} cy={y} r={2.5} />
              <text x={right + 8} y={places[at]} className={css.ofLine}>
                {name} {format(value)}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}
