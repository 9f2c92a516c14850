import type { ReactNode } from "react";
import { useFormat, useText } from "~/i18n";
import { Chart } from "~/kit";
import type { ReleaseView } from "~/wire/types";
import { type Lines, marksOf, namesOf } from "./usage";

/** One figure of both versions of a release, over time. */
export function Figure({
  view,
  title,
  note,
  aside,
  lines,
  say,
}: {
  view: ReleaseView;
  title: string;
  /** Beside the title. */
  note?: ReactNode;
  aside?: ReactNode;
  lines: Lines;
  /** A value with its unit. */
  say: (value: number) => string;
}) {
  const text = useText();
  const format = useFormat();
  const names = namesOf(view, text);
  const ends = (["old", "fresh"] as const).flatMap((of) => {
    const value = lines[of].findLast((one) => one !== null);
    return value === undefined || value === null ? [] : [`${names[of]} ${say(value)}`];
  });
  return (
    <Chart
      title={
        <>
          <strong>{title}</strong>
          {note}
        </>
      }
      label={`${title}: ${format.list(ends)}`}
      aside={aside}
      times={lines.times}
      series={[
        { name: names.old, tone: "old", values: lines.old },
        { name: names.fresh, tone: "new", values: lines.fresh },
      ]}
      marks={marksOf(view, text, format)}
      format={say}
      formatAxis={(value) => format.number(value)}
      formatTime={(at) => format.time(at)}
    />
  );
}
