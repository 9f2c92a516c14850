import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Dialog, ErrorState, Field, Input, toast } from "~/kit";
import css from "./balancer.module.css";
import { addressesOf, type Entry, placesOf, servingOf } from "./balancers";

/** Says what goes and what stays. Where pods get traffic through it or an environment is protected, the name is typed. */
export function DeleteDialog({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const text = useText();
  const format = useFormat();
  const words = text.balancer.remove;
  const { row } = entry;
  const { name } = row.draft;
  const [typed, setTyped] = useState("");
  const environments = useCall("environment_list", null).data ?? [];
  const restore = useOrder("balancer_restore", {
    onDone: () => toast({ state: "ok", title: words.undone(name) }),
  });
  const remove = useOrder("balancer_delete", {
    quiet: true,
    onDone: () => {
      toast({
        state: "ok",
        title: words.done(name),
        action: { label: words.undo, onAction: () => void restore.run(row.id) },
      });
      onClose();
    },
  });
  const places = placesOf(entry).filter(({ place }) => place.state !== "new");
  const gone = places.filter(({ place }) => place.link_name !== null);
  const unlinked = places.filter(({ place }) => place.link_name === null);
  const serving = servingOf(places) ?? 0;
  const guarded = environments.filter((environment) => environment.protected);
  const isGuarded = row.groups.some((group) =>
    guarded.some((environment) => environment.id === group.environment),
  );
  const named = places.length > 0 && (serving > 0 || isGuarded);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title(name)}
      description={places.length > 0 ? words.text : undefined}
      action={{
        label: remove.pending ? words.doing : words.action(name),
        kind: "danger",
        busy: remove.pending,
        disabled: named && typed.trim() !== name,
        onAction: () => void remove.run(row.id),
      }}
    >
      <div className={css.text}>
        {serving > 0 ? <p>{words.serving(format.number(serving))}</p> : null}
        <h3>{words.goes}</h3>
        <ul className={css.bullets}>
          {gone.map(({ place, live }) => {
            const addresses = addressesOf(live, row.draft.kind);
            return (
              <li key={place.link}>
                {words.goesService(name, place.link_name ?? "")}
                {addresses.length > 0 ? ` ${words.goesAddress(addresses.join(", "))}` : ""}
              </li>
            );
          })}
          <li>{words.goesDraft}</li>
        </ul>
        <h3>{words.stays}</h3>
        <ul className={css.bullets}>
          <li>{words.staysPods}</li>
          {unlinked.map(({ place }) => (
            <li key={place.link}>{words.staysUnlinked(place.link)}</li>
          ))}
        </ul>
        {named ? (
          <Field stacked label={words.typeName(name)}>
            <Input mono value={typed} onChange={setTyped} />
          </Field>
        ) : null}
        {remove.error ? <ErrorState compact error={remove.error} /> : null}
      </div>
    </Dialog>
  );
}
