import { Link } from "@tanstack/react-router";
import { GitMerge, Rocket } from "lucide-react";
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

/** Which keys those are, by group. */
export function useEmptyKeys(app: string): ReadonlyMap<string, readonly string[]> {
  const some = useEmptyValues(app).size > 0;
  const matrix = useCall("config_matrix", app, { enabled: some });
  return new Map(
    matrix.data?.groups.map(({ id }, at) => [
      id,
      (matrix.data?.keys ?? [])
        .filter(({ cells }) => cells[at]?.state === "empty")
        .map(({ key }) => key),
    ]),
  );
}

/** Directly under a group's header: how much waits for a release, of which sections, and what can be done about it. */
export function PendingBar({
  app,
  group,
  wrong,
  locked,
  bare,
}: {
  app: string;
  group: string;
  /** Said after the sections: fields that must be corrected first. */
  wrong?: string | undefined;
  /** Why nothing can be deployed now. */
  locked?: string | false | undefined;
  /** The diff is in front already, and *Deploy* stands in the header. */
  bare?: boolean | undefined;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.diff;
  const pending = usePending(app).get(group);
  const meanwhile = useCall("group_merge", group, { enabled: pending !== undefined }).data?.theirs;
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
          {meanwhile ? (
            <Button
              small
              icon={GitMerge}
              render={<Link to="/app/$app/groups/$group/merge" params={{ app, group }} />}
            >
              {text.merge.action}
            </Button>
          ) : null}
          {bare ? null : (
            <>
              <Button
                small
                render={<Link to="/app/$app/groups/$group/diff" params={{ app, group }} />}
              >
                {words.seeDiff}
              </Button>
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
          )}
        </>
      }
    >
      {words.pendingWait(pending.changes, format.list(sections))}{" "}
      {meanwhile
        ? text.merge.alsoMeanwhile(meanwhile.seq === null ? "–" : `r${meanwhile.seq}`, meanwhile.by)
        : null}{" "}
      {wrong ? <em>{wrong}</em> : null}
    </Bar>
  );
}
