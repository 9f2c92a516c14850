import { useEffect, useRef } from "react";
import { useOrder } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { Dialog, EnvTag, ProgressBar, Status, toast, visible } from "~/kit";
import type { Deletion, Doomed } from "~/wire/types";
import { DoomedRow } from "./DeletionLists";
import css from "./deletion.module.css";
import type { GroupRow } from "./groups";

/** How far a deletion is. It goes on without the dialog, and at the next start where Slipway was ended. */
export function DeletionProgress({
  row: { card, environment },
  deletion,
  onClose,
}: {
  row: GroupRow;
  deletion: Deletion;
  onClose: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.groupLife;
  const retry = useOrder("group_delete_retry");
  const done = deletion.objects.filter(({ state }) => state.state === "gone").length;
  const failed = deletion.objects.filter(({ state }) => state.state === "failed").length;
  const waits = failed > 0 || deletion.stuck !== null;

  // The newest function, for the moment at which everything is gone.
  const finish = useRef(onClose);
  useEffect(() => {
    finish.current = () => {
      toast({ state: "ok", title: words.deleted(card.name), text: deletion.export });
      onClose();
    };
  });
  const ended = deletion.ended !== null;
  useEffect(() => {
    if (ended) finish.current();
  }, [ended]);

  return (
    <Dialog
      open
      width={700}
      onClose={onClose}
      title={words.deletingTitle(card.name)}
      description={
        <span className={css.head}>
          {environment ? (
            <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
          ) : null}
          {words.gone(format.number(done), format.number(deletion.objects.length))}
        </span>
      }
      facts={words.goesOn}
      action={
        waits
          ? {
              label: words.retry,
              busy: retry.pending,
              onAction: () => void retry.run(card.id),
            }
          : undefined
      }
    >
      <ProgressBar
        label={words.deletingTitle(card.name)}
        value={done}
        of={deletion.objects.length}
      />
      {deletion.stuck ? (
        <p className={css.running} role="alert">
          <Status state="warn">{visible(deletion.stuck)}</Status>
        </p>
      ) : null}
      <ul className={css.list}>
        {deletion.objects.map((object) => (
          <DoomedRow
            key={`${object.kind}/${object.name}`}
            object={object}
            aside={<How state={object.state} />}
          />
        ))}
      </ul>
    </Dialog>
  );
}

function How({ state }: { state: Doomed["state"] }) {
  const words = useText().groupLife;
  if (state.state === "gone") return <Status state="ok">{words.objectGone}</Status>;
  if (state.state === "failed")
    return (
      <Status state="danger">
        <span title={visible(state.message)}>{words.objectFailed}</span> {visible(state.message)}
      </Status>
    );
  return <span className={css.aside}>{words.objectWaits}</span>;
}
