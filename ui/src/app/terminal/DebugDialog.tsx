import { useState } from "react";
import { useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import { Dialog, ErrorState, Field, Input, visible } from "~/kit";
import type { PodPlace } from "~/wire/types";

/** Offers a container with tools beside one whose image has no shell, and says what that does. */
export function DebugDialog({
  of: place,
  onAdded,
  onClose,
}: {
  of: PodPlace;
  /** It runs, under this name. */
  onAdded: (container: string) => void;
  onClose: () => void;
}) {
  const text = useText();
  const words = text.terminal;
  const [image, setImage] = useState("");
  const add = useOrder("terminal_debug", {
    quiet: true,
    onDone: (container) => {
      onAdded(container);
      onClose();
    },
  });
  const refused = add.error?.fields.find(({ field }) => field === "image");
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.debugTitle(visible(place.container))}
      description={words.debugText}
      action={{
        label: words.debugAdd,
        busy: add.pending,
        onAction: () => void add.run({ ...place, image }),
      }}
    >
      <Field
        stacked
        label={words.debugImage}
        hint={words.debugImageHelp}
        error={refused && sayFieldError(refused, text)}
      >
        <Input mono value={image} onChange={setImage} />
      </Field>
      {add.error && !refused ? <ErrorState compact error={add.error} /> : null}
    </Dialog>
  );
}
