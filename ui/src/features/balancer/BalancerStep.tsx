import { Plus } from "lucide-react";
import { useState } from "react";
import { useCall, useFeed, useOrder } from "~/data";
import { useText } from "~/i18n";
import { Badge, Button, Checkbox, ErrorState, later, QueryView, Section, Skeleton } from "~/kit";
import type { BalancerRow } from "~/wire/types";
import css from "./balancer.module.css";
import { addressesOf, entriesOf, placesOf, portText } from "./balancers";

const BalancerDialog = later(async () => (await import("./BalancerDialog")).BalancerDialog);

/** How a group is reached: a step of making one. What is chosen here acts by itself, and nothing has to be. */
export function BalancerStep({
  app,
  group,
}: {
  app: string;
  /** Kept already, at least as a draft. */
  group: string;
}) {
  const text = useText();
  const words = text.balancer.step;
  const balancers = useCall("balancer_list", app);
  const [creating, setCreating] = useState(false);
  const update = useOrder("balancer_update", { quiet: true });
  const toggle = ({ id, draft }: BalancerRow, on: boolean) => {
    const groups = draft.groups.filter((one) => one !== group);
    void update.run({ id, draft: { ...draft, groups: on ? [...groups, group] : groups } });
  };
  return (
    <Section
      title={words.title}
      note={words.text}
      actions={
        <Button small icon={Plus} onClick={() => setCreating(true)}>
          {text.balancer.new}
        </Button>
      }
    >
      <QueryView
        query={balancers}
        skeleton={<Skeleton rows={2} />}
        isEmpty={(rows) => rows.length === 0}
        empty={<p className={css.hint}>{words.none}</p>}
      >
        {(rows) => (
          <ul className={css.step} aria-label={words.others}>
            {rows.map((row) => (
              <li key={row.id}>
                <Checkbox
                  label={words.leads(row.draft.name)}
                  checked={row.draft.groups.includes(group)}
                  disabled={update.pending}
                  onChange={(on) => toggle(row, on)}
                >
                  <Choice app={app} row={row} group={group} />
                </Checkbox>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
      {update.error ? <ErrorState compact error={update.error} /> : null}
      {creating ? (
        <BalancerDialog
          app={app}
          groups={[group]}
          onClose={() => setCreating(false)}
          onSaved={() => setCreating(false)}
        />
      ) : null}
    </Section>
  );
}

function Choice({ app, row, group }: { app: string; row: BalancerRow; group: string }) {
  const text = useText();
  const feed = useFeed({ kind: "balancers", app });
  const [entry] = entriesOf([row], feed.byId);
  const addresses = entry
    ? placesOf(entry).flatMap(({ live }) => addressesOf(live, row.draft.kind))
    : [];
  const others = row.groups.filter(({ id }) => id !== group).map(({ name }) => name);
  return (
    <span className={css.choice}>
      <strong>{row.draft.name}</strong>
      <Badge>{text.balancer.kind[row.draft.kind]}</Badge>
      <span className={css.mono}>{row.draft.ports.map(portText).join(", ")}</span>
      {addresses.length > 0 ? <span className={css.mono}>{addresses.join(", ")}</span> : null}
      {others.length > 0 ? (
        <span className={css.subtle}>{text.balancer.step.also(others.join(", "))}</span>
      ) : null}
    </span>
  );
}
