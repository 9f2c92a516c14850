import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Activity, Rocket } from "lucide-react";
import { type ReactNode, useState } from "react";
import { GroupSwitcher } from "~/app/GroupSwitcher";
import { Page, useView } from "~/app/page";
import { PendingBar } from "~/app/pending";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Bar, Button, type EnvColour, QueryView, Skeleton } from "~/kit";
import type { App, Environment, GroupDraft, GroupView } from "~/wire/types";
import { GroupForm } from "./GroupForm";
import css from "./group.module.css";

/** Creates a group, or changes the settings of one. */
export default function GroupEditPage() {
  const { app = "", group }: { app?: string; group?: string } = useParams({ strict: false });
  // The form belongs to one group: with another it begins anew.
  return group === undefined ? (
    <NewGroup key={app} app={app} />
  ) : (
    <ExistingGroup key={group} app={app} group={group} />
  );
}

function usePlaces(app: string) {
  const apps = useCall("app_get", app);
  const environments = useCall("environment_list", null);
  return { apps, environments };
}

function NewGroup({ app }: { app: string }) {
  const text = useText();
  const { apps, environments } = usePlaces(app);
  const first = useCall("group_new", app);
  const [env, setEnv] = useState<EnvColour>();
  return (
    <QueryPage title={text.group.edit.newTitle} app={app} env={env}>
      <QueryView query={apps} skeleton={<Skeleton rows={10} />}>
        {(its) => (
          <QueryView query={environments} skeleton={<Skeleton rows={10} />}>
            {(all) => (
              <QueryView query={first} skeleton={<Skeleton rows={10} />}>
                {(base) => (
                  <Form
                    app={its}
                    environments={all}
                    base={base}
                    view={null}
                    onEnvironment={setEnv}
                  />
                )}
              </QueryView>
            )}
          </QueryView>
        )}
      </QueryView>
    </QueryPage>
  );
}

function ExistingGroup({ app, group }: { app: string; group: string }) {
  const text = useText();
  const { apps, environments } = usePlaces(app);
  const query = useCall("group_get", group);
  return (
    <QueryPage
      title={query.data?.card.name ?? text.frame.page.group}
      app={app}
      env={query.data?.environment?.colour}
      view={query.data}
    >
      <QueryView query={apps} skeleton={<Skeleton rows={10} />}>
        {(its) => (
          <QueryView query={environments} skeleton={<Skeleton rows={10} />}>
            {(all) => (
              <QueryView query={query} skeleton={<Skeleton rows={10} />}>
                {(view) => <Form app={its} environments={all} base={view.draft} view={view} />}
              </QueryView>
            )}
          </QueryView>
        )}
      </QueryView>
    </QueryPage>
  );
}

/** The page around the form. */
function QueryPage({
  title,
  app,
  env,
  view,
  children,
}: {
  title: string;
  app: string;
  env: EnvColour | undefined;
  view?: GroupView | undefined;
  children: ReactNode;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  return (
    <Page
      title={title}
      path={[
        <Link key="groups" to="/app/$app/groups" params={{ app }}>
          {text.frame.page.groups}
        </Link>,
      ]}
      env={env}
      switcher={
        view ? (
          <GroupSwitcher
            app={app}
            name={view.card.name}
            environment={view.environment}
            page="group"
          />
        ) : undefined
      }
      note={view?.card.link_name ?? undefined}
      actions={
        view ? (
          <>
            <span className={css.saved} title={format.exact(view.saved)}>
              {words.saved(format.dateTime(view.saved))}
            </span>
            <Button
              icon={Activity}
              render={<Link to="/app/$app/running/$group" params={{ app, group: view.id }} />}
            >
              {words.running}
            </Button>
          </>
        ) : undefined
      }
    >
      {children}
    </Page>
  );
}

function Form({
  app,
  environments,
  base,
  view,
  onEnvironment,
}: {
  app: App;
  environments: Environment[];
  base: GroupDraft;
  view: GroupView | null;
  onEnvironment?: (colour: EnvColour | undefined) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const navigate = useNavigate();
  const [show] = useView("show");
  return (
    <>
      {view && show === "created" && view.card.last_release === null ? (
        <Bar
          kind="waiting"
          title={words.created(view.card.name)}
          actions={
            <Button
              small
              kind="tint"
              icon={Rocket}
              render={
                <Link
                  to="/app/$app/releases/new"
                  params={{ app: app.id }}
                  search={{ group: view.id }}
                />
              }
            >
              {words.newRelease}
            </Button>
          }
        >
          {words.createdText}
        </Bar>
      ) : null}
      {view ? (
        <PendingBar
          app={app.id}
          group={view.id}
          wrong={
            view.card.errors > 0
              ? text.group.list.fieldsWrong(format.number(view.card.errors))
              : undefined
          }
          locked={view.card.link_name === null && text.group.list.deployLocked}
        />
      ) : null}
      <GroupForm
        app={app}
        environments={environments}
        base={base}
        view={view}
        onEnvironment={onEnvironment}
        onCreated={(group) =>
          void navigate({
            to: "/app/$app/groups/$group",
            params: { app: app.id, group },
            search: { show: "created" },
          })
        }
      />
    </>
  );
}
