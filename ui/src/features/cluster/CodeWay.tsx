import { ClipboardPaste, FileText } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { takeCode } from "~/app/handover";
import { useText } from "~/i18n";
import { Button, ErrorState, Field, Status, Textarea } from "~/kit";
import type { LinkFrom, LinkPreview } from "~/wire/types";
import css from "./cluster.module.css";

export interface WayProps {
  pending: boolean;
  error: { retryable: boolean } | null;
  onInspect: (from: LinkFrom) => Promise<LinkPreview | undefined>;
}

/** An authorization code: read by the core from the clipboard or a file, or put into the field. */
export function CodeWay({ pending, error, onInspect, done }: WayProps & { done: boolean }) {
  const text = useText();
  const words = text.cluster.dialog;
  const [code, setCode] = useState("");

  const inspect = async (from: LinkFrom) => {
    await onInspect(from);
    // The core has it now; the page keeps no secret, whatever the answer was.
    setCode("");
  };
  const begin = useEffectEvent(() => {
    const handed = takeCode();
    if (handed) void inspect({ kind: "code", code: handed });
  });
  useEffect(() => begin(), []);
  const typed = code.trim();
  return (
    <>
      <Field
        stacked
        label={text.cluster.code}
        hint={done || error ? undefined : words.codeHint}
        aside={done ? <Status state="ok">{words.complete}</Status> : undefined}
      >
        <Textarea
          mono
          rows={done ? 1 : 2}
          value={code}
          placeholder={done ? words.codeRead : words.codePlaceholder}
          autoComplete="off"
          disabled={pending}
          invalid={error !== null}
          onChange={setCode}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData("text").trim();
            if (!pasted || typed) return;
            event.preventDefault();
            void inspect({ kind: "code", code: pasted });
          }}
        />
      </Field>
      {error ? <ErrorState compact error={error} /> : null}
      <div className={css.buttons}>
        <Button
          small
          icon={ClipboardPaste}
          disabled={pending}
          onClick={() => void inspect({ kind: "code_clipboard" })}
        >
          {error ? words.pasteAgain : words.paste}
        </Button>
        <Button
          small
          kind="ghost"
          icon={FileText}
          disabled={pending}
          onClick={() => void inspect({ kind: "code_file" })}
        >
          {words.fromFile}
        </Button>
        {typed ? (
          <Button
            small
            kind="tint"
            busy={pending}
            onClick={() => void inspect({ kind: "code", code: typed })}
          >
            {words.check}
          </Button>
        ) : null}
      </div>
    </>
  );
}
