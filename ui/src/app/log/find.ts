import { useEffect, useState } from "react";
import { CallError, call } from "~/platform";
import type { LogFindAnswer, LogHit, LogLevel } from "~/wire/types";

export interface LogSearch {
  text: string;
  regex: boolean;
  case: boolean;
  sources: number[];
  levels: LogLevel[];
  /** Only what is found, with so many lines around it; null is everything. */
  only: number | null;
}

export const NO_SEARCH: LogSearch = {
  text: "",
  regex: false,
  case: false,
  sources: [],
  levels: [],
  only: null,
};

/** Whether only a part of the lines is shown. */
export function isFiltered(search: LogSearch): boolean {
  const chosen = search.sources.length > 0 || search.levels.length > 0;
  return chosen || (search.only !== null && search.text !== "");
}

/** How long typing rests before it is looked for. */
const REST_MS = 120;

/**
 * Tells the core what is looked for. Answers why the text is no regular expression, if so, and how often something else
 * was begun: lines are marked by what the core looks for.
 */
export function useFind(log: string, opened: boolean, search: LogSearch, from: () => number) {
  const [told, setTold] = useState<{ wrong: string | null; times: number }>({
    wrong: null,
    times: 0,
  });
  const key = JSON.stringify(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the search, and where it begins is asked then
  useEffect(() => {
    if (!opened) return;
    let gone = false;
    const timer = setTimeout(() => {
      call<LogFindAnswer>("log_find", {
        log,
        text: search.text,
        regex: search.regex,
        case: search.case,
        sources: search.sources,
        levels: search.levels,
        context: search.only ?? 0,
        from: from(),
      })
        .then(({ value }) => {
          if (!gone) setTold(({ times }) => ({ wrong: value.wrong, times: times + 1 }));
        })
        // A log that is closed looks for nothing.
        .catch(() => {});
    }, REST_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [log, opened, key]);
  return told;
}

/** The nearest line that is found, around the end where there is none further on. */
export async function nearest(log: string, from: number, forward: boolean): Promise<LogHit | null> {
  const ask = async (at: number) =>
    (await call<LogHit | null>("log_hit", { log, from: at, forward })).value;
  try {
    return (await ask(from)) ?? (await ask(forward ? 0 : Number.MAX_SAFE_INTEGER));
  } catch (thrown) {
    if (CallError.from(thrown).code === "not_found") return null;
    throw thrown;
  }
}
