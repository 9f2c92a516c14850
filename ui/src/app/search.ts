import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";

/** What of a view stands in the URL beside its path, so that it can be linked, restored and tested. */
export interface View {
  /** The selected object, open in a drawer or panel. */
  open?: string;
  tab?: string;
  /** Typed into the page's filter. */
  filter?: string;
  /** Which of several sets is shown. */
  show?: string;
  /** Group, environment, person or state a list is narrowed to. */
  group?: string;
  by?: string;
  state?: string;
  since?: string;
  /** Ticked rows or a preset, comma-separated. */
  choose?: string;
  /** Step or section of a form. */
  step?: string;
  /** A dialog that is open. */
  dialog?: string;
  /** Where the object of a form comes from: a clone's source, a roll back's release. */
  from?: string;
  /** The other side of a comparison. */
  to?: string;
  /** How it is drawn. */
  view?: string;
}

const keys: (keyof View)[] = [
  "open",
  "tab",
  "filter",
  "show",
  "group",
  "by",
  "state",
  "since",
  "choose",
  "step",
  "dialog",
  "from",
  "to",
  "view",
];

export function validateView(search: Record<string, unknown>): View {
  const view: View = {};
  for (const key of keys) {
    const value = search[key];
    if (typeof value === "string" && value !== "") view[key] = value;
    else if (typeof value === "number" || typeof value === "boolean") view[key] = String(value);
  }
  return view;
}

type Parts = { [Key in keyof View]: string | undefined };

/** Changes some parts of the view in the URL, all at once. Undefined takes one away. */
export function useSetView(): (parts: Parts, options: { replace: boolean }) => void {
  const navigate = useNavigate();
  return (parts, { replace }) =>
    void navigate({
      to: ".",
      search: (last: View) => validateView({ ...last, ...parts }),
      replace,
    });
}

/** One part of the view in the URL, and how to change it. Undefined takes it away. */
export function useView(
  key: keyof View,
): [string | undefined, (value: string | undefined, options?: { replace?: boolean }) => void] {
  // Of this part alone: who uses another one is not drawn anew.
  const value = useSearch({ strict: false, select: (search: View) => search[key] });
  const setView = useSetView();
  const router = useRouter();
  const set = (next: string | undefined, options?: { replace?: boolean }) => {
    const { open }: View = router.state.location.search;
    // Moving a selection is not a step to go back to; opening a view is.
    const moves = key === "filter" || (key === "open" && open !== undefined);
    setView({ [key]: next }, { replace: options?.replace ?? moves });
  };
  return [value, set];
}

/** Told of the view that this page comes to, before the page is drawn for it: what it will show can be asked ahead. */
export function useViewAhead(then: (next: View) => void): void {
  const router = useRouter();
  const told = useEffectEvent(then);
  useEffect(
    () =>
      router.subscribe("onBeforeNavigate", ({ toLocation, pathChanged }) => {
        if (!pathChanged) told(validateView({ ...toLocation.search }));
      }),
    [router],
  );
}
