import { useState } from "react";
import { useOrder } from "~/data";
import { sayFieldError, useFormat, useText } from "~/i18n";
import { Button, Checkbox, Dialog, ErrorState, Field, Input, Textarea, visible } from "~/kit";
import type { FileContent, GroupFiles, PickedFile } from "~/wire/types";
import css from "./config.module.css";

/** Creates a file of the app, or of one group. Its path stays for good, so it is asked for first. */
export function NewFileDialog({
  app,
  group,
  deployPath,
  onClose,
  onCreated,
}: {
  app: string;
  group: GroupFiles | null;
  deployPath: string;
  onClose: () => void;
  onCreated: (file: string) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.create;
  const [path, setPath] = useState("");
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState<PickedFile | null>(null);
  const [literal, setLiteral] = useState(false);
  const [sensitive, setSensitive] = useState(false);
  const create = useOrder("config_create", { quiet: true, onDone: onCreated });
  const pick = useOrder("config_pick", {
    quiet: true,
    onDone: (found) => {
      setPicked(found);
      if (path === "") setPath(found.name);
    },
  });
  const fields = create.error?.code === "invalid" ? create.error.fields : [];
  const errorOf = (field: string) => {
    const error = fields.find((one) => one.field === field);
    return error ? sayFieldError(error, text) : undefined;
  };
  const content: FileContent = picked?.content ?? { kind: "text", text: typed };
  const pickError = pick.error?.code === "dismissed" ? null : pick.error;
  return (
    <Dialog
      open
      width={700}
      onClose={onClose}
      title={words.title}
      description={group ? words.ofGroup(group.name) : words.ofApp}
      action={{
        label: create.pending ? words.doing : words.action,
        busy: create.pending,
        onAction: () =>
          void create.run({ app, group: group?.id ?? null, path, content, literal, sensitive }),
      }}
    >
      <Field label={words.path} error={errorOf("path")} hint={words.pathHint(deployPath)}>
        <Input
          mono
          value={path}
          onChange={(next) => {
            create.reset();
            setPath(next);
          }}
          placeholder="conf/application.yaml"
        />
      </Field>
      <Field label={words.content} error={errorOf("content")}>
        {picked ? (
          <p className={css.picked}>
            {visible(words.chosen(picked.name, format.number(picked.size)))}
          </p>
        ) : (
          <Textarea mono rows={8} value={typed} onChange={setTyped} />
        )}
        <Button small className={css.start} busy={pick.pending} onClick={() => void pick.run(null)}>
          {words.choose}
        </Button>
        {pickError ? <ErrorState compact error={pickError} /> : null}
      </Field>
      <Field group label="">
        <Checkbox checked={literal} onChange={setLiteral}>
          {words.literal} <span className={css.subtle}>{words.literalHint}</span>
        </Checkbox>
        <Checkbox checked={sensitive} onChange={setSensitive}>
          {words.sensitive} <span className={css.subtle}>{words.sensitiveHint}</span>
        </Checkbox>
      </Field>
      {create.error && fields.length === 0 ? <ErrorState compact error={create.error} /> : null}
    </Dialog>
  );
}
