/** How well words typed in any order fit a name: 0 is the name itself, undefined is not at all. */
export function score(query: string, title: string, more = ""): number | undefined {
  const typed = query.trim().toLowerCase();
  if (typed === "") return 3;
  const name = title.toLowerCase();
  if (name === typed) return 0;
  if (name.startsWith(typed)) return 1;
  const hay = `${name} ${more.toLowerCase()}`;
  const words = typed.split(/\s+/);
  if (!words.every((word) => hay.includes(word))) return undefined;
  return words.every((word) => name.includes(word)) ? 2 : 3;
}

/** The parts of a name that were typed, as [from, to). */
export function hits(query: string, text: string): [number, number][] {
  const name = text.toLowerCase();
  const found = query
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((word): [number, number][] => {
      const at = name.indexOf(word);
      return at < 0 ? [] : [[at, at + word.length]];
    })
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of found) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}
