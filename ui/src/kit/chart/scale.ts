/** Steps of an axis, in units of a power of ten. */
const STEPS = [1, 2, 2.5, 4, 5, 8, 10];
/** Grid lines above zero. */
const LINES = 3;

/** Where the grid lines of an axis from zero are: the last is its end, above the largest value. */
export function grid(most: number): number[] {
  if (most <= 0) return [0, 1];
  const least = (most * 1.05) / LINES;
  const unit = 10 ** Math.floor(Math.log10(least));
  const step = (STEPS.find((step) => step * unit >= least) ?? 10) * unit;
  return Array.from({ length: LINES + 1 }, (_, at) => at * step);
}

/** Lengths between two names on the axis of time, minutes. */
const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440];
const MINUTE = 60_000;

/** Times that are named on an axis, at most so many: round ones in the time zone of whoever looks. */
export function timesOf(from: number, to: number, most: number): number[] {
  const minutes = MINUTES.find((minutes) => (to - from) / (minutes * MINUTE) <= most) ?? 1440;
  const step = minutes * MINUTE;
  const zone = new Date(from).getTimezoneOffset() * MINUTE;
  const named: number[] = [];
  for (let at = Math.ceil((from - zone) / step) * step + zone; at <= to; at += step) named.push(at);
  return named;
}

/** Places of labels that are at least `least` apart, each as near to where it belongs as the others let it. */
export function apart(places: readonly number[], least: number): number[] {
  const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  const moved = [...places];
  for (const [at, { index }] of order.entries()) {
    const above = order[at - 1];
    if (!above) continue;
    const gap = (moved[index] ?? 0) - (moved[above.index] ?? 0);
    if (gap >= least) continue;
    moved[above.index] = (moved[above.index] ?? 0) - (least - gap) / 2;
    moved[index] = (moved[above.index] ?? 0) + least;
  }
  return moved;
}
