import { Link, useParams } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import type { ReactNode } from "react";
import { GroupSwitcher } from "~/app/GroupSwitcher";
import { Page, type PageProps } from "~/app/page";
import { useCall } from "~/data";
import { useText } from "~/i18n";
import { Button, QueryView, Skeleton } from "~/kit";
import type { GroupView } from "~/wire/types";

/** A page about the definitions of one group: path, switcher and *Deploy* are the same on all of them. */
export function GroupFrame({
  page,
  title,
  live,
  actions,
  children,
}: {
  page: "groupDiff" | "groupMerge" | "groupYaml";
  title: string;
  live?: PageProps["live"];
  /** Before *Deploy*. */
  actions?: ReactNode;
  children: (app: string, view: GroupView) => ReactNode;
}) {
  const { app = "", group = "" }: { app?: string; group?: string } = useParams({ strict: false });
  const text = useText();
  const query = useCall("group_get", group);
  const { card, environment } = query.data ?? {};
  return (
    <Page
      title={card ? `${title} · ${card.name}` : title}
      path={[
        <Link key="groups" to="/app/$app/groups" params={{ app }}>
          {text.frame.page.groups}
        </Link>,
      ]}
      env={environment?.colour}
      switcher={
        card ? (
          <GroupSwitcher app={app} name={card.name} environment={environment ?? null} page={page} />
        ) : undefined
      }
      note={card ? title : undefined}
      live={live}
      actions={
        <>
          {actions}
          <Button
            icon={Rocket}
            render={<Link to="/app/$app/releases/new" params={{ app }} search={{ group }} />}
          >
            {text.diff.deploy}
          </Button>
        </>
      }
    >
      <QueryView query={query} skeleton={<Skeleton rows={10} />}>
        {(view) => children(app, view)}
      </QueryView>
    </Page>
  );
}
