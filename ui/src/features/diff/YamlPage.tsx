import { Link, useParams } from "@tanstack/react-router";
import { ChevronDown, ChevronUp, Columns3, Copy, FolderDown, Pencil } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useView } from "~/app/page";
import { PendingBar } from "~/app/pending";
import { useSaveYaml } from "~/app/saveYaml";
import { useCall, useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  Editor,
  EmptyState,
  ErrorState,
  IconButton,
  QueryView,
  Segment,
  Select,
  Skeleton,
  toast,
} from "~/kit";
import { feedOfGroups } from "~/kit/live";
import { copyText } from "~/platform";
import type { DiffSide, GroupView, ThreeView, YamlView } from "~/wire/types";
import css from "./diff.module.css";
import { FieldTable, ForeignBar, useForeign } from "./ForeignTable";
import { GroupFrame } from "./GroupFrame";
import { LiveNote } from "./LiveNote";
import { headText } from "./sides";
import { changesOf, ThreeWay } from "./ThreeWay";

type Which = "rendered" | "live" | "released" | "three";

const sides: Record<Exclude<Which, "three">, DiffSide> = {
  rendered: { kind: "saved" },
  live: { kind: "live" },
  released: { kind: "released" },
};

/** The objects of a group as YAML: what would be rendered, what is live, what was released, and all three at once. */
export default function YamlPage() {
  const { app = "", group = "" }: { app?: string; group?: string } = useParams({ strict: false });
  const words = useText().diff.yaml;
  const feed = useFeed({ kind: "groups", app });
  return (
    <GroupFrame
      page="groupYaml"
      title={words.title}
      live={feedOfGroups(feed)}
      actions={
        <Button
          icon={Pencil}
          render={<Link to="/app/$app/groups/$group" params={{ app, group }} />}
        >
          {words.edit}
        </Button>
      }
    >
      {(app, view) => <Yaml key={view.id} app={app} view={view} />}
    </GroupFrame>
  );
}

function Yaml({ app, view }: { app: string; view: GroupView }) {
  const [show, setShow] = useView("show");
  const released = view.card.last_release !== null;
  const first: Which = released ? "three" : "rendered";
  const which: Which =
    show === "rendered" || show === "live" || show === "released" || show === "three"
      ? show
      : first;
  const segment = (
    <WhichSegment
      value={which}
      onChange={(next) => setShow(next === first ? undefined : next, { replace: true })}
    />
  );
  return which === "three" ? (
    <Three app={app} group={view.id} segment={segment} />
  ) : (
    <One
      key={which}
      app={app}
      group={view.id}
      which={which}
      released={released}
      segment={segment}
    />
  );
}

function WhichSegment({ value, onChange }: { value: Which; onChange: (value: Which) => void }) {
  const words = useText().diff.yaml;
  return (
    <Segment<Which>
      label={words.which}
      value={value}
      onChange={onChange}
      options={[
        { value: "rendered", label: words.rendered },
        { value: "live", label: words.live },
        { value: "released", label: words.released },
        { value: "three", label: words.three, icon: Columns3 },
      ]}
    />
  );
}

function Three({ app, group, segment }: { app: string; group: string; segment: ReactNode }) {
  const query = useCall("group_three", group);
  return query.data === undefined && query.error ? (
    <>
      <div className={css.tools}>{segment}</div>
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      <LiveNote app={app} group={group} />
    </>
  ) : (
    <QueryView
      query={query}
      skeleton={
        <>
          <div className={css.tools}>{segment}</div>
          <Skeleton rows={14} rowHeight={20} />
        </>
      }
    >
      {(view) => (
        <ThreeOf
          app={app}
          group={group}
          view={view}
          segment={segment}
          refetch={() => void query.refetch()}
        />
      )}
    </QueryView>
  );
}

