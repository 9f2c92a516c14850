import { Lock } from "lucide-react";
import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import { Button, Checkbox, Dialog, ErrorState, Field, Input } from "~/kit";
import type { CallError } from "~/platform";

/** What a person can do themselves about a registry that does not answer them. */
export function LoginButtons({
  error,
  small,
  onOpen,
}: {
  error: CallError;
  small: boolean;
  onOpen: (kind: "login" | "plain") => void;
}) {
  const words = useText().artifact.login;
  if (error.hints.includes("allow_plain")) {
    return (
      <Button small={small} onClick={() => onOpen("plain")}>
        {words.plainOpen}
      </Button>
    );
  }
  if (!error.hints.includes("registry_sign_in")) return null;
  return (
    <Button small={small} kind="tint" onClick={() => onOpen("login")}>
      {words.open}
    </Button>
  );
}

/** How a registry is asked, and as whom. The password goes to the keyring, and is shown nowhere. */
export function RegistryDialog({
  host,
  plainOnly,
  onClose,
  onDone,
}: {
  host: string;
  plainOnly: boolean;
  onClose: () => void;
  onDone: () => void;
}) {
  const text = useText();
  const words = text.artifact.login;
  const known = useCall("registry_list", null).data?.find((one) => one.host === host);
  const [typed, setTyped] = useState<string | null>(null);
  const [password, setPassword] = useState("");
  const [plainTyped, setPlain] = useState<boolean | null>(plainOnly ? true : null);
  const username = typed ?? known?.username ?? "";
  const plain = plainTyped ?? known?.plain ?? false;
  const put = useOrder("registry_put", { quiet: true });
  const wrong = (field: string) => {
    const found = put.error?.fields.find((one) => one.field === field);
    return found ? { error: sayFieldError(found, text) } : {};
  };
  const save = async () => {
    const done = await put.run({ host, username, password, plain });
    if (done === undefined) return;
    setPassword("");
    onClose();
    onDone();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title(host)}
      description={words.text}
      action={{
        label: plainOnly && username === "" ? words.actionPlain : words.action,
        busy: put.pending,
        onAction: () => void save(),
      }}
    >
      <Field label={words.username} {...wrong("username")}>
        <Input mono value={username} onChange={setTyped} />
      </Field>
      <Field label={words.password} {...wrong("password")}>
        <Input mono type="password" icon={Lock} value={password} onChange={setPassword} />
      </Field>
      <Checkbox checked={plain} onChange={setPlain} label={words.plain}>
        {words.plain}
      </Checkbox>
      {put.error && put.error.fields.length === 0 ? <ErrorState compact error={put.error} /> : null}
    </Dialog>
  );
}
