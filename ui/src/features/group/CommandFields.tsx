import { useText } from "~/i18n";
import { Field, visible } from "~/kit";
import { CommandInput, commandPaths, Lines } from "./CommandInput";
import { commandWords } from "./draft";
import css from "./group.module.css";
import type { GroupForm } from "./useGroupForm";

/** How the container starts, and the words that become of it. */
export function CommandFields({ form }: { form: GroupForm }) {
  const text = useText();
  const words = text.group.edit;
  const { command, args, working_dir } = form.draft;
  const { error } = form.fieldProps(...commandPaths("command", command));
  const argsError = form.fieldProps("args", ...args.map((_, at) => `args.${at}`));
  return (
    <>
      <Field group label={words.command} error={error}>
        <div className={css.stack}>
          <CommandInput
            form={form}
            path="command"
            label={words.command}
            placeholder={words.shellPlaceholder}
            ofImage
          />
          <Proof
            words={[...commandWords(command), ...args]}
            image={commandWords(command).length === 0}
            folder={working_dir.trim()}
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

/** What Kubernetes will run, word by word. */
function Proof({ words, image, folder }: { words: string[]; image: boolean; folder: string }) {
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
      {folder === "" ? null : (
        <span className={css.subtle}>{text.groupForm.runsIn(visible(folder))}</span>
      )}
    </p>
  );
}
