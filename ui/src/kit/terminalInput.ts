/** What a key reports that an input method has taken for itself. */
const TAKEN = 229;

/** Whether a key went to an input method: what comes of it is told as input. */
export function isTaken(event: KeyboardEvent): boolean {
  return event.keyCode === TAKEN;
}

/**
 * Gives on what input methods write into the field of a screen, each text once. A screen reads it out of the field, from
 * where the composition began: WebKitGTK tells no beginning where the input method shows what is composed by itself, so
 * everything in the field would be read again. It is given on here, as it is told, and the field is left empty. `host` is
 * around the field: it hears of everything before the screen does. Returns how to end it.
 */
export function giveOnComposed(host: HTMLElement, type: (text: string) => void): () => void {
  let taken = false;
  const onKeyDown = (event: KeyboardEvent) => {
    taken = isTaken(event);
  };
  const onInput = (event: Event) => {
    const { data, inputType, target } = event as InputEvent;
    // A mark or a digit that an input method passes on is no composition.
    const passedOn = inputType === "insertText" && taken;
    if (!data || !(inputType === "insertFromComposition" || passedOn)) return;
    (target as HTMLTextAreaElement).value = "";
    type(data);
    event.stopPropagation();
  };
  host.addEventListener("keydown", onKeyDown, { capture: true });
  host.addEventListener("input", onInput, { capture: true });
  return () => {
    host.removeEventListener("keydown", onKeyDown, { capture: true });
    host.removeEventListener("input", onInput, { capture: true });
  };
}
