import { Lock } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useOrder } from "~/data";
import { useText } from "~/i18n";
import { Input } from "~/kit";
import { useSettled } from "~/kit/form";

const PUT_AFTER_MS = 300;

/**
 * A sensitive value is typed here once, unseen, and goes into the vault; the form gets only the random id under which the
 * vault has it. It is put as the person pauses, so that no way of saving is faster than it.
 */
export function SecretInput({
  secret,
  onSecret,
  label,
  invalid,
  inputRef,
}: {
  /** The id of what the vault has. */
  secret: string | null;
  onSecret: (secret: string) => void;
  label: string;
  invalid?: boolean | undefined;
  inputRef?: ((element: HTMLInputElement | null) => void) | undefined;
}) {
  const words = useText().variable.secret;
  const [typed, setTyped] = useState("");
  const put = useOrder("secret_put");
  const settled = useSettled(typed, PUT_AFTER_MS);
  const last = useRef("");
  const send = (value: string) => {
    if (value === "" || value === last.current) return;
    last.current = value;
    void put.run({ value }).then((id) => {
      if (id !== undefined) onSecret(id);
      else last.current = "";
    });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the pause that sends
  useEffect(() => send(settled), [settled]);
  return (
    <Input
      mono
      type="password"
      icon={Lock}
      value={typed}
      onChange={setTyped}
      onBlur={() => send(typed)}
      placeholder={secret === null ? words.type : "••••••••"}
      suffix={secret === null ? undefined : put.pending ? words.keeping : words.kept}
      aria-label={label}
      invalid={invalid}
      ref={inputRef}
    />
  );
}
