import { visible } from "~/kit";

/** How a piece of a line looks: what the program asked for, as far as it is only looks. */
export interface Look {
  colour?: string | undefined;
  ground?: string | undefined;
  bold?: boolean | undefined;
  dim?: boolean | undefined;
  italic?: boolean | undefined;
  underline?: boolean | undefined;
  strike?: boolean | undefined;
  inverse?: boolean | undefined;
}

export interface Piece {
  /** Where it begins in the line. */
  at: number;
  text: string;
  look: Look;
  /** Of what is found. */
  hit: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins the sequence
const SGR = /\u001b\[([\d;:]*)m/g;
const NAMED = [
  "--text-subtle",
  "--status-danger",
  "--status-ok",
  "--status-warn",
  "--p4",
  "--p5",
  "--accent",
  "--text-muted",
] as const;

/**
 * A line in pieces: colours and weights are obeyed, and nothing else. What moves, clears, or sets titles and the
 * clipboard stays in the text, where its control characters are made visible.
 */
export function pieces(text: string, places: readonly (readonly [number, number])[]): Piece[] {
  const found: Piece[] = [];
  let look: Look = {};
  let from = 0;
  const plain = (until: number) => {
    for (let at = from; at < until; ) {
      const place = places.find(([begin, end]) => begin <= at && at < end);
      const next = place?.[1] ?? places.find(([begin]) => begin > at)?.[0] ?? until;
      const to = Math.min(until, next);
      found.push({ at, text: visible(text.slice(at, to)), look, hit: place !== undefined });
      at = to;
    }
  };
  for (const match of text.matchAll(SGR)) {
    plain(match.index);
    look = changed(look, match[1] ?? "");
    from = match.index + match[0].length;
  }
  plain(text.length);
  return found;
}

/** The text alone, as it is seen. */
export function bare(text: string): string {
  return text.replace(SGR, "");
}

function changed(before: Look, sequence: string): Look {
  let look = { ...before };
  const codes = sequence.split(/[;:]/).map((code) => Number(code || 0));
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) look = {};
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 3) look.italic = true;
    else if (code === 4) look.underline = true;
    else if (code === 7) look.inverse = true;
    else if (code === 9) look.strike = true;
    else if (code === 22) Object.assign(look, { bold: undefined, dim: undefined });
    else if (code === 23) look.italic = undefined;
    else if (code === 24) look.underline = undefined;
    else if (code === 27) look.inverse = undefined;
    else if (code === 29) look.strike = undefined;
    else if (code === 39) look.colour = undefined;
    else if (code === 49) look.ground = undefined;
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(codes.slice(at + 1));
      if (code === 38) look.colour = colour;
      else look.ground = colour;
      at += used;
    } else {
      const colour = named(code % 10);
      if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) look.colour = colour;
      if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) look.ground = colour;
    }
  }
  return look;
}

function named(at: number): string {
  return `var(${NAMED[at] ?? "--text"})`;
}

/** `5;n` of 256 colours, or `2;r;g;b`, and how many numbers that took. */
function extended(codes: number[]): [string | undefined, number] {
  const [kind, ...rest] = codes;
  if (kind === 2) return [readable(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), 4];
  if (kind !== 5) return [undefined, 0];
  const index = rest[0] ?? 0;
  if (index < 16) return [named(index % 8), 2];
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [readable(grey, grey, grey), 2];
  }
  const step = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const cube = index - 16;
  return [readable(step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)), 2];
}

/** Towards the text's own colour, so that it can be read in both themes. */
function readable(red: number, green: number, blue: number): string {
  const part = (value: number) => Math.max(0, Math.min(255, Math.trunc(value)));
  return `color-mix(in oklab, rgb(${part(red)} ${part(green)} ${part(blue)}) 55%, var(--text))`;
}
