import { useState } from "react";
import { useCall } from "~/data";
import { type Catalogue, type Format, sayError, useFormat, useText } from "~/i18n";
import { Field, Input, NumberStepper, Row, Section, Select } from "~/kit";
import type { GpuDraft, GpuProduct, GpuType, LabelDraft } from "~/wire/types";
import { numberOf } from "./draft";
import css from "./fields.module.css";
import { PairsField } from "./PairsField";
import type { GroupForm } from "./useGroupForm";

/** Of the list of types: none, and one that is typed. */
const NONE = "";
const TYPED = "*";

/** Which GPU, and how many a pod. What the nodes offer is chosen; what they do not show is typed. */
export function GpuSection({ form }: { form: GroupForm }) {
  const text = useText();
  const format = useFormat();
  const words = text.groupForm;
  const { gpu, link } = form.draft;
  const offers = useCall("gpu_list", link, { enabled: link !== "" });
  const types = offers.data?.known ? offers.data.types : null;
  const resource = gpu.resource.trim();
  const offered = types?.find((type) => type.resource === resource);
  const [typing, setTyping] = useState(false);
  const some = resource !== "" || gpu.count.trim() !== "";
  const typed = types === null || types.length === 0 || typing || (some && !offered);
  const hint = offers.error
    ? words.gpuUnread(sayError(offers.error, text).title)
    : offers.data && !offers.data.known
      ? words.gpuUnknown
      : types?.length === 0
        ? words.gpuNone
        : words.gpuHint;
  const choose = (value: string) => {
    setTyping(value === TYPED);
    if (value === TYPED) return;
    const count = value === NONE ? "" : gpu.count.trim() || "1";
    form.set("gpu", { resource: value, count, selector: [] });
  };
  return (
    <Section id="gpu" title={words.section.gpu} note={some ? undefined : words.none}>
      <Field
        group
        label={words.gpuType}
        hint={hint}
        warning={types && some ? warningOf(gpu, offered, text, format) : undefined}
        {...form.fieldProps("gpu.resource", "gpu.count")}
      >
        <Row>
          {types && types.length > 0 ? (
            <Select
              label={words.gpuType}
              value={typed ? TYPED : resource}
              onChange={choose}
              options={[
                { value: NONE, label: words.none },
                ...types.map((type) => ({
                  value: type.resource,
                  label: type.resource,
                  note: words.gpuOffer(format.number(type.nodes), format.number(type.most)),
                })),
                { value: TYPED, label: words.gpuOther },
              ]}
            />
          ) : null}
          {typed ? (
            <Input
              className={css.half}
              mono
              placeholder="nvidia.com/gpu"
              aria-label={words.gpuTyped}
              {...form.input("gpu.resource")}
            />
          ) : null}
          {typed || some ? (
            <>
              <NumberStepper
                label={words.gpuCount}
                value={numberOf(gpu.count)}
                min={0}
                invalid={form.isWrong("gpu.count")}
                onChange={(value) => form.set("gpu.count", value === null ? "" : String(value))}
              />
              <span className={css.note}>{words.aPod}</span>
            </>
          ) : null}
        </Row>
      </Field>
      {some && offered && offered.products.length > 0 ? (
        <Products form={form} type={offered} />
      ) : null}
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

/** Whether there is a node that a pod could go to: of the type, of the product, and with as many as it takes. */
function warningOf(
  gpu: GpuDraft,
  offered: GpuType | undefined,
  { groupForm: words }: Catalogue,
  format: Format,
): string | undefined {
  if (!offered) return words.gpuNotOffered(gpu.resource.trim());
  const product = offered.products.find((one) => isChosen(one, gpu.selector));
  const { most } = product ?? offered;
  const count = numberOf(gpu.count) ?? 0;
  return count > most
    ? words.gpuTooMany(
        format.number(count),
        product?.value ?? offered.resource,
        format.number(most),
      )
    : undefined;
}

function isChosen({ label, value }: GpuProduct, selector: readonly LabelDraft[]): boolean {
  return selector.some((pair) => pair.key.trim() === label && pair.value.trim() === value);
}

/** The products of a type, as labels of the nodes name them. */
function Products({ form, type }: { form: GroupForm; type: GpuType }) {
  const format = useFormat();
  const words = useText().groupForm;
  const { selector } = form.draft.gpu;
  const name = ({ label, value }: GpuProduct) => `${label}=${value}`;
  const chosen = type.products.find((one) => isChosen(one, selector));
  const choose = (value: string) => {
    const product = type.products.find((one) => name(one) === value);
    const others = selector.filter(
      ({ key }) => !type.products.some(({ label }) => label === key.trim()),
    );
    form.set(
      "gpu.selector",
      product ? [...others, { key: product.label, value: product.value }] : others,
    );
  };
  return (
    <Field label={words.gpuProduct}>
      <Select
        value={chosen ? name(chosen) : NONE}
        onChange={choose}
        options={[
          { value: NONE, label: words.gpuAnyProduct },
          ...type.products.map((product) => ({
            value: name(product),
            label: product.value,
            note: words.gpuOffer(format.number(product.nodes), format.number(product.most)),
          })),
        ]}
      />
    </Field>
  );
}
