import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useCall } from "~/data";
import { useText } from "~/i18n";
import { Button, Field, Input, later, Row, Select } from "~/kit";
import css from "./group.module.css";
import type { GroupForm } from "./useGroupForm";

const PullSecretDialog = later(async () => (await import("./PullSecretDialog")).PullSecretDialog);

/** The Secret with the registry's credentials: typed, one that other groups use, or made from a login. */
export function PullSecretField({ form }: { form: GroupForm }) {
  const words = useText().groupForm;
  const { link, pull_secret } = form.draft;
  const known = useCall("pull_secret_list", link, { enabled: link !== "" }).data ?? [];
  const [creating, setCreating] = useState(false);
  return (
    <>
      <Field
        group
        label={words.pullSecret}
        hint={words.pullSecretHint}
        {...form.fieldProps("pull_secret")}
      >
        <Row>
          <Input
            className={css.half}
            mono
            placeholder={words.pullSecretNone}
            aria-label={words.pullSecret}
            {...form.input("pull_secret")}
          />
          {known.length > 0 ? (
            <Select
              label={words.pullSecretOthers}
              placeholder={words.pullSecretOthers}
              value={known.includes(pull_secret) ? pull_secret : null}
              onChange={(name) => form.set("pull_secret", name)}
              options={known.map((name) => ({ value: name, label: name }))}
            />
          ) : null}
          <Button
            icon={KeyRound}
            notYet={link === "" && words.pullSecretNoCluster}
            onClick={() => setCreating(true)}
          >
            {words.pullSecretCreate}
          </Button>
        </Row>
      </Field>
      {creating ? (
        <PullSecretDialog
          link={link}
          image={form.draft.image}
          onClose={() => setCreating(false)}
          onDone={(name) => {
            form.set("pull_secret", name);
            setCreating(false);
          }}
        />
      ) : null}
    </>
  );
}
