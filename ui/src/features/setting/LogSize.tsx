import { useRef, useState } from "react";
import { useSettings } from "~/app/page";
import { sayError, sayFieldError, useText } from "~/i18n";
import { Field, Input, Select, toast } from "~/kit";
import { CallError } from "~/platform";
import type { FieldError } from "~/wire/types";
import css from "./setting.module.css";
import { useSaveAfterPause } from "./useSaveAfterPause";

const TYPED_MAX = 20;
const OWN = "own";
const sizes = ["256 MiB", "1 GiB", "4 GiB", "16 GiB"];

/** How much of each log is kept on disk: one of a few sizes, or one that is typed. */
export function LogSize() {
  const text = useText();
  const words = text.setting;
  const { settings, change } = useSettings();
  /** While the person is at a size of their own. */
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState<FieldError | null>(null);
  const own = typed !== null || !sizes.includes(settings.log_size);
  const shown = typed ?? settings.log_size;

  const save = async (log_size: string) => {
    try {
      await change({ log_size });
      setWrong(null);
    } catch (thrown) {
      const failure = CallError.from(thrown);
      const field = failure.fields.find(({ field }) => field === "log_size") ?? null;
      setWrong(field);
      if (field === null) {
        const said = sayError(failure, text);
        toast({ state: "danger", title: words.notSaved, text: [said.title, said.why].join(" ") });
      }
    }
  };
  /** What the core was told last: leaving the field tells nothing anew. */
  const kept = useRef<string | null>(null);
  const saveTyped = () => {
    const size = typed?.trim();
    if (size === undefined || size === (kept.current ?? settings.log_size)) return;
    kept.current = size;
    void save(size);
  };
  useSaveAfterPause(typed, saveTyped);

  return (
    <Field
      group
      label={words.logSize}
      hint={words.logSizeHint}
      error={wrong ? sayFieldError(wrong, text) : undefined}
    >
      <div className={css.line}>
        <Select
          value={own ? OWN : settings.log_size}
          label={words.logSize}
          onChange={(size) => {
            setWrong(null);
            kept.current = null;
            setTyped(size === OWN ? settings.log_size : null);
            if (size !== OWN) void save(size);
          }}
          options={[
            ...sizes.map((size) => ({ value: size, label: size })),
            { value: OWN, label: words.logSizeOwn },
          ]}
        />
        {own ? (
          <Input
            className={css.size}
            value={shown}
            aria-label={words.logSizeTyped}
            invalid={wrong !== null}
            maxLength={TYPED_MAX}
            onChange={setTyped}
            onBlur={saveTyped}
          />
        ) : null}
      </div>
    </Field>
  );
}
