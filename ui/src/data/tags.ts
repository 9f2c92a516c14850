/**
 * Whether a change of one tag puts an answer out of date that read another: the same, or one lies under the other
 * (`group:12` and `group:12/files`); `*` stands for every tag, when changes were missed.
 */
export function touches(changed: string, read: string): boolean {
  return (
    changed === "*" ||
    changed === read ||
    changed.startsWith(`${read}/`) ||
    read.startsWith(`${changed}/`)
  );
}
