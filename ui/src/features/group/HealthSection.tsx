import { useText } from "~/i18n";
import { Section, Status } from "~/kit";
import css from "./fields.module.css";
import { ProbeColumn, probes } from "./ProbeColumn";
import type { GroupForm } from "./useGroupForm";

/** Three checks beside each other, so that they compare. */
export function HealthSection({ form }: { form: GroupForm }) {
  const words = useText().groupForm;
  const wrong = form.wrong("health");
  return (
    <Section
      id="health"
      title={words.section.health}
      note={wrong > 0 ? <Status state="danger">{words.needYou(String(wrong))}</Status> : undefined}
    >
      <div className={css.probes}>
        <div className={css.probeLabels} aria-hidden="true">
          <span />
          <span>{words.kind}</span>
          <span>{words.asks}</span>
          <span>{words.headers}</span>
          <span>{words.timing}</span>
          <span>{words.inARow}</span>
        </div>
        {probes.map((probe) => (
          <ProbeColumn key={probe} form={form} probe={probe} />
        ))}
      </div>
    </Section>
  );
}
