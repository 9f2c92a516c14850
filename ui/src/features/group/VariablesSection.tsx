import { Link, useParams } from "@tanstack/react-router";
import { FileCog, Variable } from "lucide-react";
import { VariableRows } from "~/app/VariableRows";
import { useText } from "~/i18n";
import { Button, Field, Section } from "~/kit";
import type { GroupForm } from "./useGroupForm";

/** Environment variables of the group; they go over the app's of the same name. */
export function VariablesSection({ form }: { form: GroupForm }) {
  const text = useText();
  const words = text.variable;
  const params: { app?: string; group?: string } = useParams({ strict: false });
  const { variables } = form.draft;
  const paths = variables.flatMap((_, at) => [`variables.${at}.name`, `variables.${at}.value`]);
  return (
    <Section
      id="variables"
      title={words.plural}
      note={words.pasteNote}
      actions={
        params.app && params.group ? <Links app={params.app} group={params.group} /> : undefined
      }
    >
      <Field group label="" hint={words.plainNote} {...form.fieldProps("variables", ...paths)}>
        <VariableRows
          variables={variables}
          onChange={(next, path) => form.setAll({ variables: next }, path)}
          onRemove={(at) => form.removeRow("variables", at)}
          isWrong={form.isWrong}
        />
      </Field>
    </Section>
  );
}

/** To what the group inherits: its files, and the variables its pods get in the end. */
function Links({ app, group }: { app: string; group: string }) {
  const text = useText();
  return (
    <>
      <Button
        small
        kind="ghost"
        icon={Variable}
        render={
          <Link to="/app/$app/config" params={{ app }} search={{ show: "environment", group }} />
        }
      >
        {text.variable.inherited}
      </Button>
      <Button
        small
        kind="ghost"
        icon={FileCog}
        render={<Link to="/app/$app/config" params={{ app }} search={{ group }} />}
      >
        {text.frame.page.config}
      </Button>
    </>
  );
}
