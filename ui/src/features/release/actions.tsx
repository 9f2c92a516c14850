import { Hand, Pause, Play } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useFeed, useOrder } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { Button, type ButtonKind, Dialog, EnvTag } from "~/kit";
import type { ReleaseAction, ReleaseView } from "~/wire/types";
import css from "./release.module.css";
import { agreedLess, numberOf } from "./state";

/** Nothing can be ordered of a cluster that does not answer. */
function useAway(view: ReleaseView): { notYet: string | false; lockedTitle: string } {
  const text = useText();
  const linked = view.cluster !== null;
  const { state } = useFeed(linked ? { kind: "instances", group: view.row.group } : null);
  return {
    notYet: state.state === "stale" && text.release.awayText,
    lockedTitle: text.instance.unreachable(view.cluster ?? ""),
  };
}

/**
 * Goes on after a stop, or with the next batch. It changes what runs at once, so in a protected environment it carries that colour, unless it
 * stands as one way out among others.
 */
export function ContinueButton({ view, kind }: { view: ReleaseView; kind?: ButtonKind }) {
  const text = useText();
  const format = useFormat();
  const act = useOrder("release_act");
  const away = useAway(view);
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
      {...away}
      onClick={() => void act.run({ id: view.id, action: "continue" })}
    >
      {act.pending ? text.release.acting : label}
    </Button>
  );
}

/** Goes on from here with what nobody drives any more; it may change what runs at once, as *Continue* does. */
export function TakeOverButton({ view }: { view: ReleaseView }) {
  const text = useText();
  const act = useOrder("release_act");
  const away = useAway(view);
  return (
    <Button
      kind={view.row.environment.protected ? "production" : "filled"}
      icon={Hand}
      busy={act.pending}
      {...away}
      onClick={() => void act.run({ id: view.id, action: "take_over" })}
    >
      {act.pending ? text.release.acting : text.release.takeOver}
    </Button>
  );
}

/** Stops where it is, until somebody continues or aborts. */
export function PauseButton({ view }: { view: ReleaseView }) {
  const text = useText();
  const act = useOrder("release_act");
  const away = useAway(view);
  return (
    <Button
      icon={Pause}
      busy={act.pending}
      {...away}
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
  const from = view.row.from_version;
  return (
    <AskedButton
      view={view}
      kind={kind}
      action="abort"
      label={from ? words.abortTo(from) : words.abortFirst}
      title={words.abortTitle(numberOf(view.row, text), view.row.group_name)}
      order={from ? words.abortDo(from) : words.abortDoFirst}
    >
      <p>{from ? words.abortText(from) : words.abortTextFirst}</p>
      <p>{words.abortRecord}</p>
    </AskedButton>
  );
}

/** The same where a quota leaves no room for it, after the person has agreed to one pod less, or to one more of these. */
export function AbortBelowButton({ view }: { view: ReleaseView }) {
  const format = useFormat();
  const words = useText().release.below;
  const less = format.number(agreedLess(view) + 1);
  return (
    <AskedButton
      view={view}
      kind="filled"
      action="abort_below"
      label={words.button(less)}
      title={words.title(view.row.group_name, less)}
      order={words.do(less)}
    >
      <p>{words.text(view.row.from_version ?? "", format.number(view.count), less)}</p>
    </AskedButton>
  );
}

function AskedButton({
  view,
  kind,
  action,
  label,
  title,
  order,
  children,
}: {
  view: ReleaseView;
  kind: ButtonKind;
  action: ReleaseAction;
  label: string;
  title: string;
  /** The order itself, as the button under the question says it. */
  order: string;
  children: ReactNode;
}) {
  const text = useText();
  const [asked, setAsked] = useState(false);
  const { row } = view;
  const away = useAway(view);
  const act = useOrder("release_act", { onDone: () => setAsked(false) });
  return (
    <>
      <Button kind={kind} {...away} onClick={() => setAsked(true)}>
        {label}
      </Button>
      <Dialog
        open={asked}
        onClose={() => setAsked(false)}
        title={title}
        facts={
          <>
            <EnvTag colour={row.environment.colour}>
              {environmentWord(row.environment.name, text)}
            </EnvTag>
            {view.cluster}
          </>
        }
        action={{
          label: act.pending ? text.release.acting : order,
          kind: row.environment.protected ? "production" : "filled",
          busy: act.pending,
          onAction: () => void act.run({ id: view.id, action }),
        }}
      >
        <div className={css.dialogText}>{children}</div>
      </Dialog>
    </>
  );
}
