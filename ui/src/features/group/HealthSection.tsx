import { Play, X } from "lucide-react";
import { useFormat, useText } from "~/i18n";
import { Button, Section, Select, Status } from "~/kit";
import css from "./fields.module.css";
import { ProbeColumn } from "./ProbeColumn";
import { probes } from "./probes";
import type { GroupForm } from "./useGroupForm";
import { type TryNow, useTryNow } from "./useTryNow";

/** Three checks beside each other, so that they compare. */
export function HealthSection({ form, trying }: { form: GroupForm; trying?: TryNow }) {
  const format = useFormat();
  const words = useText().groupForm;
  const wrong = form.wrong("health");
  const at = trying?.at ?? null;
  return (
    <Section
      id="health"
      title={words.section.health}
      note={wrong > 0 ? <Status state="danger">{words.needYou(String(wrong))}</Status> : undefined}
      actions={trying ? <Against form={form} trying={trying} /> : undefined}
    >
      <div className={css.probes}>
        <div className={css.probeLabels} aria-hidden="true">
          <span />
          <span>{words.kind}</span>
          <span>{words.asks}</span>
          <span>{words.headers}</span>
          <span>{words.timing}</span>
          <span>{words.inARow}</span>
          <span>{at ? words.tried(format.time(at.toISOString())) : null}</span>
        </div>
        {probes.map((probe) => (
          <ProbeColumn
            key={probe}
            form={form}
            probe={probe}
            tries={trying !== undefined}
            trial={trying?.of(probe)}
          />
        ))}
      </div>
    </Section>
  );
}

/** The checks of a group that may have pods to try them on. */
export function TriedHealth({ form, group }: { form: GroupForm; group: string }) {
  return <HealthSection form={form} trying={useTryNow(form, group)} />;
}

/** The pod that is asked, and the button that does it. */
function Against({ form, trying }: { form: GroupForm; trying: TryNow }) {
  const words = useText().groupForm;
  const { pods, pod } = trying;
  const none = probes.every((probe) => form.draft[probe].kind === "none");
  const held = pods === null ? words.tryBlind : !pod ? words.tryNoPod : none && words.tryNothing;
  return (
    <span className={css.try}>
      {pod && pods ? (
        <>
          <span className={css.note}>{words.tryAgainst}</span>
          <Select
            small
            label={words.tryAgainst}
            value={pod.name}
            onChange={trying.choose}
            options={pods.map(({ name, status, version }) => ({
              value: name,
              label: name,
              note: `${version} · ${status}`,
            }))}
          />
        </>
      ) : null}
      {trying.pending ? (
        <Button small kind="ghost" icon={X} onClick={trying.stop}>
          {words.tryStop}
        </Button>
      ) : null}
      <Button
        small
        kind="tint"
        icon={Play}
        busy={trying.pending}
        notYet={held}
        onClick={trying.run}
      >
        {words.tryNow}
      </Button>
    </span>
  );
}
