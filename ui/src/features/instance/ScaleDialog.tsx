import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import {
  Dialog,
  EnvTag,
  ErrorState,
  Field,
  NumberStepper,
  Skeleton,
  Status,
  toast,
  visible,
} from "~/kit";
import type { CountView, GroupView } from "~/wire/types";
import css from "./instance.module.css";

/** How many pods there are to be, with who else decides that and what there is room for. */
export function ScaleDialog({ view, onClose }: { view: GroupView; onClose: () => void }) {
  const text = useText();
  const format = useFormat();
  const words = text.instance;
  const { environment, card } = view;
  const query = useCall("group_count", view.id);
  const [typed, setTyped] = useState<number | null>();
  const scale = useOrder("group_scale", {
    quiet: true,
    onDone: (_, { count }) => {
      toast({ state: "ok", title: words.scaled(card.name, format.number(count)) });
      onClose();
    },
  });
  const known = query.data;
  const count = typed === undefined ? (known?.count ?? null) : typed;
  const wrong = known !== undefined && (count === null || count < 0 || count > known.most);
  return (
    <Dialog
      open
      onClose={onClose}
      waits={known === undefined}
      title={words.scaleTitle(card.name)}
      description={words.scaleText}
      facts={
        environment ? (
          <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
        ) : undefined
      }
      action={{
        label: scale.pending
          ? words.scaling
          : words.scaleAction(count === null ? "–" : format.number(count)),
        kind: environment?.protected ? "production" : "filled",
        busy: scale.pending,
        disabled: known === undefined || wrong || count === known.count,
        onAction: () => {
          if (count !== null) void scale.run({ id: view.id, count });
        },
      }}
    >
      {known ? (
        <>
          <Field label={words.scaleCount}>
            <NumberStepper value={count} onChange={setTyped} max={known.most} invalid={wrong} />
          </Field>
          <Warnings known={known} count={count ?? known.count} />
        </>
      ) : query.error ? null : (
        <Skeleton rows={1} />
      )}
      {query.error ? (
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
      ) : null}
      {scale.error ? <ErrorState compact error={scale.error} /> : null}
    </Dialog>
  );
}

function Warnings({ known, count }: { known: CountView; count: number }) {
  const words = useText().instance;
  const format = useFormat();
  const { scaler, left } = known;
  const more = count - known.count;
  return (
    <ul className={css.warnings}>
      {count === 0 ? (
        <li>
          <Status state="warn">{words.scaleZero}</Status>
        </li>
      ) : null}
      {scaler ? (
        <li>
          <Status state="warn">
            {words.scaler(
              visible(scaler.name),
              format.number(scaler.min),
              format.number(scaler.max),
            )}
          </Status>
        </li>
      ) : null}
      {left ? (
        <li>
          <Status
            state={more > left.pods ? "warn" : "ok"}
            tone={more > left.pods ? undefined : "plain"}
          >
            {(more > left.pods ? words.quotaShort : words.quotaLeft)(
              visible(left.quota),
              visible(left.resource),
              format.number(left.pods),
            )}
          </Status>
        </li>
      ) : null}
    </ul>
  );
}
