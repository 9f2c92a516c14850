import type { ReactNode } from "react";
import { visible } from "../text";
import type { CodeLanguage } from "./language";

/** Lines of one text in its colours. The code that knows the language is loaded when it is first asked. */
export async function coloured(
  lines: readonly string[],
  language: CodeLanguage,
): Promise<ReactNode[]> {
  const { coloursOf } = await import("./parser");
  const colours = coloursOf(lines.join("\n"), language);
  return lines.map((line, at) => painted(line, colours[at] ?? []));
}

function painted(line: string, spans: readonly [number, number, string][]): ReactNode {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const [from, to, name] of spans) {
    if (from < end) continue;
    parts.push(visible(line.slice(end, from)));
    parts.push(
      <span key={from} className={name}>
        {visible(line.slice(from, to))}
      </span>,
    );
    end = to;
  }
  parts.push(visible(line.slice(end)));
  return parts;
}
