import { useState } from "react";
import { useOrder } from "~/data";
import { sayFieldError, useFormat, useText } from "~/i18n";
import { Button, Editor, languageOfPath, Segment, visible } from "~/kit";
import type { FolderConflict, FolderKeep, MergePart } from "~/wire/types";
import css from "./folder.module.css";
import { merged, type Taken } from "./merge";

/** A file that both sides changed in the same places: one side as a whole, or a result of both. */
export function FolderConflictView({ app, conflict }: { app: string; conflict: FolderConflict }) {
  const text = useText();
  const format = useFormat();
  const words = text.folder;
  const settle = useOrder("folder_settle", { quiet: true });
  const [taken, setTaken] = useState<Taken>(new Map());
  /** The result as it was typed over. */
  const [typed, setTyped] = useState<string | null>(null);
  const keep = (side: FolderKeep) => void settle.run({ app, file: conflict.file, keep: side });
  const parts = conflict.merge?.parts ?? [];
  const result = typed ?? merged(parts, taken);
  const open = parts.filter(({ kind }, at) => kind === "conflict" && !taken.has(at)).length;
  const [error] = settle.error?.fields ?? [];
  return (
    <div className={css.conflict}>
      <header className={css.head}>
        <code>{visible(conflict.place)}</code>
        <span className={css.buttons}>
          <Button small disabled={settle.pending} onClick={() => keep({ kind: "slipway" })}>
            {settle.pending ? words.deciding : words.keepOurs}
          </Button>
          <Button small disabled={settle.pending} onClick={() => keep({ kind: "folder" })}>
            {words.keepTheirs}
          </Button>
          {conflict.merge === null ? null : (
            <Button
              small
              kind="filled"
              disabled={settle.pending || result === null}
              onClick={() => result !== null && keep({ kind: "merged", text: result })}
            >
              {words.keepMerged}
            </Button>
          )}
        </span>
      </header>
      {settle.error ? (
        <p className={css.refused} role="alert">
          {error ? sayFieldError(error, text) : settle.error.detail}
        </p>
      ) : null}
      {conflict.merge === null ? <p className={css.subtle}>{words.binary}</p> : null}
      {parts.map((part, at) =>
        part.kind === "conflict" ? (
          <Sides
            key={partKey(at)}
            part={part}
            label={words.place(format.number(placeOf(parts, at)))}
            value={taken.get(at)}
            onChange={(next) => {
              setTaken(new Map(taken).set(at, next));
              setTyped(null);
            }}
          />
        ) : null,
      )}
      {conflict.merge === null ? null : result === null ? (
        <p className={css.subtle}>{words.undecided(format.number(open))}</p>
      ) : (
        <div className={css.result}>
          <span className={css.subtle}>{words.result}</span>
          <div className={css.editor}>
            <Editor
              label={`${words.result}: ${conflict.path}`}
              language={languageOfPath(conflict.path)}
              value={result}
              onChange={setTyped}
            />
          </div>
        </div>
      )}
    </div>
  );
}

const partKey = (at: number) => `part${at}`;

/** Which of the conflicts it is, from 1. */
function placeOf(parts: readonly MergePart[], at: number): number {
  return parts.slice(0, at + 1).filter(({ kind }) => kind === "conflict").length;
}

type Choice = "ours" | "theirs" | "both";

/** One place of a conflict: what both had, what each made of it, and which of it stays. */
function Sides({
  part,
  label,
  value,
  onChange,
}: {
  part: Extract<MergePart, { kind: "conflict" }>;
  label: string;
  value: Choice | undefined;
  onChange: (value: Choice) => void;
}) {
  const words = useText().folder;
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
            label: side === "both" ? words.takeBoth : words[side],
          }))}
        />
      </div>
      <div className={css.sides}>
        {(["base", "ours", "theirs"] as const).map((side) => (
          <figure key={side} className={css[side]}>
            <figcaption>{words[side]}</figcaption>
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
