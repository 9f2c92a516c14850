import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from "react";
import { cx } from "../cx";
import { Axes, type Bound, Bounds } from "./Axes";
import css from "./Chart.module.css";
import { grid } from "./scale";
import { useWidth } from "./useWidth";

export interface Layer {
  key: string;
  tone: "old" | "new";
  /** One for each time; `null` where nothing is known. */
  values: readonly (number | null)[];
}

export interface StackChartProps {
  title: ReactNode;
  /** What is drawn, with how much it is now, for a reader. */
  label: string;
  times: readonly Date[];
  /** From the bottom up. */
  layers: readonly Layer[];
  bounds?: readonly Bound[];
  /** Dashed verticals. */
  marks?: readonly Date[];
  format: (value: number) => string;
  formatAxis: (value: number) => string;
  formatTime: (at: Date) => string;
  /** Which time is pointed at, and what is said of it; shared by charts of the same times. */
  at: number | null;
  onAt: (at: number | null) => void;
  tip: (at: number) => ReactNode;
}

const HEIGHT = 220;
const ROOM = { top: 12, right: 96, bottom: 22, left: 48 };

/** What all of them take together, each as a layer: bounds lie over it, those far above are only named. */
export function StackChart(props: StackChartProps) {
  const { times, layers, bounds = [], marks = [], at, onAt } = props;
  const [box, width] = useWidth();
  const [shown, setShown] = useState(false);
  const sums = times.map((_, index) => {
    const known = layers.flatMap(({ values }) => values[index] ?? []);
    return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null;
  });
  const highest = Math.max(0, ...sums.map((sum) => sum ?? 0));
  // A bound far above would press everything to the ground.
  const near = bounds.filter(({ value }) => value <= highest * 2.5);
  const far = bounds.filter((bound) => !near.includes(bound));
  const lines = grid(Math.max(highest, ...near.map(({ value }) => value)));
  const most = lines.at(-1) ?? 1;
  const right = Math.max(ROOM.left + 1, width - ROOM.right);
  const bottom = HEIGHT - ROOM.bottom;
  const from = times[0]?.getTime() ?? 0;
  const to = Math.max(from + 1, times.at(-1)?.getTime() ?? 0);
  const x = (time: number) => ROOM.left + ((time - from) / (to - from)) * (right - ROOM.left);
  const y = (value: number) => bottom - (value / most) * (bottom - ROOM.top);
  const placeOf = (index: number) => x(times[index]?.getTime() ?? from);

  const areas = stack(layers, times.length);
  const last = sums.findLast((sum) => sum !== null) ?? null;

  const point = (event: PointerEvent<SVGSVGElement>) => {
    const place = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const share = (place - ROOM.left) / Math.max(1, right - ROOM.left);
    const index = Math.round(share * (times.length - 1));
    onAt(share < 0 || share > 1 ? null : Math.min(times.length - 1, Math.max(0, index)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onAt(Math.min(times.length - 1, Math.max(0, (at ?? times.length - 1) + step)));
  };

  const room = { left: ROOM.left, right };

  return (
    <figure className={css.chart}>
      <figcaption className={css.title}>
        {props.title}
        {far.length > 0 ? (
          <span className={cx(css.aside, css.far)}>
            {far.map(({ label }) => `${label} ↑`).join(" · ")}
          </span>
        ) : null}
      </figcaption>
      <div ref={box} className={css.place}>
        <svg
          width="100%"
          height={HEIGHT}
          role="img"
          aria-label={props.label}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrows read it point by point
          tabIndex={0}
          className={css.picture}
          onPointerMove={(event) => {
            setShown(true);
            point(event);
          }}
          onPointerLeave={() => {
            setShown(false);
            onAt(null);
          }}
          onFocus={() => setShown(true)}
          onBlur={() => {
            setShown(false);
            onAt(null);
          }}
          onKeyDown={onKeyDown}
        >
          <Axes
            {...room}
            height={HEIGHT}
            lines={lines}
            from={from}
            to={to}
            x={x}
            y={y}
            formatAxis={props.formatAxis}
            formatTime={props.formatTime}
          />
          {layers.map(({ key, tone }, index) => (
            <path
              key={key}
              className={cx(css.layer, css[tone], index % 2 === 1 && css.other)}
              d={areas[index]
                ?.map(
                  (run) =>
                    `M${run.map((one) => `${placeOf(one.at).toFixed(1)} ${y(one.to).toFixed(1)}`).join("L")}L${run
                      .toReversed()
                      .map((one) => `${placeOf(one.at).toFixed(1)} ${y(one.from).toFixed(1)}`)
                      .join("L")}Z`,
                )
                .join("")}
            />
          ))}
          <Bounds {...room} bounds={near} highest={highest} y={y} nameY={(_, value) => y(value)} />
          {marks.map((mark) => {
            const place = x(mark.getTime());
            return place >= ROOM.left && place <= right ? (
              <line
                key={mark.getTime()}
                className={css.mark}
                x1={place}
                x2={place}
                y1={ROOM.top}
                y2={bottom}
              />
            ) : null;
          })}
          {last === null ? null : (
            <text x={right + 8} y={y(last)} className={css.ofSum}>
              {props.format(last)}
            </text>
          )}
          {at === null ? null : (
            <line
              className={css.pointer}
              x1={placeOf(at)}
              x2={placeOf(at)}
              y1={ROOM.top}
              y2={bottom}
            />
          )}
        </svg>
        {at !== null && shown ? (
          <div
            className={css.tip}
            role="status"
            style={
              placeOf(at) > width / 2
                ? { right: width - placeOf(at) + 12 }
                : { left: placeOf(at) + 12 }
            }
          >
            {props.tip(at)}
          </div>
        ) : null}
      </div>
    </figure>
  );
}

interface Slice {
  at: number;
  from: number;
  to: number;
}

/** Where each layer lies over those below it, in runs without gaps. */
export function stack(layers: readonly Layer[], count: number): Slice[][][] {
  const ground = new Array<number>(count).fill(0);
  return layers.map(({ values }) => {
    const runs: Slice[][] = [];
    let run: Slice[] = [];
    for (let at = 0; at < count; at++) {
      const value = values[at] ?? null;
      if (value === null) {
        if (run.length > 0) runs.push(run);
        run = [];
      } else {
        const from = ground[at] ?? 0;
        ground[at] = from + value;
        run.push({ at, from, to: from + value });
      }
    }
    if (run.length > 0) runs.push(run);
    return runs;
  });
}
