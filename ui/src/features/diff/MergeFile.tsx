import { useState } from "react";
import { MergePlaces, type SideNames, useMerging } from "~/app/MergePlaces";
import { useText } from "~/i18n";
import { Segment, visible } from "~/kit";
import type { MergeChoice, MergedFile } from "~/wire/types";
import css from "./diff.module.css";
import own from "./merge.module.css";

type Way = "ours" | "theirs" | "lines";

/** A file that both changed: one side as a whole, or what a person makes of both, place by place. */
export function MergeFile({
  file,
  names,
  onChoice,
}: {
  file: MergedFile;
  names: SideNames;
  /** Null while it is not decided. */
  onChoice: (choice: MergeChoice | null) => void;
}) {
  const words = useText().merge;
  const { merge, path, owner } = file;
  const [way, setWay] = useState<Way | "">(merge ? "lines" : "");
  const decide = (text: string | null) => onChoice(text === null ? null : { kind: "text", text });
  const merging = useMerging(merge?.parts ?? [], decide);
  const ways = (["lines", "ours", "theirs"] as const).filter((one) => one !== "lines" || merge);
  return (
    <div className={own.file}>
      <header className={own.head}>
        <span className={css.field}>
          <span className={css.subtle}>{words.fileOf[owner]}</span>
          <code>{visible(path)}</code>
        </span>
        <Segment<Way | "">
          label={words.choice(path)}
          value={way}
          onChange={(next) => {
            if (next === "") return;
            setWay(next);
            if (next === "lines") decide(merging.result);
            else onChoice({ kind: next });
          }}
          options={ways.map((value) => ({
            value,
            label: value === "lines" ? words.lines : names[value],
          }))}
        />
      </header>
      {merge ? null : (
        <p className={css.subtle}>
          {(["base", "ours", "theirs"] as const)
            .map((side) => words.fileIn(names[side], words.file[file[side]]))
            .join(" · ")}
        </p>
      )}
      {merge && way === "lines" ? (
        <MergePlaces
          parts={merge.parts}
          path={path}
          names={names}
          resultLabel={words.result}
          merging={merging}
        />
      ) : null}
    </div>
  );
}
