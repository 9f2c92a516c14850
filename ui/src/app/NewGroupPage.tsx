import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, Laptop } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useCall } from "~/data";
import { BalancerStep } from "~/features/balancer/BalancerStep";
import { FilesStep } from "~/features/config/FilesStep";
import { DraftStep } from "~/features/group/DraftStep";
import { Kept } from "~/features/group/GroupForm";
import { Side } from "~/features/group/Side";
import type { GroupForm } from "~/features/group/useGroupForm";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  type EnvColour,
  FormFooter,
  Icon,
  KeyHint,
  later,
  QueryView,
  Skeleton,
  Status,
  Stepper,
} from "~/kit";
import type { App, Environment, GroupView } from "~/wire/types";
import css from "./NewGroupPage.module.css";
import { keysOf, Page, useShortcut, useView } from "./page";

const DiscardDialog = later(
  async () => (await import("~/features/group/DiscardDialog")).DiscardDialog,
);

const steps = ["start", "balancers", "files"] as const;
type Step = (typeof steps)[number];

/** A new group in three steps. It is a stored draft from the end of the first one; the address carries the step. */
export default function NewGroupPage() {
  const { app = "" }: { app?: string } = useParams({ strict: false });
  const [group] = useView("group");
  return group === undefined ? (
    <Begin key={app} app={app} />
  ) : (
    <Begun key={group} app={app} group={group} />
  );
}

function Begin({ app }: { app: string }) {
  const first = useCall("group_new", app);
  const [env, setEnv] = useState<EnvColour>();
  const ways = useWays(app);
  const save = (form: GroupForm, then: (group: string) => void) => {
    if (!form.pending) void form.save().then((group) => group !== undefined && then(group));
  };
  return (
    <Wizard app={app} view={null} step="start" env={env}>
      {(its, environments) => (
        <QueryView query={first} skeleton={<Skeleton rows={10} />}>
          {(base) => (
            <DraftStep
              app={its}
              environments={environments}
              base={base}
              view={null}
              onEnvironment={setEnv}
              onNext={(form) => save(form, (group) => ways.go("balancers", group))}
              footer={(form) => (
                <StartFooter
                  form={form}
                  onClose={() => save(form, ways.close)}
                  onNext={() => save(form, (group) => ways.go("balancers", group))}
                />
              )}
            />
          )}
        </QueryView>
      )}
    </Wizard>
  );
}

function Begun({ app, group }: { app: string; group: string }) {
  const [at] = useView("step");
  const stored = useCall("group_get", group);
  const step: Step = steps.find((one) => one === at) ?? "start";
  const view = stored.data ?? null;
  return (
    <Wizard app={app} view={view} step={step} env={view?.environment?.colour}>
      {(its, environments) => (
        <QueryView query={stored} skeleton={<Skeleton rows={10} />}>
          {(known) =>
            step === "start" ? (
              <Start app={its} environments={environments} view={known} />
            ) : step === "balancers" ? (
              <Balancers app={its} view={known} />
            ) : (
              <Files app={its} view={known} />
            )
          }
        </QueryView>
      )}
    </Wizard>
  );
}

