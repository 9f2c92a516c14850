import { Link } from "@tanstack/react-router";
import { Laptop, Rocket } from "lucide-react";
import { useEffect, useRef } from "react";
import { keysOf, useShortcut } from "~/app/page";
import { useCall, useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Bar, Button, ErrorState, FormFooter, Icon, KeyHint, QueryView, Skeleton } from "~/kit";
import { focusFirstInvalid } from "~/kit/form";
import type { App, Environment, GroupView } from "~/wire/types";
import { BasicsSection } from "./BasicsSection";
import { ContainerSection } from "./ContainerSection";
import { GpuSection } from "./GpuSection";
import { GroupNav } from "./GroupNav";
import css from "./group.module.css";
import { TriedHealth } from "./HealthSection";
import { LifecycleSection } from "./LifecycleSection";
import { PatchSection } from "./PatchSection";
import { StrategySection } from "./StrategySection";
import { type GroupForm as Form, useGroupForm } from "./useGroupForm";
import { useSection } from "./useSection";
import { VariablesSection } from "./VariablesSection";

/** All settings of a group on one page: sections left, fields beside them, where it is kept below. */
export function GroupForm({
  app,
  environments,
  view,
}: {
  app: App;
  environments: Environment[];
  view: GroupView;
}) {
  const text = useText();
  const words = text.group.edit;
  const form = useGroupForm({ app, group: view.id, base: view.draft });
  const column = useRef<HTMLDivElement>(null);
  const unlinked = view.card.link !== "" && view.card.link_name === null;
  const locked = unlinked ? words.readOnly : false;
  const wrong = form.errors?.length ?? view.errors.length;

  const save = () => {
    if (!locked && !form.pending && form.dirty) void form.save();
  };
  useShortcut("mod+enter", save);
  useFirstWrong(form, column);
  const { current, go } = useSection(column);

  const held = form.dirty ? words.saveFirst : wrong > 0 ? text.groupForm.deployWrong : locked;
  return (
    <>
      <RestoredBar form={form} />
      {locked ? (
        <Bar kind="stale" title={words.readOnlyTitle}>
          {locked}
        </Bar>
      ) : null}
      <div className={css.edit}>
        <GroupNav app={app.id} group={view.id} form={form} current={current} onGo={go} />
        <div ref={column} className={css.form} key={form.generation}>
          <div>
            <Basics form={form} app={app} view={view} environments={environments} />
            <ContainerSection form={form} app={app} />
            <StrategySection form={form} />
            <TriedHealth form={form} group={view.id} />
            <LifecycleSection form={form} />
            <GpuSection form={form} />
            <VariablesSection form={form} />
            <PatchSection form={form} onSave={save} />
            <Failed form={form} />
          </div>
        </div>
      </div>
      <FormFooter facts={<Kept form={form} />}>
        {form.dirty ? (
          <Button kind="ghost" disabled={form.pending} onClick={form.discard}>
            {words.discard}
          </Button>
        ) : null}
        <Button
          icon={Rocket}
          notYet={held}
          render={
            held ? undefined : (
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
        <Button
          kind="filled"
          busy={form.pending}
          disabled={!form.dirty}
          notYet={locked}
          aria-keyshortcuts="Control+Enter"
          onClick={save}
        >
          {form.pending ? words.saving : words.save}
          <KeyHint keys={keysOf("mod+Enter")} onFill />
        </Button>
      </FormFooter>
    </>
  );
}

/**
 * After an attempt to save, the keyboard goes on in the first field that is wrong. Which it is may be known a moment
 * later; whoever types on in between stays where they are.
 */
export function useFirstWrong(form: Form, column: { current: HTMLDivElement | null }) {
  const { attempts, draft, refused } = form;
  const wrong = form.wrong();
  const waits = useRef(false);
  const tried = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the draft ends the wait
  useEffect(() => {
    waits.current = false;
  }, [draft]);
  useEffect(() => {
    if (attempts > tried.current) waits.current = true;
    tried.current = attempts;
    if (!refused && !(waits.current && wrong > 0)) return;
    waits.current = false;
    focusFirstInvalid(column.current);
  }, [attempts, refused, wrong, column]);
}

/** What was typed in an earlier visit is here again. */
export function RestoredBar({ form }: { form: Form }) {
  const words = useText().group.edit;
  if (form.restored === "no" || !form.dirty) return null;
  return (
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
  );
}

/** Who and where, once the clusters are known. */
export function Basics({
  form,
  app,
  view,
  environments,
}: {
  form: Form;
  app: App;
  view: GroupView | null;
  environments: Environment[];
}) {
  const clusters = useCall("cluster_list", null);
  const live = useFeed({ kind: "clusters" });
  return (
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
  );
}

/** What no field can say. */
export function Failed({ form }: { form: Form }) {
  return form.error ? (
    <div className={css.failed}>
      <ErrorState compact error={form.error} />
    </div>
  ) : null;
}

/** Where what is typed is kept. */
export function Kept({ form, kept }: { form: Form; kept?: string }) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const wrong = form.wrong();
  return (
    <p className={css.footText} role="status">
      <Icon of={Laptop} />
      {form.dirty
        ? words.keptUnsaved
        : wrong > 0
          ? words.keptWrong(format.number(wrong))
          : (kept ?? words.kept)}
    </p>
  );
}
