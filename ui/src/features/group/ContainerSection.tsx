import { useRef, useState } from "react";
import { useFormat, useText } from "~/i18n";
import { Field, Input, NumberStepper, Row, Section, Segment, visible } from "~/kit";
import type { App } from "~/wire/types";
import { CommandFields } from "./CommandFields";
import { fullImage, isOfRepository, type Preset, presetOf, presets } from "./draft";
import css from "./group.module.css";
import { PortsField } from "./PortsField";
import { ReadinessField } from "./ReadinessField";
import type { GroupForm } from "./useGroupForm";

const COUNT_MAX = 1000;

/** What runs, how often, and how large. */
export function ContainerSection({ form, app }: { form: GroupForm; app: App }) {
  const text = useText();
  const words = text.group.edit;
  const { draft } = form;
  const count = form.fieldProps("count");
  return (
    <Section title={words.container}>
      <ImageField form={form} app={app} />
      <Field label={words.count} error={count.error} hint={words.countHint}>
        <Row>
          <NumberStepper
            value={draft.count.trim() === "" ? null : numberOf(draft.count)}
            min={0}
            max={COUNT_MAX}
            onChange={(value) => form.set("count", value === null ? "" : String(value))}
          />
          <span className={css.subtle}>{words.pods}</span>
        </Row>
      </Field>
      <AmountsField form={form} />
      <CommandFields form={form} />
      <PortsField form={form} />
      <ReadinessField form={form} />
    </Section>
  );
}

function numberOf(text: string): number | null {
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

function ImageField({ form, app }: { form: GroupForm; app: App }) {
  const text = useText();
  const words = text.group.edit;
  const image = form.draft.image;
  const { error, fixTo } = form.fieldProps("image");
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
  return (
    <Field
      label={words.image}
      error={error}
      fix={
        fixTo === undefined
          ? undefined
          : { label: words.fixWith(fixTo), onFix: () => form.set("image", fixTo) }
      }
      hint={error ? undefined : hint}
    >
      <Input
        mono
        value={image}
        prefix={short ? <span className={css.repository}>{`${app.repository}:`}</span> : undefined}
        placeholder={app.repository === "" ? words.imageFull : words.imageTag}
        onChange={(value) => form.set("image", value)}
      />
    </Field>
  );
}

function AmountsField({ form }: { form: GroupForm }) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const { cpu, memory } = form.draft;
  const paths = ["cpu.request", "cpu.limit", "memory.request", "memory.limit"];
  const { error, errorPath, fixTo } = form.fieldProps(...paths);
  const fields = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState(false);
  const chosen = own ? "own" : (presetOf({ cpu, memory }) ?? "own");
  const choose = (preset: Preset | "own") => {
    setOwn(preset === "own");
    if (preset === "own") fields.current?.querySelector<HTMLElement>("input[aria-label]")?.focus();
    else form.setAmounts(presets[preset]);
  };
  const setAmount = (resource: "cpu" | "memory", part: "request" | "limit", value: string) =>
    form.set(resource, { ...form.draft[resource], [part]: value }, `${resource}.${part}`);
  const mend = () => {
    const [resource, part] = errorPath?.split(".") ?? [];
    if (fixTo === undefined || (resource !== "cpu" && resource !== "memory")) return;
    if (part === "request" || part === "limit") setAmount(resource, part, fixTo);
  };
  const amount = (resource: "cpu" | "memory", part: "request" | "limit") => (
    <Input
      className={css.amount}
      mono
      value={form.draft[resource][part]}
      prefix={words[part]}
      aria-label={words.of(words[resource], words[part])}
      invalid={form.isWrong(`${resource}.${part}`)}
      onChange={(value) => setAmount(resource, part, value)}
    />
  );
  const note = {
    small: `${format.cpu(100)} · ${format.bytes(2 ** 27)}`,
    medium: `${format.cpu(200)} · ${format.bytes(384 * 2 ** 20)}`,
    large: `${format.cpu(500)} · ${format.bytes(2 ** 30)}`,
  };
  return (
    <Field
      group
      label={words.amounts}
      error={error}
      fix={fixTo === undefined ? undefined : { label: words.fixWith(fixTo), onFix: mend }}
    >
      <div ref={fields} className={css.stack}>
        <Segment<Preset | "own">
          label={words.preset}
          value={chosen}
          onChange={choose}
          options={[
            { value: "small", label: words.small, note: note.small },
            { value: "medium", label: words.medium, note: note.medium },
            { value: "large", label: words.large, note: note.large },
            { value: "own", label: words.own },
          ]}
        />
        <Row>
          <span className={css.resource}>{words.cpu}</span>
          {amount("cpu", "request")}
          {amount("cpu", "limit")}
          <span className={css.resource}>{words.memory}</span>
          {amount("memory", "request")}
          {amount("memory", "limit")}
        </Row>
      </div>
    </Field>
  );
}
