import { VariableRows } from "~/app/VariableRows";
import { useText } from "~/i18n";
import { Field, Section } from "~/kit";
import type { GroupForm } from "./useGroupForm";

/** Environment variables of the group; they go over the app's of the same name. */
export function VariablesSection({ form }: { form: GroupForm }) {
  const words = useText().variable;
  const { variables } = form.draft;
  const paths = variables.flatMap((_, at) => [`variables.${at}.name`, `variables.${at}.value`]);
  const { error } = form.fieldProps("variables", ...paths);
  return (
    <Section title={words.plural} note={words.pasteNote}>
      <Field group label="" error={error} hint={words.plainNote}>
        <VariableRows
          variables={variables}
          onChange={(next, path) => form.set("variables", next, path)}
          onRemove={(at) => form.removeRow("variables", at)}
          isWrong={form.isWrong}
        />
      </Field>
    </Section>
  );
}
