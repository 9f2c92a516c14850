import { useCall } from "~/data";
import { type Format, useFormat, useText } from "~/i18n";
import { comparedOf, isMeasured, lastOf, linesOf } from "../usage";
import css from "./page.module.css";

/** What a pod of a group uses, before and after, and how often its containers started again. */
export function CarFigures({ release }: { release: string }) {
  const format = useFormat();
  const words = useText().release.train.uses;
  const usage = useCall("release_usage", release, { keep: true }).data;
  const fresh = usage ? lastOf(usage, true) : undefined;
  if (!usage || !fresh) return null;
  const rows = [
    ...(isMeasured(usage)
      ? [
          {
            name: words.cpu,
            value: between(
              comparedOf(linesOf(usage.points, ({ cpu_milli: cpu }) => cpu)),
              (value) => format.cpu(value),
            ),
          },
          {
            name: words.memory,
            value: between(
              comparedOf(linesOf(usage.points, ({ memory_bytes: bytes }) => bytes)),
              (value) => format.bytes(value),
            ),
          },
        ]
      : []),
    { name: words.restarts, value: format.number(fresh.restarts) },
  ];
  return (
    <dl className={css.planLine}>
      {rows.map(({ name, value }) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function between(
  { was, is }: { was: number | null; is: number | null },
  say: (value: number) => ReturnType<Format["number"]>,
): string | null {
  if (is === null) return null;
  return was === null ? say(is) : `${say(was)} → ${say(is)}`;
}
