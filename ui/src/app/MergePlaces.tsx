import { useState } from "react";
import { useFormat, useText } from "~/i18n";
import { Editor, languageOfPath, Segment, visible } from "~/kit";
import type { MergePart } from "~/wire/types";
import css from "./MergePlaces.module.css";
import { merged, type Taken } from "./merge";

/** What the three sides are called. */
export interface SideNames {
  base: string;
  ours: string;
  theirs: string;
}

/** The result of a merge as it stands: null while a place is not decided. */
export interface Merging {
  result: string | null;
  taken: Taken;
  take: (at: number, side: Choice) => void;
  type: (text: string) => void;
}

type Choice = "ours" | "theirs" | "both";

/** What a person makes of the conflicts of one text, place by place, or typed over. */
export function useMerging(
  parts: readonly MergePart[],
  onResult?: (result: string | null) => void,
): Merging {
  const [taken, setTaken] = useState<Taken>(new Map());
  const [typed, setTyped] = useState<string | null>(null);
  return {
    result: typed ?? merged(parts, taken),
    taken,
    take: (at, side) => {
      const next = new Map(taken).set(at, side);
      setTaken(next);
      setTyped(null);
      onResult?.(merged(parts, next));
    },
    type: (text) => {
      setTyped(text);
      onResult?.(text);
    },
  };
}

/** The places of a text that both sides changed, and what becomes of it. */
export function MergePlaces({
  parts,
  path,
  names,
  resultLabel,
  merging,
}: {
  parts: readonly MergePart[];
  path: string;
  names: SideNames;
  /** Says where the result goes. */
  resultLabel: string;
  merging: Merging;
}) {
  const words = useText().merge.places;
  const format = useFormat();
  const { result, taken } = merging;
  const open = parts.filter(({ kind }, at) => kind === "conflict" && !taken.has(at)).length;
  return (
    <>
      {parts.map((part, at) =>
        part.kind === "conflict" ? (
          <Sides
            key={partKey(at)}
            part={part}
            names={names}
            label={words.place(format.number(placeOf(parts, at)))}
            value={taken.get(at)}
            onChange={(side) => merging.take(at, side)}
          />
        ) : null,
      )}
      {result === null ? (
        <p className={css.open}>{words.undecided(format.number(open))}</p>
      ) : (
        <div className={css.result}>
          <span className={css.subtle}>{resultLabel}</span>
          <div className={css.editor}>
            <Editor
              label={`${resultLabel}: ${path}`}
              language={languageOfPath(path)}
              value={result}
              onChange={merging.type}
            />
          </div>
        </div>
      )}
    </>
  );
}

const partKey = (at: number) => `part${at}`;

/** Which of the conflicts it is, from 1. */
function placeOf(parts: readonly MergePart[], at: number): number {
  return parts.slice(0, at + 1).filter(({ kind }) => kind === "conflict").length;
}

/** One place of a conflict: what both had, what each made of it, and which of it stays. */
function Sides({
  part,
  names,
  label,
  value,
  onChange,
}: {
  part: Extract<MergePart, { kind: "conflict" }>;
  names: SideNames;
  label: string;
  value: Choice | undefined;
  onChange: (value: Choice) => void;
}) {
  const words = useText().merge.places;
  return (
    <>
      <div className={css.place}>
        <span className={css.subtle}>{label}</span>
        <Segment<Choice | "">
          label={`${label}: ${words.take}`}
          value={value ?? ""}
          onChange={(next) => next !== "" && onChange(next)}
          options={(["ours", "theirs", "both"] as const).map((side) => ({
            value: side,
            label: side === "both" ? words.both : names[side],
          }))}
        />
      </div>
      <div className={css.sides}>
        {(["base", "ours", "theirs"] as const).map((side) => (
          <figure key={side} className={css.side}>
            <figcaption>{names[side]}</figcaption>
            {part[side] === "" ? (
              <p className={css.subtle}>{words.nothing}</p>
            ) : (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
              <pre tabIndex={0}>{part[side].split("\n").map(visible).join("\n")}</pre>
            )}
          </figure>
        ))}
      </div>
    </>
  );
}
