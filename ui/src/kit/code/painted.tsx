import type { ReactNode } from "react";
import { cx } from "../cx";
import { visible } from "../text";
import type { Colour } from "./parser";

/** A line in its colours, with the words that differ marked by a class. */
export function painted(
  text: string,
  spans: readonly Colour[],
  words: readonly [number, number][],
  mark: string | undefined,
): ReactNode {
  if (words.length === 0 && spans.length === 0) return visible(text);
  const cuts = new Set([0, text.length]);
  for (const [from, to] of words) cuts.add(from).add(to);
  for (const [from, to] of spans) cuts.add(from).add(to);
  const sorted = [...cuts].filter((cut) => cut <= text.length).sort((one, other) => one - other);
  return sorted.slice(0, -1).map((from, at) => {
    const to = sorted[at + 1] ?? text.length;
    const name = spans.find((span) => span[0] <= from && to <= span[1])?.[2];
    const part = visible(text.slice(from, to));
    return words.some((word) => word[0] <= from && to <= word[1]) ? (
      <mark key={from} className={cx(mark, name)}>
        {part}
      </mark>
    ) : (
      <span key={from} className={name}>
        {part}
      </span>
    );
  });
}
