import { cx } from "../cx";
import css from "./Chart.module.css";
import { timesOf } from "./scale";

/** Between the names of two times, px. */
const TIMES = 84;

interface Room {
  /** Where the lines begin and end, px. */
  left: number;
  right: number;
}

/** The horizontals with their values, and the times below. */
export function Axes({
  left,
  right,
  height,
  lines,
  from,
  to,
  x,
  y,
  formatAxis,
  formatTime,
}: Room & {
  height: number;
  lines: readonly number[];
  /** Ms since 1970. */
  from: number;
  to: number;
  x: (time: number) => number;
  y: (value: number) => number;
  formatAxis: (value: number) => string;
  formatTime: (at: Date) => string;
}) {
  return (
    <>
      {lines.map((value) => (
        <g key={value}>
          <line className={css.grid} x1={left} x2={right} y1={y(value)} y2={y(value)} />
          <text x={left - 8} y={y(value)} className={css.ofValue}>
            {formatAxis(value)}
          </text>
        </g>
      ))}
      {timesOf(from, to, (right - left) / TIMES).map((time) => (
        <text key={time} x={x(time)} y={height - 6} className={css.ofTime}>
          {formatTime(new Date(time))}
        </text>
      ))}
    </>
  );
}

export interface Bound {
  kind: "request" | "limit";
  value: number;
  label: string;
}

/** What is asked for, dashed, and what is the most, each with its name at its end. */
export function Bounds({
  left,
  right,
  bounds,
  highest,
  y,
  nameY,
}: Room & {
  bounds: readonly Bound[];
  /** Of all that is drawn: a bound below it is crossed. */
  highest: number;
  y: (value: number) => number;
  nameY: (at: number, value: number) => number;
}) {
  return (
    <>
      {bounds.map(({ kind, value, label }, at) => (
        <g key={kind}>
          <line
            className={cx(css.bound, kind === "request" && css.dashed, value < highest && css.over)}
            x1={left}
            x2={right}
            y1={y(value)}
            y2={y(value)}
          />
          <text x={right + 8} y={nameY(at, value)} className={css.ofBound}>
            {label}
          </text>
        </g>
      ))}
    </>
  );
}
