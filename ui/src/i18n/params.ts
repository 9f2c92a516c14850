/** Parameters of an error. A missing one is shown as a dash, never as "undefined". */
export type Params = Record<string, string>;

const DASH = "–";

export function withDashes(params: Params): Params {
  return new Proxy(params, {
    get: (target, key) => (typeof key === "string" ? (target[key] ?? DASH) : undefined),
  });
}

/** Whether the core gave this parameter, and something in it. */
export function has(p: Params, name: string): boolean {
  return p[name] !== undefined && p[name] !== "" && p[name] !== DASH;
}

/** What an error is about: its name, else the word for such a thing, else what the core calls it. */
export function subject(p: Params, nouns: Record<string, string>): string {
  if (has(p, "name")) return p.name ?? DASH;
  return nouns[p.what ?? ""] ?? p.what ?? DASH;
}

/** A moment that the core gave, to the minute. Anything else stays as it is. */
export function moment(at: string | undefined, locale: string): string {
  const date = new Date(at ?? "");
  if (at === undefined || Number.isNaN(date.getTime())) return at ?? DASH;
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(date);
}

export type Sentence = (p: Params) => string;

/** Sentences by their code. Codes of a core that is newer than the window's types may stand among them. */
export function sentences<Key extends string>(all: Record<Key, Sentence>): Record<Key, Sentence> {
  return all;
}

/** A digest as people compare it: its beginning and its end. */
export function digest(of = ""): string {
  return of.length > 24 ? `${of.slice(0, 15)}…${of.slice(-4)}` : of;
}
