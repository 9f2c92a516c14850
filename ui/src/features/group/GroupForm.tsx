import { Link } from "@tanstack/react-router";
import { Laptop, Rocket } from "lucide-react";
import { useEffect, useRef } from "react";
import { keysOf, useShortcut } from "~/app/page";
import { useCall, useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Bar, Button, type EnvColour, ErrorState, Icon, KeyHint, QueryView, Skeleton } from "~/kit";
import { focusFirstInvalid } from "~/kit/form";
import type { App, Environment, GroupDraft, GroupView } from "~/wire/types";
import { BasicsSection } from "./BasicsSection";
import { ContainerSection } from "./ContainerSection";
import css from "./group.module.css";
import { Side } from "./Side";
import { useGroupForm } from "./useGroupForm";
import { VariablesSection } from "./VariablesSection";

/** The form of a group: fields left, what will be created and the checks right, where it is kept below. */
export function GroupForm({
  app,
  environments,
  base,
  view,
  onEnvironment,
  onCreated,
}: {
  app: App;
  environments: Environment[];
  base: GroupDraft;
  /** Null while the group does not exist. */
  view: GroupView | null;
  /** Told which environment is chosen, so that the page can wear its colour. */
  onEnvironment?: ((colour: EnvColour | undefined) => void) | undefined;
  onCreated: (group: string, draft: GroupDraft) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const clusters = useCall("cluster_list", null);
  const live = useFeed({ kind: "clusters" });
  const form = useGroupForm({ app, group: view?.id, base, onCreated });
  const column = useRef<HTMLDivElement>(null);
  const { refused } = form;
  const locked = view !== null && view.card.link_name === null ? words.readOnly : false;

  const save = () => {
    if (!locked && !form.pending && (form.dirty || view === null)) form.save();
  };
  useShortcut("mod+enter", save);
  useEffect(() => {
    if (refused) focusFirstInvalid(column.current);
  }, [refused]);

  const colour = environments.find(({ id }) => id === form.draft.environment)?.colour;
  useEffect(() => onEnvironment?.(colour), [onEnvironment, colour]);
  const link = clusters.data?.find((row) => row.link.id === form.draft.link)?.link ?? null;
  return (
    <>
      {form.restored === "no" || !form.dirty ? null : (
        <Bar
          kind="pending"
          title={words.unsaved}
          actions={
            <Button small onClick={form.discard}>
              {words.discard}
            </Button>
          }
        >
          {form.restored === "older" ? words.restoredOlder : words.restored}
        </Bar>
      )}
      {locked ? (
        <Bar kind="stale" title={words.readOnlyTitle}>
          {locked}
        </Bar>
      ) : null}
      <div className={css.edit}>
        <div ref={column} className={css.form} key={form.generation}>
          <QueryView query={clusters} skeleton={<Skeleton rows={3} />}>
            {(rows) => (
              <BasicsSection
                form={form}
                app={app}
                view={view}
                environments={environments}
                clusters={rows}
                live={live.byId}
              />
            )}
          </QueryView>
          <ContainerSection form={form} app={app} />
          <VariablesSection form={form} />
          {form.error ? (
            <div className={css.failed}>
              <ErrorState compact error={form.error} />
            </div>
          ) : null}
        </div>
        <Side
          form={form}
          app={app}
          view={view}
          link={link}
          session={live.byId.get(form.draft.link)?.session}
        />
      </div>
      <footer className={css.footer}>
        <p className={css.footText} role="status">
          <Icon of={Laptop} />
          {form.wrong > 0
            ? words.keptWrong(format.number(form.wrong))
            : form.dirty
              ? words.keptUnsaved
              : words.kept}
        </p>
        {form.dirty ? (
          <Button kind="ghost" disabled={form.pending} onClick={form.discard}>
            {words.discard}
          </Button>
        ) : null}
        {view ? (
          <Button
            icon={Rocket}
            notYet={locked || (form.dirty ? words.saveFirst : false)}
            render={
              form.dirty || locked ? undefined : (
                <Link
                  to="/app/$app/releases/new"
                  params={{ app: app.id }}
                  search={{ group: view.id }}
                />
              )
            }
          >
            {words.newRelease}
          </Button>
        ) : null}
        <Button
          kind="filled"
          busy={form.pending}
          disabled={view !== null && !form.dirty}
          notYet={locked}
          aria-keyshortcuts="Control+Enter"
          onClick={save}
        >
          {view
            ? form.pending
              ? words.saving
              : words.save
            : form.pending
              ? words.creating
              : words.create}
          <KeyHint keys={keysOf("mod+Enter")} onFill />
        </Button>
      </footer>
    </>
  );
}
