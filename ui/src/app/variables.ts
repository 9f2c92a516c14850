import type { Variable } from "~/wire/types";

export interface Pasted {
  variables: Variable[];
  /** Lines that are neither KEY=VALUE, nor empty, nor a comment. */
  skipped: string[];
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_.-][\w.-]*)\s*=\s*(.*?)\s*$/;

/** Reads lines of KEY=VALUE, as `.env` files and shells have them. Undefined when none of them is one. */
export function parseVariables(text: string): Pasted | undefined {
  const variables: Variable[] = [];
  const skipped: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, value] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined || value === undefined) skipped.push(line.trim());
    else variables.push({ name, value: unquoted(value) });
  }
  return variables.length === 0 ? undefined : { variables, skipped };
}

function unquoted(value: string): string {
  const [, quote, inner] = /^(["'])(.*)\1$/s.exec(value) ?? [];
  if (inner === undefined) return value;
  return quote === "'" ? inner : inner.replaceAll("\\n", "\n").replaceAll('\\"', '"');
}

/** Pasted variables take the place of the row they were pasted into; a name that exists takes the new value. */
export function withPasted(rows: Variable[], at: number, pasted: Variable[]): Variable[] {
  const merged = rows.filter((row, index) => index !== at || row.name !== "" || row.value !== "");
  for (const variable of pasted) {
    const known = merged.findIndex(({ name }) => name === variable.name);
    if (known < 0) merged.push(variable);
    else merged[known] = variable;
  }
  return merged;
}
