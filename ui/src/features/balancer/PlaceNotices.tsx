import { useState } from "react";
import { type Order, useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, Dialog, ErrorState, type MarkState, Status, toast, visible } from "~/kit";
import type { ApiError } from "~/wire/types";
import css from "./balancer.module.css";
import { type Entry, isPending, type PlaceEntry } from "./balancers";

/** What a person should know of one cluster of a load balancer, and can do about it. */
export function PlaceNotices({ entry, place }: { entry: Entry; place: PlaceEntry }) {
  const text = useText();
  const format = useFormat();
  const words = text.balancer;
  const { live } = place;
  const [labelling, setLabelling] = useState(false);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const { name } = entry.row.draft;
  const apply = useOrder("balancer_apply", {
    onDone: (attempts) => {
      const error = attempts.find((attempt) => attempt.link === place.place.link)?.error ?? null;
      setFailed(error);
      if (error === null) toast({ state: "ok", title: words.applied(name) });
    },
  });
  const mine =
    live?.changed_elsewhere || failed?.code === "conflict" || failed?.code === "changed_elsewhere";
  const pending = isPending(place);
  const said =
    live?.state === "absent" && place.place.state === "applied"
      ? words.absent
      : place.place.state === "applied"
        ? ""
        : words.place[place.place.state];
  return (
    <>
      {live?.state === "unknown" ? <Notice state="stale">{words.unknown}</Notice> : null}
      {live?.changed_elsewhere ? <Notice state="warn">{words.changedElsewhere}</Notice> : null}
      {pending ? (
        <Notice
          state="pending"
          action={<Apply apply={apply} id={entry.row.id} takeOver={mine ?? false} />}
        >
          {said}
        </Notice>
      ) : null}
      {failed ? <ErrorState compact error={failed} /> : null}
      {live?.pending_since ? (
        <>
          <Notice state="rolling">{words.waitsAddress(format.dateTime(live.pending_since))}</Notice>
          <p className={css.hint}>{words.waitsAddressText}</p>
        </>
      ) : null}
      {live?.no_traffic ? (
        <Notice state="warn">
          {"pods" in live.no_traffic
            ? words.none[live.no_traffic.kind](format.number(live.no_traffic.pods))
            : words.none[live.no_traffic.kind]()}
        </Notice>
      ) : null}
      {live && (live.unlabelled > 0 || live.stray > 0) ? (
        <Notice
          state="warn"
          action={
            <Button small onClick={() => setLabelling(true)}>
              {words.label}
            </Button>
          }
        >
          {[
            live.unlabelled > 0 ? words.unlabelled(format.number(live.unlabelled)) : "",
            live.stray > 0 ? words.stray(format.number(live.stray)) : "",
          ].join(" ")}
        </Notice>
      ) : null}
      {live && live.events.length > 0 && (live.pending_since || live.no_traffic) ? (
        <ul className={css.events} aria-label={words.events}>
          {live.events.map((event) => (
            <li key={event.id}>
              <span className={css.subtle}>{event.at ? format.time(event.at) : "–"}</span>{" "}
              <strong>{visible(event.reason)}</strong> {visible(event.message)}
            </li>
          ))}
        </ul>
      ) : null}
      {labelling ? (
        <LabelDialog id={entry.row.id} name={name} onClose={() => setLabelling(false)} />
      ) : null}
    </>
  );
}

function Apply({
  apply,
  id,
  takeOver,
}: {
  apply: Order<"balancer_apply">;
  id: string;
  takeOver: boolean;
}) {
  const words = useText().balancer;
  return (
    <Button
      small
      kind="tint"
      busy={apply.pending}
      onClick={() => void apply.run({ id, take_over: takeOver })}
    >
      {apply.pending ? words.applying : takeOver ? words.takeOver : words.apply}
    </Button>
  );
}

function Notice({
  state,
  action,
  children,
}: {
  state: MarkState;
  action?: React.ReactNode;
  children: string;
}) {
  return (
    <div className={css.notice}>
      <Status state={state} still>
        <span className={css.noticeText}>{children}</span>
      </Status>
      {action}
    </div>
  );
}

/** Says what the change does, and what it does not, before it acts. */
function LabelDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const text = useText();
  const format = useFormat();
  const words = text.balancer;
  const label = useOrder("balancer_label", {
    quiet: true,
    onDone: ({ added, removed }) => {
      toast({
        state: "ok",
        title: words.labelled(format.number(added), format.number(removed)),
      });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.labelTitle}
      description={words.labelText(name)}
      action={{
        label: label.pending ? words.labelDoing : words.labelDo,
        busy: label.pending,
        onAction: () => void label.run(id),
      }}
    >
      <Status state="warn">
        <span className={css.noticeText}>{words.labelWarning}</span>
      </Status>
      {label.error ? <ErrorState compact error={label.error} /> : null}
    </Dialog>
  );
}
