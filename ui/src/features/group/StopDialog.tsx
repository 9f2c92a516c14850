import { useOrder } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import { Dialog, EnvTag, ErrorState, toast } from "~/kit";
import type { GroupRow } from "./groups";

/** A stop takes every pod away at once, so it is said how many. */
export function StopDialog({ row, onClose }: { row: GroupRow; onClose: () => void }) {
  const text = useText();
  const format = useFormat();
  const words = text.groupLife;
  const { card, live, environment } = row;
  const stop = useOrder("group_stop", {
    quiet: true,
    onDone: () => {
      toast({ state: "ok", title: words.stopped(card.name) });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.stopTitle(card.name)}
      description={words.stopText}
      facts={
        environment ? (
          <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
        ) : undefined
      }
      action={{
        label: stop.pending ? words.stopping : words.stopAction(card.name),
        kind: environment?.protected ? "production" : "filled",
        busy: stop.pending,
        onAction: () => void stop.run(card.id),
      }}
    >
      {live ? <p>{words.stopPods(format.number(live.desired))}</p> : null}
      {stop.error ? <ErrorState compact error={stop.error} /> : null}
    </Dialog>
  );
}
