import { useText } from "~/i18n";
import { Field, Input, NumberStepper, Row, Section } from "~/kit";
import { numberOf } from "./draft";
import css from "./fields.module.css";
import { PairsField } from "./PairsField";
import type { GroupForm } from "./useGroupForm";

/** Which GPU, and how many a pod. */
export function GpuSection({ form }: { form: GroupForm }) {
  const words = useText().groupForm;
  const { gpu } = form.draft;
  const some = gpu.resource.trim() !== "" || gpu.count.trim() !== "";
  return (
    <Section id="gpu" title={words.section.gpu} note={some ? undefined : words.none}>
      <Field
        group
        label={words.gpuType}
        hint={words.gpuHint}
        {...form.fieldProps("gpu.resource", "gpu.count")}
      >
        <Row>
          <Input
            className={css.half}
            mono
            placeholder="nvidia.com/gpu"
            aria-label={words.gpuType}
            {...form.input("gpu.resource")}
          />
          <NumberStepper
            label={words.gpuCount}
            value={numberOf(gpu.count)}
            min={0}
            invalid={form.isWrong("gpu.count")}
            onChange={(value) => form.set("gpu.count", value === null ? "" : String(value))}
          />
          <span className={css.note}>{words.aPod}</span>
        </Row>
      </Field>
      {some ? (
        <PairsField
          form={form}
          path="gpu.selector"
          label={words.gpuSelector}
          hint={words.gpuSelectorHint}
        />
      ) : null}
    </Section>
  );
}