/** The page around the steps. */
function Wizard({
  app,
  view,
  step,
  env,
  children,
}: {
  app: string;
  /** Null while nothing is stored. */
  view: GroupView | null;
  step: Step;
  env: EnvColour | undefined;
  children: (app: App, environments: Environment[]) => ReactNode;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.groupForm.wizard;
  const apps = useCall("app_get", app);
  const environments = useCall("environment_list", null);
  const balancers = useCall("balancer_list", app);
  const [discarding, setDiscarding] = useState(false);
  const ways = useWays(app);
  const here = steps.indexOf(step);
  const names = (balancers.data ?? [])
    .filter((row) => view !== null && row.draft.groups.includes(view.id))
    .map((row) => row.draft.name);
  const notes: Partial<Record<Step, string>> = {
    balancers: names.length > 0 ? format.list(names) : words.optional,
  };
  return (
    <Page
      title={text.group.edit.newTitle}
      path={[
        <Link key="groups" to="/app/$app/groups" params={{ app }}>
          {text.frame.page.groups}
        </Link>,
      ]}
      env={env}
      actions={
        <>
          {view ? (
            <Status state="ok" tone="plain" className={css.saved}>
              {words.draftSaved(format.time(view.saved))}
            </Status>
          ) : null}
          <Button kind="ghost" onClick={() => setDiscarding(true)}>
            {words.discard}
          </Button>
        </>
      }
    >
      <Stepper
        label={words.steps}
        current={step}
        onGo={(key) => {
          const next = steps.find((one) => one === key);
          if (next && view) ways.go(next, view.id);
        }}
        steps={steps.map((key, index) => ({
          key,
          name: words[key],
          note: notes[key],
          done: view !== null && index < here,
        }))}
      />
      <QueryView query={apps} skeleton={<Skeleton rows={10} />}>
        {(its) => (
          <QueryView query={environments} skeleton={<Skeleton rows={10} />}>
            {(all) => children(its, all)}
          </QueryView>
        )}
      </QueryView>
      {discarding ? (
        <DiscardDialog
          app={app}
          group={view}
          onClose={() => setDiscarding(false)}
          onDone={ways.close}
        />
      ) : null}
    </Page>
  );
}

/** The first step again, for a draft that is stored. */
function Start({
  app,
  environments,
  view,
}: {
  app: App;
  environments: Environment[];
  view: GroupView;
}) {
  const ways = useWays(app.id);
  const save = (form: GroupForm, then: () => void) => {
    if (form.pending) return;
    if (form.dirty) void form.save().then((group) => group !== undefined && then());
    else then();
  };
  const next = () => ways.go("balancers", view.id);
  return (
    <DraftStep
      app={app}
      environments={environments}
      base={view.draft}
      view={view}
      onNext={(form) => save(form, next)}
      footer={(form) => (
        <StartFooter
          form={form}
          onClose={() => save(form, ways.close)}
          onNext={() => save(form, next)}
        />
      )}
    />
  );
}

function StartFooter({
  form,
  onClose,
  onNext,
}: {
  form: GroupForm;
  onClose: () => void;
  onNext: () => void;
}) {
  const words = useText().groupForm.wizard;
  return (
    <FormFooter facts={<Kept form={form} kept={words.kept} />}>
      <Button disabled={form.pending} onClick={onClose}>
        {words.saveClose}
      </Button>
      <Next busy={form.pending} onNext={onNext}>
        {words.saveNext}
      </Next>
    </FormFooter>
  );
}

function Balancers({ app, view }: { app: App; view: GroupView }) {
  const words = useText().groupForm.wizard;
  const ways = useWays(app.id);
  const next = () => ways.go("files", view.id);
  useShortcut("mod+enter", next);
  return (
    <>
      <div className={css.columns}>
        <div className={css.column}>
          <BalancerStep app={app.id} group={view.id} />
        </div>
        <Side draft={view.draft} errors={view.errors} app={app} view={view} />
      </div>
      <StepFooter text={words.keptBalancers} onBack={() => ways.go("start", view.id)}>
        <Button onClick={ways.close}>{words.saveClose}</Button>
        <Next onNext={next}>{words.next}</Next>
      </StepFooter>
    </>
  );
}

function Files({ app, view }: { app: App; view: GroupView }) {
  const words = useText().groupForm.wizard;
  const ways = useWays(app.id);
  const create = () => ways.open(view.id);
  useShortcut("mod+enter", create);
  return (
    <FilesStep
      app={app}
      view={view}
      footer={
        <StepFooter text={words.created} onBack={() => ways.go("balancers", view.id)}>
          <Button onClick={() => ways.plan(view.id)}>{words.createPlan}</Button>
          <Next onNext={create}>{words.create}</Next>
        </StepFooter>
      }
    />
  );
}

function StepFooter({
  text,
  onBack,
  children,
}: {
  text: string;
  onBack: () => void;
  children: ReactNode;
}) {
  const words = useText().groupForm.wizard;
  return (
    <FormFooter
      facts={
        <span className={css.facts}>
          <Button kind="ghost" icon={ArrowLeft} onClick={onBack}>
            {words.back}
          </Button>
          <Icon of={Laptop} />
          {text}
        </span>
      }
    >
      {children}
    </FormFooter>
  );
}

/** The one action of a step. */
function Next({
  busy,
  onNext,
  children,
}: {
  busy?: boolean;
  onNext: () => void;
  children: ReactNode;
}) {
  return (
    <Button kind="filled" busy={busy} aria-keyshortcuts="Control+Enter" onClick={onNext}>
      {children}
      <KeyHint keys={keysOf("mod+Enter")} onFill />
    </Button>
  );
}

/** Between the steps, and out of them. */
function useWays(app: string) {
  const navigate = useNavigate();
  return {
    go: (step: Step, group: string) =>
      void navigate({ to: "/app/$app/groups/new", params: { app }, search: { group, step } }),
    close: () => void navigate({ to: "/app/$app/groups", params: { app } }),
    open: (group: string) =>
      void navigate({
        to: "/app/$app/groups/$group",
        params: { app, group },
        search: { show: "created" },
      }),
    plan: (group: string) =>
      void navigate({ to: "/app/$app/releases/new", params: { app }, search: { group } }),
  };
}
