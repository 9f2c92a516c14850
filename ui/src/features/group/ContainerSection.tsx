import { useText } from "~/i18n";
import { Field, Input, NumberStepper, Row, Section, visible } from "~/kit";
import type { App } from "~/wire/types";
import { AdvancedFields } from "./AdvancedFields";
import { AmountsField } from "./AmountsField";
import { CommandFields } from "./CommandFields";
import { fullImage, isOfRepository, numberOf } from "./draft";
import css from "./group.module.css";
import { PortsField } from "./PortsField";
import { PullSecretField } from "./PullSecretField";
import type { GroupForm } from "./useGroupForm";

const COUNT_MAX = 1000;

/** What runs, how often, and how large. */
export function ContainerSection({ form, app }: { form: GroupForm; app: App }) {
  const text = useText();
  const words = text.group.edit;
  const { draft } = form;
  return (
    <Section id="container" title={words.container}>
      <ImageField form={form} app={app} />
      <Field label={words.count} hint={words.countHint} {...form.fieldProps("count")}>
        <Row>
          <NumberStepper
            value={numberOf(draft.count)}
            min={0}
            max={COUNT_MAX}
            invalid={form.isWrong("count")}
            onChange={(value) => form.set("count", value === null ? "" : String(value))}
          />
          <span className={css.subtle}>{words.pods}</span>
        </Row>
      </Field>
      <AmountsField form={form} />
      <CommandFields form={form} />
      <PortsField form={form} />
      <PullSecretField form={form} />
      <AdvancedFields form={form} />
    </Section>
  );
}

function ImageField({ form, app }: { form: GroupForm; app: App }) {
  const text = useText();
  const words = text.group.edit;
  const image = form.draft.image;
  const full = fullImage(image, app.repository);
  const short = isOfRepository(image) && app.repository !== "";
  const hint =
    image.trim() === ""
      ? app.repository === ""
        ? words.imageNoRepository
        : words.imageNone
      : full === ""
        ? words.imageNoRepository
        : words.imageIs(visible(full));
  const props = form.fieldProps("image");
  return (
    <Field label={words.image} hint={props.error ? undefined : hint} {...props}>
      <Input
        mono
        prefix={short ? <span className={css.repository}>{`${app.repository}:`}</span> : undefined}
        placeholder={app.repository === "" ? words.imageFull : words.imageTag}
        {...form.input("image")}
      />
    </Field>
  );
}
