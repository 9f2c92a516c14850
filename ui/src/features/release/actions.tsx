import { Pause, Play } from "lucide-react";
import { useState } from "react";
import { useOrder } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { Button, type ButtonKind, Dialog, EnvTag } from "~/kit";
import type { ReleaseView } from "~/wire/types";
import css from "./release.module.css";
import { numberOf } from "./state";

/**
 * Goes on after a stop, or with the next batch. It changes what runs at once, so in a protected environment it carries that colour, unless it
 * stands as one way out among others.
 */
export function ContinueButton({ view, kind }: { view: ReleaseView; kind?: ButtonKind }) {
  const text = useText();
  const format = useFormat();
  const act = useOrder("release_act");
  const next = view.progress.rest ? view.batches[view.progress.batch + 1] : undefined;
  const label = next
    ? text.release.batched.continue(
        format.number(view.progress.batch + 2),
        format.number(next.pods),
      )
    : text.release.continue;
  return (
    <Button
      kind={kind ?? (view.row.environment.protected ? "production" : "filled")}
      icon={Play}
      busy={act.pending}
      onClick={() => void act.run({ id: view.id, action: "continue" })}
    >
      {act.pending ? text.release.acting : label}
    </Button>
  );
}

/** Stops where it is, until somebody continues or aborts. */
export function PauseButton({ view }: { view: ReleaseView }) {
  const text = useText();
  const act = useOrder("release_act");
  return (
    <Button
      icon={Pause}
      busy={act.pending}
      onClick={() => void act.run({ id: view.id, action: "pause" })}
    >
      {act.pending ? text.release.acting : text.release.pause}
    </Button>
  );
}

/** Back to what ran before, after the person has read what that does. */
export function AbortButton({ view, kind = "danger" }: { view: ReleaseView; kind?: ButtonKind }) {
  const text = useText();
  const words = text.release;
  const [asked, setAsked] = useState(false);
  const { row } = view;
  const act = useOrder("release_act", { onDone: () => setAsked(false) });
  const from = row.from_version;
  return (
    <>
      <Button kind={kind} onClick={() => setAsked(true)}>
        {from ? words.abortTo(from) : words.abortFirst}
      </Button>
      <Dialog
        open={asked}
        onClose={() => setAsked(false)}
        title={words.abortTitle(numberOf(row, text), row.group_name)}
        facts={
          <>
            <EnvTag colour={row.environment.colour}>
              {environmentWord(row.environment.name, text)}
            </EnvTag>
            {view.cluster}
          </>
        }
        action={{
          label: act.pending ? words.acting : from ? words.abortDo(from) : words.abortDoFirst,
          kind: row.environment.protected ? "production" : "filled",
          busy: act.pending,
          onAction: () => void act.run({ id: view.id, action: "abort" }),
        }}
      >
        <div className={css.dialogText}>
          <p>{from ? words.abortText(from) : words.abortTextFirst}</p>
          <p>{words.abortRecord}</p>
        </div>
      </Dialog>
    </>
  );
}
