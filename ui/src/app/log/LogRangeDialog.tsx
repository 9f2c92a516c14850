import { useState } from "react";
import { useText } from "~/i18n";
import { Dialog, Field, Input } from "~/kit";
import type { LogFrom } from "~/wire/types";

/** From one time to another, by the clock of this computer. */
export function LogRangeDialog({
  onClose,
  onChoose,
}: {
  onClose: () => void;
  onChoose: (from: LogFrom) => void;
}) {
  const words = useText().log;
  const [from, setFrom] = useState(() => local(new Date(Date.now() - 3_600_000)));
  const [until, setUntil] = useState("");
  const begin = Date.parse(from);
  const end = until === "" ? null : Date.parse(until);
  const wrong = Number.isNaN(begin) || (end !== null && !(end > begin));
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.rangeTitle}
      action={{
        label: words.rangeOpen,
        disabled: wrong,
        onAction: () =>
          onChoose({
            kind: "range",
            from: new Date(begin).toISOString(),
            until: end === null ? null : new Date(end).toISOString(),
          }),
      }}
    >
      <Field label={words.rangeFrom}>
        <Input type="datetime-local" step={1} value={from} onChange={setFrom} />
      </Field>
      <Field label={words.rangeUntil} hint={words.rangeUntilNote}>
        <Input type="datetime-local" step={1} value={until} onChange={setUntil} />
      </Field>
    </Dialog>
  );
}

/** As the field writes it. */
function local(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}
