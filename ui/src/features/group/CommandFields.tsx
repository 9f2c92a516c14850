import { useRef, useState } from "react";
import { useText } from "~/i18n";
import { Field, Input, Segment, Textarea, visible } from "~/kit";
import type { CommandDraft } from "~/wire/types";
import { commandWords, wordsOf } from "./draft";
import css from "./group.module.css";
import type { GroupForm } from "./useGroupForm";

type Kind = CommandDraft["kind"];

/** How the container starts, and the words that become of it. */
export function CommandFields({ form }: { form: GroupForm }) {
  const text = useText();
  const words = text.group.edit;
  const { command, args } = form.draft;
  // Looking at another kind and coming back loses nothing.
  const other = useRef<Partial<Record<Kind, CommandDraft>>>({});
  const choose = (kind: Kind) => {
    other.current[command.kind] = command;
    const first: Record<Kind, CommandDraft> = {
      image: { kind: "image" },
      shell: { kind: "shell", value: "" },
      list: { kind: "list", value: [] },
    };
    form.set("command", other.current[kind] ?? first[kind]);
  };
  const commandPaths = commandWords(command).map((_, at) => `command.${at}`);
  const commandError = form.fieldProps("command", ...commandPaths);
  const argsError = form.fieldProps("args", ...args.map((_, at) => `args.${at}`));
  return (
    <>
      <Field group label={words.command} error={commandError.error}>
        <div className={css.stack}>
          <div className={css.command}>
            <Segment<Kind>
              label={words.command}
              value={command.kind}
              onChange={choose}
              options={[
                { value: "image", label: words.ofImage },
                { value: "shell", label: words.shell },
                { value: "list", label: words.list },
              ]}
            />
            {command.kind === "shell" ? (
              <Input
                className={css.grow}
                mono
                value={command.value}
                aria-label={words.shell}
                placeholder={words.shellPlaceholder}
                invalid={commandError.error !== undefined}
                onChange={(value) => form.set("command", { kind: "shell", value })}
              />
            ) : null}
          </div>
          {command.kind === "list" ? (
            <>
              <Lines
                label={words.words}
                value={command.value}
                onChange={(value) => form.set("command", { kind: "list", value })}
              />
              <span className={css.hint}>{words.listHint}</span>
            </>
          ) : null}
          <Proof
            words={[...commandWords(command), ...args]}
            image={commandWords(command).length === 0}
          />
        </div>
      </Field>
      <Field
        label={words.args}
        error={argsError.error}
        hint={command.kind === "shell" ? words.argsShellHint : words.argsHint}
      >
        <Lines value={args} onChange={(value) => form.set("args", value)} />
      </Field>
    </>
  );
}

/** One word a line. The text keeps its empty lines while it is typed; they are no words. */
function Lines({
  value,
  onChange,
  label,
}: {
  value: string[];
  onChange: (words: string[]) => void;
  label?: string;
}) {
  const [typed, setTyped] = useState(value.join("\n"));
  return (
    <Textarea
      className={css.lines}
      mono
      rows={Math.min(8, Math.max(1, typed.split("\n").length))}
      aria-label={label}
      value={typed}
      onChange={(next) => {
        setTyped(next);
        onChange(wordsOf(next));
      }}
    />
  );
}

/** What Kubernetes will run, word by word. */
function Proof({ words, image }: { words: string[]; image: boolean }) {
  const text = useText();
  return (
    <p className={css.proof}>
      <span className={css.subtle}>{text.group.edit.runs}</span>
      <code>
        {image ? <span className={css.subtle}>{text.group.edit.runsImage} </span> : null}
        {words.map((word, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word has no identity but its place
          <span key={at}>
            {at > 0 ? ", " : null}
            <span className={css.word}>{visible(JSON.stringify(word))}</span>
          </span>
        ))}
      </code>
    </p>
  );
}
