import {
  Box,
  CirclePause,
  FileText,
  FolderDown,
  History,
  Lock,
  Network,
  Shield,
  Timer,
} from "lucide-react";
import type { ReactNode } from "react";
import { useFormat, useText } from "~/i18n";
import { Button, Copyable, Icon, type IconType, RelativeTime, StatusMark } from "~/kit";
import type { DeletionPlan, Doomed, DoomedKind } from "~/wire/types";
import css from "./deletion.module.css";

const icons: Record<DoomedKind, IconType> = {
  Deployment: Box,
  Service: Network,
  ConfigMap: FileText,
  Secret: Lock,
  Lease: Timer,
};

/** Pods that would end, and the way that takes only them. */
export function Running({ plan, onStop }: { plan: DeletionPlan; onStop: () => void }) {
  const text = useText();
  const format = useFormat();
  const words = text.groupLife;
  if (plan.pods === 0) return null;
  const traffic = plan.goes.filter(({ kind }) => kind === "Service").map(({ name }) => name);
  return (
    <>
      <p className={css.running} role="alert">
        <StatusMark state="danger" />
        <span>
          <strong>{words.podsRun(format.number(plan.pods))}</strong>{" "}
          {traffic.length > 0
            ? words.trafficFrom(format.number(plan.pods), format.list(traffic))
            : null}
        </span>
      </p>
      <p className={css.instead}>
        <Icon of={CirclePause} />
        <span>
          <strong>{words.stopInstead}</strong> {words.stopText}
        </span>
        <Button small onClick={onStop}>
          {words.stop}
        </Button>
      </p>
    </>
  );
}

export function Goes({ plan }: { plan: DeletionPlan }) {
  const text = useText();
  const words = text.groupLife;
  return (
    <section aria-label={words.goes}>
      <h3 className={css.heading}>
        {words.goes}
        {plan.cluster ? (
          <span className={css.aside}>
            {words.readAt} <RelativeTime at={plan.as_of} />
          </span>
        ) : null}
      </h3>
      <ul className={css.list}>
        {plan.goes.map((object) => (
          <DoomedRow key={`${object.kind}/${object.name}`} object={object} />
        ))}
        {plan.cluster ? null : (
          <Line icon={FileText} kind={text.group.noun} name={words.goesSettings} />
        )}
      </ul>
    </section>
  );
}

/** An object that goes; `aside` says how far it is. */
export function DoomedRow({ object, aside }: { object: Doomed; aside?: ReactNode }) {
  const text = useText();
  const format = useFormat();
  const words = text.groupLife;
  const { facts } = object;
  const number = (fact: string) => format.number(Number(facts[fact] ?? 0));
  const said: Record<DoomedKind, ReactNode> = {
    Deployment: words.podsAndSets(number("pods"), number("replica_sets")),
    Service: [facts.type, facts.address].filter(Boolean).join(" "),
    ConfigMap: facts.bytes ? format.bytes(Number(facts.bytes)) : null,
    Secret: facts.keys ? words.keys(number("keys")) : null,
    Lease: null,
  };
  return (
    <Line
      icon={icons[object.kind]}
      kind={object.kind === "Service" ? text.groupLife.balancer : object.kind}
      name={<code>{object.name}</code>}
      aside={aside ?? said[object.kind]}
    />
  );
}

export function Stays({ plan }: { plan: DeletionPlan }) {
  const text = useText();
  const format = useFormat();
  const words = text.groupLife;
  return (
    <section aria-label={words.stays}>
      <h3 className={css.heading}>{words.stays}</h3>
      <ul className={css.list}>
        {plan.last_seq > 0 ? (
          <Line
            icon={History}
            kind={words.records}
            name={words.recordsTo(`r${plan.last_seq}`)}
            aside={words.rebuild}
          />
        ) : null}
        {plan.stays.map((object) => (
          <Line
            key={`${object.kind}/${object.name}`}
            icon={Shield}
            kind={object.why === "shared" ? words.shared : words.notOurs}
            name={
              <>
                {object.kind} <code>{object.name}</code>
              </>
            }
            aside={[object.manager, object.created ? format.dateTime(object.created) : ""]
              .filter(Boolean)
              .join(", ")}
          />
        ))}
        {plan.unseen.length > 0 ? (
          <Line icon={Shield} kind={words.notSeen} name={plan.unseen.join(", ")} />
        ) : null}
        <Line
          icon={FolderDown}
          kind={words.export}
          name={<Copyable text={plan.export} label={words.export} />}
          aside={words.exportFirst}
        />
      </ul>
    </section>
  );
}

function Line({
  icon,
  kind,
  name,
  aside,
}: {
  icon: IconType;
  kind: string;
  name: ReactNode;
  aside?: ReactNode;
}) {
  return (
    <li className={css.line}>
      <Icon of={icon} />
      <span>{kind}</span>
      <span className={css.object}>{name}</span>
      <span className={css.aside}>{aside}</span>
    </li>
  );
}