function ThreeOf({
  app,
  group,
  view,
  segment,
  refetch,
}: {
  app: string;
  group: string;
  view: ThreeView;
  segment: ReactNode;
  refetch: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.diff;
  const [role, setRole] = useView("open");
  const [change, setChange] = useState(0);
  const actions = useForeign(group, refetch);
  const saved = useCall("group_yaml", { group, side: { kind: "saved" } });
  const object = view.objects.find((one) => one.role === role) ?? view.objects[0];
  const changes = object ? changesOf(object.lines).length : 0;
  const at = Math.min(change, Math.max(0, changes - 1));
  return (
    <>
      {view.foreign.some((row) => !row.goes_back) ? (
        <ForeignBar view={view} actions={actions} />
      ) : (
        <PendingBar app={app} group={group} />
      )}
      <div className={css.tools}>
        {segment}
        <ObjectChoice
          objects={view.objects}
          value={object?.role}
          onChange={(next) => {
            setRole(next, { replace: true });
            setChange(0);
          }}
        />
        <span className={css.right}>
          <Steps at={at} count={changes} onChange={setChange} />
          <CopyYaml view={saved.data} role={object?.role} />
          <SaveYaml group={group} />
        </span>
      </div>
      <FieldTable view={view} actions={actions} />
      {view.refused ? <p className={css.note}>{words.refused(view.refused)}</p> : null}
      {object && view.objects.every(({ lines }) => lines.every(({ folded }) => folded > 0)) ? (
        <EmptyState icon={Columns3} title={words.same}>
          {words.yaml.allSame}
        </EmptyState>
      ) : object ? (
        <ThreeWay view={view} object={object} change={at} />
      ) : (
        <p className={css.note}>{words.yaml.nothingRuns}</p>
      )}
      <footer className={css.foot}>
        <span className={css.legend}>{words.yaml.changedInCluster}</span>
        <span className={`${css.legend} ${css.oursLegend}`}>{words.yaml.changedInDraft}</span>
        <span>
          {view.defaulted > 0 ? words.defaulted(format.number(view.defaulted)) : words.byDryRun} ·{" "}
          {words.yaml.hidden}
        </span>
      </footer>
      {actions.dialog}
    </>
  );
}

function One({
  app,
  group,
  which,
  released,
  segment,
}: {
  app: string;
  group: string;
  which: Exclude<Which, "three">;
  released: boolean;
  segment: ReactNode;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.diff;
  const [role, setRole] = useView("open");
  const never = which === "released" && !released;
  const query = useCall("group_yaml", { group, side: sides[which] }, { enabled: !never });
  const object = query.data?.objects.find((one) => one.role === role) ?? query.data?.objects[0];
  return (
    <>
      <div className={css.tools}>
        {segment}
        {query.data ? (
          <ObjectChoice
            objects={query.data.objects}
            value={object?.role}
            onChange={(next) => setRole(next, { replace: true })}
          />
        ) : null}
        <span className={css.right}>
          <CopyYaml view={query.data} role={object?.role} />
          <SaveYaml group={group} />
        </span>
      </div>
      {never ? (
        <p className={css.note}>{words.never}</p>
      ) : query.data === undefined && query.error ? (
        <>
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          {which === "live" ? <LiveNote app={app} group={group} /> : null}
        </>
      ) : (
        <QueryView query={query} skeleton={<Skeleton rows={14} rowHeight={20} />}>
          {(view) => (
            <>
              <div className={css.text}>
                {object ? (
                  <Editor
                    key={object.role}
                    label={words.object(object.kind, object.name)}
                    value={object.yaml}
                    language="yaml"
                  />
                ) : (
                  <p className={css.note}>{words.yaml.nothingRuns}</p>
                )}
              </div>
              <footer className={css.foot}>
                <span>{headText(view.head, text, format)}</span>
                <span>{object?.sensitive ? words.sensitive : words.yaml.hidden}</span>
              </footer>
            </>
          )}
        </QueryView>
      )}
    </>
  );
}

function ObjectChoice({
  objects,
  value,
  onChange,
}: {
  objects: readonly { role: string; kind: string; name: string }[];
  value: string | undefined;
  onChange: (role: string) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.diff;
  if (objects.length === 0) return null;
  return (
    <Select
      label={words.yaml.object}
      className={css.object}
      value={value ?? null}
      onChange={onChange}
      options={objects.map((object, at) => ({
        value: object.role,
        label: words.object(object.kind, object.name),
        note: words.yaml.objectAt(format.number(at + 1), format.number(objects.length)),
      }))}
    />
  );
}

/** Steps through what differs. */
export function Steps({
  at,
  count,
  onChange,
}: {
  at: number;
  count: number;
  onChange: (at: number) => void;
}) {
  const format = useFormat();
  const words = useText().diff;
  if (count === 0) return null;
  return (
    <span className={css.position}>
      <IconButton
        small
        icon={ChevronUp}
        label={words.previous}
        disabled={at === 0}
        onClick={() => onChange(at - 1)}
      />
      {words.position(format.number(at + 1), format.number(count))}
      <IconButton
        small
        icon={ChevronDown}
        label={words.next}
        disabled={at >= count - 1}
        onClick={() => onChange(at + 1)}
      />
    </span>
  );
}

function CopyYaml({ view, role }: { view: YamlView | undefined; role: string | undefined }) {
  const words = useText().diff.yaml;
  const object = view?.objects.find((one) => one.role === role);
  return (
    <Button
      icon={Copy}
      disabled={!object}
      onClick={() => {
        if (!object) return;
        void copyText(object.yaml).then(() => toast({ state: "ok", title: words.copied }));
      }}
    >
      {words.copy}
    </Button>
  );
}

function SaveYaml({ group }: { group: string }) {
  const words = useText().diff.yaml;
  const save = useSaveYaml();
  return (
    <Button icon={FolderDown} busy={save.pending} onClick={() => void save.run([group])}>
      {save.pending ? words.saving : words.save}
    </Button>
  );
}
