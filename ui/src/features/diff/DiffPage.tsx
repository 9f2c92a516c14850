import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, Columns2, Rows3 } from "lucide-react";
import { useState } from "react";
import { useView, type View } from "~/app/page";
import { PendingBar } from "~/app/pending";
import { useCall } from "~/data";
import { type SaidChange, sayChange, useFormat, useText } from "~/i18n";
import {
  changeCount,
  Diff,
  diffLines,
  EmptyState,
  ErrorState,
  IconButton,
  languageOfPath,
  QueryView,
  Segment,
  Skeleton,
  visible,
} from "~/kit";
import type { DiffOfGroups, DiffSideOf, FieldChange, GroupView, ObjectDiff } from "~/wire/types";
import css from "./diff.module.css";
import { GroupFrame } from "./GroupFrame";
import { LiveNote } from "./LiveNote";
import { SideChoice } from "./SideChoice";
import { headText, sideName, sideOf, sideWord } from "./sides";
import { Steps } from "./YamlPage";

/** Two definitions beside each other: saved, released, live, or any release of this or another group. */
export default function DiffPage() {
  const text = useText();
  return (
    <GroupFrame page="groupDiff" title={text.frame.page.groupDiff}>
      {(app, view) => <Sides key={view.id} app={app} view={view} />}
    </GroupFrame>
  );
}

function Sides({ app, view }: { app: string; view: GroupView }) {
  const text = useText();
  const words = text.diff;
  const [fromWord, setFrom] = useView("from");
  const [toWord, setTo] = useView("to");
  const [drawn, setDrawn] = useView("view");
  const never = view.card.last_release === null;
  const from = sideOf(fromWord, view.id, { kind: never ? "live" : "released" });
  const to = sideOf(toWord, view.id, { kind: "saved" });
  const query = useCall("group_diff", { from, to });
  const choose = (set: typeof setFrom) => (side: DiffSideOf) =>
    set(sideWord(side, view.id), { replace: true });
  const beside = drawn !== "inline";
  return (
    <>
      {from.group === to.group ? <PendingBar app={app} group={view.id} bare /> : null}
      <div className={css.tools}>
        <SideChoice
          app={app}
          own={view.id}
          label={words.from}
          value={from}
          onChange={choose(setFrom)}
        />
        <IconButton
          small
          icon={ArrowLeftRight}
          label={words.swap}
          render={
            <Link
              to="/app/$app/groups/$group/diff"
              params={{ app, group: view.id }}
              search={(search: View) => ({
                ...search,
                from: sideWord(to, view.id),
                to: sideWord(from, view.id),
              })}
            />
          }
        />
        <SideChoice app={app} own={view.id} label={words.to} value={to} onChange={choose(setTo)} />
        <span className={css.right}>
          <Segment<"beside" | "inline">
            label={words.how}
            value={beside ? "beside" : "inline"}
            onChange={(next) => setDrawn(next === "inline" ? next : undefined, { replace: true })}
            options={[
              { value: "beside", label: words.beside, icon: Columns2 },
              { value: "inline", label: words.inline, icon: Rows3 },
            ]}
          />
        </span>
      </div>
      {query.data === undefined && query.error ? (
        <>
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          {[from, to].map(({ group, side }) =>
            side.kind === "live" ? <LiveNote key={group} app={app} group={group} /> : null,
          )}
        </>
      ) : (
        <QueryView query={query} skeleton={<Skeleton rows={14} rowHeight={20} />}>
          {(diff) => <Differences diff={diff} beside={beside} />}
        </QueryView>
      )}
    </>
  );
}

