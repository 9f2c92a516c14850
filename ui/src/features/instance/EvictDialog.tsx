import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { type Catalogue, environmentWord, ruleWord, sayError, useFormat, useText } from "~/i18n";
import { Dialog, EnvTag, ErrorState, RadioGroup, Status, toast, visible } from "~/kit";
import type { EvictAttempt, GroupView, PodRef } from "~/wire/types";
import css from "./instance.module.css";

type Way = "evict" | "delete";

/** Sends pods away, and says of each that stays what keeps it. Deleting is another way, named as such. */
export function EvictDialog({
  view,
  pods,
  onDone,
  onClose,
}: {
  view: GroupView;
  pods: PodRef[];
  onDone?: () => void;
  onClose: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.instance;
  const { environment } = view;
  const rights = useCall("group_rights", view.id).data;
  const [chosen, setChosen] = useState<Way>();
  const way = chosen ?? (rights?.evict && !rights.delete ? "delete" : "evict");
  const [stay, setStay] = useState<EvictAttempt[]>([]);
  const left =
    stay.length > 0 ? pods.filter(({ name }) => stay.some(({ pod }) => pod === name)) : pods;
  const order = useOrder("instance_evict", {
    quiet: true,
    onDone: (attempts) => {
      const kept = attempts.filter(({ error }) => error !== null);
      const gone = attempts.length - kept.length;
      if (gone > 0) toast({ state: "ok", title: words.evicted(format.number(gone)) });
      setStay(kept);
      if (kept.length > 0) return;
      onDone?.();
      onClose();
    },
  });
  const lacks = rights?.[way] ? words.lacks(ruleWord(rights[way])) : null;
  const [first] = left;
  const one = left.length === 1 && first ? visible(first.name).slice(-5) : null;
  const ways: Record<Way, { action: string; busy: string }> = {
    evict: { action: words.evict, busy: words.evicting },
    delete: { action: words.deletePods, busy: words.deleting },
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={one ? words.evictTitle(one) : words.evictSeveral(format.number(left.length))}
      description={words.evictText}
      facts={
        environment ? (
          <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
        ) : undefined
      }
      action={{
        label: order.pending ? ways[way].busy : ways[way].action,
        kind: environment?.protected ? "production" : "filled",
        busy: order.pending,
        notYet: lacks,
        onAction: () => void order.run({ group: view.id, pods: left, delete: way === "delete" }),
      }}
    >
      {one ? null : (
        <p className={css.names}>{left.map(({ name }) => visible(name).slice(-5)).join(", ")}</p>
      )}
      <RadioGroup<Way>
        label={words.evictWay}
        value={way}
        onChange={setChosen}
        options={[
          { value: "evict", label: words.evict, note: words.evictNote },
          { value: "delete", label: words.deletePods, note: words.deleteNote },
        ]}
      />
      {stay.length > 0 && !order.pending ? (
        <ul className={css.warnings}>
          {stay.map(({ pod, error }) => (
            <li key={pod}>
              <Status state="warn">
                {words.stays(visible(pod).slice(-5), sayStay(error, text))}
              </Status>
            </li>
          ))}
        </ul>
      ) : null}
      {order.error ? <ErrorState compact error={order.error} /> : null}
    </Dialog>
  );
}

/** What keeps a pod, and in the server's words how far it is from being let go. */
function sayStay(error: EvictAttempt["error"], text: Catalogue): string {
  const said = sayError(error, text);
  return [said.title, said.why]
    .filter(Boolean)
    .map((part) => visible(part ?? ""))
    .join(". ");
}
