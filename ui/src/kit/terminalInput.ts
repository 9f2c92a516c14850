/**
 * WebKitGTK tells of text that an input method commits twice: when the composition ends, and as input. A terminal that
 * takes both doubles it. Told of commits and of keys, this lets each commit through once.
 */
export function committedOnce() {
  let last: { text: string; taken: boolean } | null = null;
  return {
    /** An input method ended with a text. */
    committed: (text: string) => {
      last = text === "" ? null : { text, taken: false };
    },
    /** A key went down: what comes next is typed. */
    pressed: () => {
      last = null;
    },
    /** Whether this text is to be typed. */
    takes: (text: string): boolean => {
      if (last === null || last.text !== text) return true;
      if (last.taken) return false;
      last.taken = true;
      return true;
    },
  };
}
