import { Lock } from "lucide-react";
import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { sayFieldError, useText } from "~/i18n";
import { Dialog, ErrorState, Field, Input, QueryView, Select, Skeleton, toast } from "~/kit";

/** Of the list of logins: one that is not known yet. */
const NEW = "";

/** Makes an image pull secret in the cluster from a login at a registry; its password stays in the system keyring. */
export function PullSecretDialog({
  link,
  image,
  onClose,
  onDone,
}: {
  link: string;
  /** As typed: its registry is proposed. */
  image: string;
  onClose: () => void;
  onDone: (name: string) => void;
}) {
  const text = useText();
  const words = text.groupForm.pullDialog;
  const read = useCall("registry_list", null);
  // Of others it is known only how they are asked.
  const logins = read.data?.filter(({ username }) => username !== "") ?? [];
  const proposed = registryOf(image);
  // A list that was read before may lack the newest login: until somebody chooses, what it has by now is proposed.
  const [chosen, setLogin] = useState<string | null>(null);
  const login = chosen ?? (logins.find(({ host }) => host === proposed) ?? logins[0])?.host ?? NEW;
  const [host, setHost] = useState(proposed);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [name, setName] = useState("registry");
  const put = useOrder("registry_put", { quiet: true });
  const create = useOrder("pull_secret_create", { quiet: true });
  const typeHost = (typed: string) => {
    setLogin(NEW);
    setHost(typed);
  };
  const fields = [...(put.error?.fields ?? []), ...(create.error?.fields ?? [])];
  const wrong = (field: string) => {
    const found = fields.find((one) => one.field === field);
    return found ? { error: sayFieldError(found, text) } : {};
  };
  const failed = [put.error, create.error].find((error) => error && error.fields.length === 0);
  const make = async () => {
    put.reset();
    create.reset();
    const known =
      login === NEW ? (await put.run({ host, username, password, plain: null }))?.host : login;
    if (known === undefined) return;
    // It is in the keyring now: a second attempt needs it no more.
    setPassword("");
    setLogin(known);
    const made = await create.run({ link, name: name.trim(), host: known });
    if (made === undefined) return;
    toast({ state: "ok", title: words.done(made) });
    onDone(made);
  };
  const all =
    logins.some((one) => one.host === login) || login === NEW
      ? logins
      : [...logins, { host: login, username, plain: false }];
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title}
      description={words.text}
      waits={read.data === undefined}
      action={{
        label: words.action,
        busy: put.pending || create.pending,
        onAction: () => void make(),
      }}
    >
      <QueryView query={read} skeleton={<Skeleton rows={4} rowHeight={28} />}>
        {() => (
          <>
            {all.length > 0 ? (
              <Field label={words.login}>
                <Select
                  value={login}
                  onChange={setLogin}
                  options={[
                    ...all.map((one) => ({ value: one.host, label: one.host, note: one.username })),
                    { value: NEW, label: words.other },
                  ]}
                />
              </Field>
            ) : null}
            {login === NEW ? (
              <>
                <Field label={words.host} {...wrong("host")}>
                  <Input mono placeholder="registry.example.com" value={host} onChange={typeHost} />
                </Field>
                <Field label={words.username} {...wrong("username")}>
                  <Input mono value={username} onChange={setUsername} />
                </Field>
                <Field label={words.password} hint={words.passwordHint} {...wrong("password")}>
                  <Input mono type="password" icon={Lock} value={password} onChange={setPassword} />
                </Field>
              </>
            ) : null}
            <Field label={words.name} hint={words.nameHint} {...wrong("name")}>
              <Input mono value={name} onChange={setName} />
            </Field>
            {failed ? <ErrorState compact error={failed} /> : null}
          </>
        )}
      </QueryView>
    </Dialog>
  );
}

/** What a reference begins with, where that is a registry: a domain, a port, or this computer. */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.trim().split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "";
}
