import { Plus } from "lucide-react";
import { useState } from "react";
import { useText } from "~/i18n";
import { Button, Editor, Field, Section } from "~/kit";
import css from "./fields.module.css";
import type { GroupForm } from "./useGroupForm";

/** What the form has no field for, kept as it is and merged over what the form makes. */
export function PatchSection({ form, onSave }: { form: GroupForm; onSave: () => void }) {
  const words = useText().groupForm;
  const { patch } = form.draft;
  const [begun, setBegun] = useState(false);
  const { error } = form.fieldProps("patch");
  return (
    <Section id="patch" title={words.section.patch} note={words.patchNote}>
      {patch === "" && !begun ? (
        <Field group label="">
          <Button
            small
            kind="ghost"
            icon={Plus}
            className={css.start}
            onClick={() => setBegun(true)}
          >
            {words.addPatch}
          </Button>
        </Field>
      ) : (
        <Field group label="YAML" hint={words.patchHint} error={error}>
          <div
            className={css.patch}
            aria-invalid={error ? true : undefined}
            tabIndex={error ? -1 : undefined}
          >
            <Editor
              label={words.section.patch}
              language="yaml"
              value={patch}
              onChange={(value) => form.set("patch", value)}
              onSave={onSave}
            />
          </div>
        </Field>
      )}
    </Section>
  );
}
