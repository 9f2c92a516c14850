import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useText } from "~/i18n";
import { Dialog, Field, RadioGroup, Select } from "~/kit";
import type { GroupCard } from "~/wire/types";
import { type Compared, comparison } from "./groups";

/** Which group another one is put beside, and which definition of both. */
export function CompareDialog({
  app,
  card,
  others,
  onClose,
}: {
  app: string;
  card: GroupCard;
  others: readonly GroupCard[];
  onClose: () => void;
}) {
  const text = useText();
  const words = text.group.selection;
  const navigate = useNavigate();
  const [other, setOther] = useState(others[0]?.id ?? null);
  const [side, setSide] = useState<Compared>("saved");
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.compareTitle(card.name)}
      description={words.compareText}
      action={{
        label: words.compareAction,
        disabled: other === null,
        onAction: () => {
          if (other !== null) void navigate(comparison(app, card.id, other, side));
        },
      }}
    >
      <Field label={words.with}>
        <Select
          value={other}
          onChange={setOther}
          options={others.map((one) => ({ value: one.id, label: one.name, note: one.link_name }))}
        />
      </Field>
      <Field label={words.which}>
        <RadioGroup<Compared>
          row
          label={words.which}
          value={side}
          onChange={setSide}
          options={(["saved", "released", "live"] as const).map((value) => ({
            value,
            label: text.diff.side[value],
          }))}
        />
      </Field>
    </Dialog>
  );
}
