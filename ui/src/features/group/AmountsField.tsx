import { useRef, useState } from "react";
import { useFormat, useText } from "~/i18n";
import { Field, Input, Row, Segment } from "~/kit";
import { type Preset, presetOf, presets } from "./draft";
import css from "./group.module.css";
import type { GroupForm } from "./useGroupForm";

/** Requests and limits: three sizes that fit most, or amounts of one's own. */
export function AmountsField({ form }: { form: GroupForm }) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const { cpu, memory } = form.draft;
  const fields = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState(false);
  const chosen = own ? "own" : (presetOf({ cpu, memory }) ?? "own");
  const choose = (preset: Preset | "own") => {
    setOwn(preset === "own");
    if (preset === "own") fields.current?.querySelector<HTMLElement>("input[aria-label]")?.focus();
    else form.setAll(presets[preset], "cpu");
  };
  const amount = (resource: "cpu" | "memory", part: "request" | "limit") => (
    <Input
      className={css.amount}
      mono
      prefix={words[part]}
      aria-label={words.of(words[resource], words[part])}
      {...form.input(`${resource}.${part}`)}
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
      {...form.fieldProps("cpu.request", "cpu.limit", "memory.request", "memory.limit")}
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
