import { Link, useParams } from "@tanstack/react-router";
import { Activity, Copy, Rocket } from "lucide-react";
import { useState } from "react";
import { GroupSwitcher } from "~/app/GroupSwitcher";
import { Page, useView } from "~/app/page";
import { PendingBar } from "~/app/pending";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Bar, Button, later, QueryView, Skeleton } from "~/kit";
import type { App, Environment, GroupView } from "~/wire/types";
import { GroupForm } from "./GroupForm";
import css from "./group.module.css";

const CloneDialog = later(async () => (await import("./CloneDialog")).CloneDialog);

/** The settings of a group. */
export default function GroupEditPage() {
  const { app = "", group = "" }: { app?: string; group?: string } = useParams({ strict: false });
  // The form belongs to one group: with another it begins anew.
  return <Group key={group} app={app} group={group} />;
}

function Group({ app, group }: { app: string; group: string }) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const apps = useCall("app_get", app);
  const environments = useCall("environment_list", null);
  const query = useCall("group_get", group);
  const [cloning, setCloning] = useState(false);
  const view = query.data;
  return (
    <Page
      title={view?.card.name ?? text.frame.page.group}
      path={[
        <Link key="groups" to="/app/$app/groups" params={{ app }}>
          {text.frame.page.groups}
        </Link>,
      ]}
      env={view?.environment?.colour}
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
            <Button icon={Copy} onClick={() => setCloning(true)}>
              {text.groupForm.cloneTo}
            </Button>
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
      <QueryView query={apps} skeleton={<Skeleton rows={10} />}>
        {(its) => (
          <QueryView query={environments} skeleton={<Skeleton rows={10} />}>
            {(all) => (
              <QueryView query={query} skeleton={<Skeleton rows={10} />}>
                {(known) => <Content app={its} environments={all} view={known} />}
              </QueryView>
            )}
          </QueryView>
        )}
      </QueryView>
      {cloning && view ? (
        <CloneDialog app={app} card={view.card} onClose={() => setCloning(false)} />
      ) : null}
    </Page>
  );
}

function Content({
  app,
  environments,
  view,
}: {
  app: App;
  environments: Environment[];
  view: GroupView;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const [show] = useView("show");
  const { errors, last_release, link, link_name, name } = view.card;
  const created = show === "created" && last_release === null;
  return (
    <>
      {created ? (
        <Bar
          kind="waiting"
          title={words.created(name)}
          actions={
            errors > 0 ? undefined : (
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
            )
          }
        >
          {words.createdText}
        </Bar>
      ) : null}
      <PendingBar
        app={app.id}
        group={view.id}
        wrong={errors > 0 ? text.groupForm.wrongFirst(format.number(errors)) : undefined}
        locked={link !== "" && link_name === null && text.group.list.deployLocked}
      />
      <GroupForm app={app} environments={environments} view={view} />
    </>
  );
}
