import { Link } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Bar, Button } from "~/kit";
import type { GroupPending } from "~/wire/types";

/** What waits for a release, by group. Groups with nothing are not in it. */
export function usePending(app: string): ReadonlyMap<string, GroupPending> {
  const pending = useCall("app_pending", app, { enabled: app !== "" });
  return new Map(pending.data?.groups.map((group) => [group.group, group]));
}

/** Values that have neither a value nor a default, by group: they block its release. Groups with none are not in it. */
export function useEmptyValues(app: string): ReadonlyMap<string, number> {
  const tree = useCall("config_tree", app, { enabled: app !== "" });
  const some = tree.data?.groups.filter(({ unset }) => unset > 0);
  return new Map(some?.map(({ id, unset }) => [id, unset]));
}

/** Directly under a group's header: how much waits for a release, of which sections, and what can be done about it. */
export function PendingBar({
  app,
  group,
  wrong,
  locked,
  here,
}: {
  app: string;
  group: string;
  /** Said after the sections: fields that must be corrected first. */
  wrong?: string | undefined;
  /** Why nothing can be deployed now. */
  locked?: string | false | undefined;
  /** The diff is in front already. */
  here?: boolean | undefined;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.diff;
  const pending = usePending(app).get(group);
  if (!pending) return null;
  const sections = pending.sections.map(({ section, changes }) =>
    words.sectionCount(words.section[section], format.number(changes)),
  );
  const why = locked || (wrong ? words.deployLater : false);
  return (
    <Bar
      kind="pending"
      title={words.pendingTitle(pending.changes, format.number(pending.changes))}
      actions={
        <>
          {here ? null : (
            <Button
              small
              render={<Link to="/app/$app/groups/$group/diff" params={{ app, group }} />}
            >
              {words.seeDiff}
            </Button>
          )}
          <Button
            small
            icon={Rocket}
            notYet={why}
            render={
              why ? undefined : (
                <Link to="/app/$app/releases/new" params={{ app }} search={{ group }} />
              )
            }
          >
            {words.deploy}
          </Button>
        </>
      }
    >
      {words.pendingWait(pending.changes, format.list(sections))} {wrong ? <em>{wrong}</em> : null}
    </Bar>
  );
}
