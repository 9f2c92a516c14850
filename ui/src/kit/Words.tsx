import { createContext, type ReactNode, useContext } from "react";

/** What a person is told when something failed: what, why, what to try. */
export interface ErrorText {
  title: string;
  why?: string | undefined;
  hints: string[];
  /** Which fields, and what is wrong with each. */
  fields: { field: string; said: string }[];
  /** The technical text behind it, for "Copy details". */
  details: string;
  retryable: boolean;
}

/** The words and formats the kit's own controls need. The app gives them in the chosen language. */
export interface Words {
  cancel: string;
  close: string;
  copy: string;
  copied: string;
  copyDetails: string;
  tryAgain: string;
  retryNow: string;
  loading: string;
  decrease: string;
  increase: string;
  select: string;
  selectAll: string;
  /** Names the column of what can be done with a row. */
  actions: string;
  /** "As of 12:03:", before what can not be reached. */
  staleSince: (at: Date) => string;
  /** A sentence of what can not be reached, and of the next try where there is one. */
  unreached: (what: string) => string;
  unreachedRetrying: (what: string, seconds: number) => string;
  lastKnown: string;
  readyOf: (ready: number, desired: number) => string;
  podState: Record<"old" | "new" | "unready" | "failing" | "unknown" | "planned", string>;
  notifications: string;
  /** The editor's own words, by their English form: CodeMirror's phrases. */
  editor: Record<string, string>;
  relativeTime: (at: Date, now: Date) => string;
  exactTime: (at: Date) => string;
  describeError: (error: unknown) => ErrorText;
  copyText: (text: string) => Promise<void>;
}

const WordsContext = createContext<Words | null>(null);

export function KitProvider({ words, children }: { words: Words; children: ReactNode }) {
  return <WordsContext value={words}>{children}</WordsContext>;
}

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error("the kit is used outside its KitProvider");
  return words;
}
