import { useRef, useState } from "react";
import { useText } from "~/i18n";
import { Input, Segment, Textarea } from "~/kit";
import type { CommandDraft } from "~/wire/types";
import { commandWords, equal, wordsOf } from "./draft";
import css from "./group.module.css";
import type { DraftPath } from "./path";
import type { GroupForm } from "./useGroupForm";

export type CommandPath = Extract<DraftPath, "command" | `${string}.command`>;
type Kind = CommandDraft["kind"];

/** The paths at which the core says that words of a command are wrong. */
export function commandPaths(path: CommandPath, command: CommandDraft): string[] {
  return [path, ...commandWords(command).map((_, at) => `${path}.${at}`)];
}

/** A command as a line for the shell or word by word; `ofImage` lets the image choose. */
export function CommandInput({
  form,
  path,
  label,
  placeholder,
  ofImage,
}: {
  form: GroupForm;
  path: CommandPath;
  label: string;
  placeholder: string;
  ofImage?: boolean | undefined;
}) {
  const text = useText();
  const words = text.group.edit;
  const typed = form.at(path);
  // Where there has to be a command, one that nobody has typed yet is an empty line.
  const command: CommandDraft =
    typed.kind === "image" && !ofImage ? { kind: "shell", value: "" } : typed;
  // Looking at another kind and coming back loses nothing.
  const other = useRef<Partial<Record<Kind, CommandDraft>>>({});
  const set = (next: CommandDraft) => form.set(path, next);
  const choose = (kind: Kind) => {
    other.current[command.kind] = command;
    const first: Record<Kind, CommandDraft> = {
      image: { kind: "image" },
      shell: { kind: "shell", value: "" },
      list: { kind: "list", value: [] },
    };
    set(other.current[kind] ?? first[kind]);
  };
  const invalid = commandPaths(path, command).some((one) => form.isWrong(one));
  return (
    <div className={css.stack}>
      <div className={css.command}>
        <Segment<Kind>
          label={text.groupForm.commandKind(label)}
          value={command.kind}
          onChange={choose}
          options={[
            ...(ofImage ? [{ value: "image" as const, label: words.ofImage }] : []),
            { value: "shell", label: words.shell },
            { value: "list", label: words.list },
          ]}
        />
        {command.kind === "shell" ? (
          <Input
            className={css.grow}
            mono
            value={command.value}
            aria-label={label}
            placeholder={placeholder}
            invalid={invalid}
            onChange={(value) => set({ kind: "shell", value })}
          />
        ) : null}
      </div>
      {command.kind === "list" ? (
        <Lines
          label={label}
          placeholder={words.listHint}
          invalid={invalid}
          value={command.value}
          onChange={(value) => set({ kind: "list", value })}
        />
      ) : null}
    </div>
  );
}

/** One word a line. The text keeps its empty lines while it is typed; they are no words. */
export function Lines({
  value,
  onChange,
  label,
  placeholder,
  invalid,
}: {
  value: string[];
  onChange: (words: string[]) => void;
  label?: string;
  placeholder?: string;
  invalid?: boolean;
}) {
  const [kept, setTyped] = useState(value.join("\n"));
  // Taken back, or copied from elsewhere: then it is that.
  const typed = equal(wordsOf(kept), value) ? kept : value.join("\n");
  return (
    <Textarea
      className={css.lines}
      mono
      rows={Math.min(8, Math.max(1, typed.split("\n").length))}
      aria-label={label}
      placeholder={placeholder}
      invalid={invalid}
      value={typed}
      onChange={(next) => {
        setTyped(next);
        onChange(wordsOf(next));
      }}
    />
  );
}
