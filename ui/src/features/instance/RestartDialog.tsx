import { useCall, useOrder } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { Dialog, EnvTag, ErrorState, toast, visible } from "~/kit";
import type { GroupView } from "~/wire/types";

/** Every pod is replaced by a like one: how many, and how many at a time, is said first. */
export function RestartDialog({ view, onClose }: { view: GroupView; onClose: () => void }) {
  const text = useText();
  const format = useFormat();
  const words = text.instance;
  const { environment, card } = view;
  const count = useCall("group_count", view.id);
  const restart = useOrder("group_restart", {
    quiet: true,
    onDone: () => {
      toast({ state: "ok", title: words.restartBegun(card.name) });
      onClose();
    },
  });
  const known = count.data;
  const floor =
    known === undefined
      ? null
      : known.surge || known.unavailable
        ? words.restartFloor.rolling(visible(known.surge), visible(known.unavailable))
        : words.restartFloor.recreate;
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.restartTitle(card.name)}
      description={floor === null ? null : words.restartText(floor)}
      facts={
        environment ? (
          <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
        ) : undefined
      }
      action={{
        label: restart.pending ? words.restarting : words.restartAction,
        kind: environment?.protected ? "production" : "filled",
        busy: restart.pending,
        disabled: known === undefined,
        onAction: () => void restart.run(view.id),
      }}
    >
      {known ? <p>{words.restartPods(format.number(known.count))}</p> : null}
      {count.error ? (
        <ErrorState compact error={count.error} onRetry={() => void count.refetch()} />
      ) : null}
      {restart.error ? <ErrorState compact error={restart.error} /> : null}
    </Dialog>
  );
}
