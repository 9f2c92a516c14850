import { useEffect, useState } from "react";
import { useCall, useOrder } from "~/data";
import { environmentWord, sayFieldError, useText } from "~/i18n";
import { Dialog, EnvTag, ErrorState, Field, Input, Skeleton, toast } from "~/kit";
import type { DeletionPlan } from "~/wire/types";
import { Goes, Running, Stays } from "./DeletionLists";
import { DeletionProgress } from "./DeletionProgress";
import css from "./deletion.module.css";
import type { GroupRow } from "./groups";

/** What goes and what stays is read from the cluster first; then the dialog stays and shows how far it is. */
export function DeleteDialog({
  row,
  onStop,
  onClose,
  onDeleted,
}: {
  row: GroupRow;
  onStop: () => void;
  onClose: () => void;
  /** It went at once: nothing of it was in a cluster. */
  onDeleted?: (() => void) | undefined;
}) {
  const deletion = useCall("group_deletion", row.card.id);
  if (deletion.data)
    return <DeletionProgress row={row} deletion={deletion.data} onClose={onClose} />;
  return <Planned row={row} onStop={onStop} onClose={onClose} onDeleted={onDeleted} />;
}

function Planned({
  row: { card, environment },
  onStop,
  onClose,
  onDeleted,
}: {
  row: GroupRow;
  onStop: () => void;
  onClose: () => void;
  onDeleted: (() => void) | undefined;
}) {
  const text = useText();
  const words = text.groupLife;
  const [shown, setShown] = useState<DeletionPlan | undefined>();
  const [typed, setTyped] = useState("");
  const plan = useOrder("group_delete_plan", { quiet: true, onDone: setShown });
  const { run: look } = plan;
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    if (looked) return;
    setLooked(true);
    void look(card.id);
  }, [looked, look, card.id]);
  const remove = useOrder("group_delete", {
    quiet: true,
    onDone: () => {
      // In a cluster it takes a while, and the dialog goes on with it.
      if (shown?.cluster) return;
      toast({ state: "ok", title: words.deleted(card.name) });
      onClose();
      onDeleted?.();
    },
  });
  const wrong = remove.error?.fields.find(({ field }) => field === "typed");
  const missing = !shown || (shown.named && typed.trim() !== shown.name);
  return (
    <Dialog
      open
      width={700}
      onClose={onClose}
      title={words.deleteTitle(card.name)}
      description={
        <span className={css.head}>
          {environment ? (
            <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
          ) : null}
          {shown?.cluster
            ? words.deleteFrom(String(shown.goes.length), shown.cluster, shown.namespace ?? "")
            : shown
              ? words.deleteHere
              : words.deleteLooking}
        </span>
      }
      facts={words.sharedStay}
      action={{
        label: remove.pending ? words.deleting : words.deleteAction,
        kind: "danger",
        busy: remove.pending,
        disabled: missing,
        onAction: () =>
          void (shown && remove.run({ group: card.id, plan: shown.hash, typed: typed.trim() })),
      }}
    >
      {shown ? (
        <div className={css.lists}>
          <Running plan={shown} onStop={onStop} />
          <Goes plan={shown} />
          <Stays plan={shown} />
          {shown.named ? (
            <Field
              stacked
              label={words.typeName(shown.name)}
              {...(wrong ? { error: sayFieldError(wrong, text) } : {})}
            >
              <Input mono value={typed} onChange={setTyped} />
            </Field>
          ) : null}
        </div>
      ) : plan.error ? null : (
        <Skeleton rows={5} />
      )}
      {plan.error ? (
        <ErrorState compact error={plan.error} onRetry={() => void look(card.id)} />
      ) : null}
      {remove.error && !wrong ? (
        <ErrorState
          compact
          error={remove.error}
          onRetry={() => {
            remove.reset();
            void look(card.id);
          }}
        />
      ) : null}
    </Dialog>
  );
}