function Differences({ diff, beside }: { diff: DiffOfGroups; beside: boolean }) {
  const text = useText();
  const format = useFormat();
  const words = text.diff;
  if (diff.changes.length + diff.objects.length === 0) {
    return (
      <EmptyState icon={Columns2} title={words.same}>
        {words.sameText}
      </EmptyState>
    );
  }
  const live = diff.from.side.kind === "live" || diff.to.side.kind === "live";
  return (
    <>
      <div className={css.scroll}>
        {diff.refused ? <p>{words.refused(diff.refused)}</p> : null}
        {diff.changes.length > 0 ? <Changes changes={diff.changes} /> : null}
        {diff.objects.length > 0 ? (
          <section aria-label={words.objects}>
            <h2>
              {words.objects}{" "}
              <span className={css.subtle}>{format.number(diff.objects.length)}</span>
            </h2>
            <div className={css.objects}>
              {diff.objects.map((object) => (
                <OneObject key={object.role} diff={diff} object={object} beside={beside} />
              ))}
            </div>
          </section>
        ) : null}
      </div>
      {live ? (
        <footer className={css.foot}>
          <span>
            {diff.defaulted > 0 ? words.defaulted(format.number(diff.defaulted)) : words.byDryRun}
          </span>
        </footer>
      ) : null}
    </>
  );
}

/** By section and by the names of the form. */
function Changes({ changes }: { changes: FieldChange[] }) {
  const text = useText();
  const format = useFormat();
  const words = text.diff;
  return (
    <section aria-label={words.fields}>
      <h2>
        {words.fields}{" "}
        <span className={css.subtle}>
          {format.number(changes.reduce((sum, change) => sum + change.count, 0))}
        </span>
      </h2>
      <div className={css.changes}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{words.field}</th>
              <th scope="col">{words.before}</th>
              <th scope="col">{words.after}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={`${change.section} ${change.field}`}>
                <th scope="row">
                  <span className={css.field}>
                    <span className={css.subtle}>{words.section[change.section]}</span>
                    <code>{visible(change.field)}</code>
                  </span>
                </th>
                <Said change={sayChange(change, text, format)} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Said({ change }: { change: SaidChange }) {
  const unset = useText().diff.unset;
  if (change.word !== undefined) {
    return (
      <td colSpan={2} className={css.subtle}>
        {change.word}
      </td>
    );
  }
  return [change.before, change.after].map((value, at) => (
    <td key={at === 0 ? "before" : "after"}>
      {value === null ? (
        <span className={css.subtle}>{unset}</span>
      ) : (
        <code className={css.value} title={visible(value)}>
          {visible(value)}
        </code>
      )}
    </td>
  ));
}

function OneObject({
  diff,
  object,
  beside,
}: {
  diff: DiffOfGroups;
  object: ObjectDiff;
  beside: boolean;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.diff;
  const [change, setChange] = useState(0);
  // What of a file may be shown says more than the Secret that it is in.
  const shown = object.sensitive && object.content ? object.content : object.diff;
  const lines = diffLines(shown);
  const path = object.role.startsWith("file:") ? object.role.slice("file:".length) : null;
  const name = words.object(object.kind, object.after ?? object.before ?? "");
  const count = changeCount(lines);
  return (
    <Diff
      lines={lines}
      label={path ?? name}
      language={
        path && (!object.sensitive || object.content) ? languageOfPath(`${path}.yaml`) : "yaml"
      }
      beside={beside}
      change={change}
      onChange={setChange}
      title={
        <>
          <code>{visible(path ?? name)}</code>
          <span className={css.add}>{words.added(format.number(shown.added))}</span>
          <span className={css.del}>{words.removed(format.number(shown.removed))}</span>
          <span className={css.subtle}>
            {object.sensitive
              ? object.content
                ? words.masked
                : words.sensitive
              : path
                ? name
                : ""}
          </span>
          <span className={css.right}>
            {count > 1 ? <Steps at={change} count={count} onChange={setChange} /> : null}
          </span>
        </>
      }
      heads={{
        old: <Head head={diff.from} other={diff.from.group !== diff.to.group} />,
        new: <Head head={diff.to} other={diff.from.group !== diff.to.group} />,
      }}
      foldText={(folded) => words.unchanged(format.number(folded))}
    />
  );
}

/** A side in words; between two groups, also whose it is. */
function Head({ head, other }: { head: DiffOfGroups["from"]; other: boolean }) {
  const text = useText();
  const format = useFormat();
  return (
    <>
      <strong>
        {other ? text.diff.ofGroup(sideName(head, text), head.group_name) : sideName(head, text)}
      </strong>
      <span className={css.subtle}>{headText(head, text, format)}</span>
    </>
  );
}
