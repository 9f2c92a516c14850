// biome-ignore-start lint/suspicious/noControlCharactersInRegex: these are what is looked for
const marks = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: until here

/** The end of a change of versions, without what both pre-releases have in common: 2.15.0-dev.6 → dev.7. */
export function shortEnd(from: string, to: string): string {
  const base = to.slice(0, to.indexOf("-") + 1);
  return base.length > 1 && from.startsWith(base) ? to.slice(base.length) : to;
}

/** Text from a cluster is shown, not obeyed: what would act on the page becomes a visible symbol. */
export function visible(text: string): string {
  return text.replace(marks, (sign) => {
    const code = sign.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "␡";
    return `<${code.toString(16).toUpperCase().padStart(4, "0")}>`;
  });
}
