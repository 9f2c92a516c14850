import { useState } from "react";
import { ask, useCall } from "~/data";
import type { Narrow, ReleasePage, ReleaseRow, ReleaseState } from "~/wire/types";

const PAGE = 100;

export interface HistoryFilter {
  app: string;
  last: boolean;
  group: string | null;
  narrow: Narrow;
}

const DAYS: Record<string, number> = { today: 0, week: 6, month: 29, quarter: 89 };
/** How far back a history can be narrowed to. */
export const spans = Object.keys(DAYS);

/** The midnight at which a span begins: the same for all of a day, so that an answer stays good. */
export function sinceOf(span: string | undefined, now: Date): string | null {
  const days = span === undefined ? undefined : DAYS[span];
  if (days === undefined) return null;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).toISOString();
}

/** What has been read of the pages below the first one. */
interface Older {
  key: string;
  rows: ReleaseRow[];
  past: ReleasePage["past"];
  more: boolean;
}

/**
 * Rows known of a history whose first page moves on by itself: those of the first page as they are now, then what was
 * read before and does not stand there.
 */
export function mergeRows(
  first: readonly ReleaseRow[],
  older: readonly ReleaseRow[],
): ReleaseRow[] {
  const there = new Set(first.map(({ id }) => id));
  return [...first, ...older.filter(({ id }) => !there.has(id))];
}

/** The history, read on page by page; the first page is asked again whenever a release changes. */
export function useHistory(filter: HistoryFilter) {
  const query = useCall("release_list", { ...filter, before: null, limit: PAGE });
  const key = JSON.stringify(filter);
  const [older, setOlder] = useState<Older | null>(null);
  const [reading, setReading] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const below = older?.key === key ? older : null;
  const first = query.data;
  const rows = first ? mergeRows(first.rows, below?.rows ?? []) : [];
  const past: Record<string, ReleaseState[]> = { ...below?.past, ...first?.past };
  const more = below ? below.more : (first?.more ?? false);

  const readMore = async () => {
    const last = rows.at(-1);
    if (!last || !more || reading) return;
    setReading(true);
    setError(null);
    try {
      const page = await ask("release_list", { ...filter, before: last.id, limit: PAGE });
      setOlder({
        key,
        rows: mergeRows(rows, page.rows),
        past: { ...past, ...page.past },
        more: page.more,
      });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setReading(false);
    }
  };
  return { query, rows, past, total: first?.total ?? 0, more, reading, error, readMore };
}
