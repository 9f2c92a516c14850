import { useEffect, useState } from "react";

/** The value once it has not changed for so long: a check need not follow every key. */
export function useSettled<Value>(value: Value, ms: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** Which fields a person has been at. Nobody is told off for a field they have not reached yet. */
export interface Touched {
  paths: ReadonlySet<string>;
  /** After the first attempt to save every field counts. */
  all: boolean;
}

export const untouched: Touched = { paths: new Set(), all: false };

export function touch(touched: Touched, path: string): Touched {
  return touched.paths.has(path)
    ? touched
    : { ...touched, paths: new Set(touched.paths).add(path) };
}

/** The rows of a list below a removed one move up, and what is known of them moves along. */
export function afterRemoval(touched: Touched, list: string, at: number): Touched {
  const paths = new Set<string>();
  for (const path of touched.paths) {
    const [index, ...rest] = path.startsWith(`${list}.`)
      ? path.slice(list.length + 1).split(".")
      : [];
    const row = Number(index);
    if (index === undefined || row < at) paths.add(path);
    else if (row > at) paths.add([list, row - 1, ...rest].join("."));
  }
  return { ...touched, paths };
}

/** The first error of a field, if it is time to show it. */
export function errorOf<Found extends { field: string }>(
  errors: readonly Found[],
  touched: Touched,
  path: string,
): Found | undefined {
  if (!touched.all && !touched.paths.has(path)) return undefined;
  return errors.find(({ field }) => field === path);
}

/** Takes the person to the first field that is wrong. */
export function focusFirstInvalid(root: HTMLElement | null): void {
  root?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}
