import { cx } from "./cx";
import css from "./Sparkline.module.css";

/** 48×16, from zero, with a maximum that is the same for all rows, so that they compare. `null` is a gap. */
export function Sparkline({
  values,
  max,
  label,
  tone = "old",
  width = 48,
}: {
  values: (number | null)[];
  max: number;
  /** What is drawn and its present value, for a reader. */
  label: string;
  tone?: "old" | "new" | "warn";
  width?: number;
}) {
  const height = 16;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const runs: { x: number; y: number }[][] = [];
  let run: { x: number; y: number }[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) {
      if (run.length > 0) runs.push(run);
      run = [];
    } else {
      const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
      run.push({ x: index * step, y: height - 1 - share * (height - 2) });
    }
  }
  if (run.length > 0) runs.push(run);
  return (
    <svg
      className={cx(css.spark, css[tone])}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      {runs.map((points) => {
        const line = points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
        const from = points[0]?.x ?? 0;
        const to = points.at(-1)?.x ?? 0;
        return (
          <g key={from}>
            <path d={`M${from} ${height}L${line}L${to} ${height}Z`} className={css.area} />
            <path d={`M${line}`} className={css.line} />
          </g>
        );
      })}
    </svg>
  );
}
