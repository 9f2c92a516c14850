import { Link } from "@tanstack/react-router";
import { Copy, Rocket } from "lucide-react";
import { useState } from "react";
import { useCall, useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  Copyable,
  Editor,
  EmptyState,
  Facts,
  QueryView,
  Select,
  Skeleton,
  Split,
  SplitPanel,
  Status,
  toast,
  VersionChange,
  visible,
} from "~/kit";
import { releaseMark } from "~/kit/health";
import { copyText } from "~/platform";
import type { GroupView, ReleaseRow, YamlObject } from "~/wire/types";
import { ChangeList } from "./ChangeList";
import css from "./info.module.css";
import { RollBackButton } from "./RollBack";
import { numberOf, personOf } from "./state";

/** The current release of a group: what it is, what it changed, and everything it froze. */
export function DeploymentInfo({ view }: { view: GroupView }) {
  const words = useText().instance;
  const row = view.card.last_release;
  if (!row) {
    return (
      <EmptyState icon={Rocket} title={words.never}>
        {words.neverText}
      </EmptyState>
    );
  }
  return (
    <Split>
      <Frozen row={row} />
      <Current row={row} />
    </Split>
  );
}

function Current({ row }: { row: ReleaseRow }) {
  const text = useText();
  const format = useFormat();
  const words = text.release;
  const view = useFeed({ kind: "release", release: row.id }).byId.get(row.id);
  const author = visible(personOf(row.author));
  const number = numberOf(row, text);
  return (
    <SplitPanel label={words.titleOf(number, row.group_name)}>
      <section className={css.part}>
        <div className={css.head}>
          <h2>{number}</h2>
          <Status state={releaseMark(row.state)} still={row.state !== "moving"}>
            {words.state[row.state]}
          </Status>
          <span className={css.buttons}>
            <RollBackButton row={row} small />
            <Button
              small
              render={
                <Link to="/app/$app/releases/$release" params={{ app: row.app, release: row.id }} />
              }
            >
              {words.list.open}
            </Button>
          </span>
        </div>
        <Facts
          labelWidth={72}
          items={[
            {
              label: words.list.version,
              value: <VersionChange from={row.from_version} to={row.to_version} />,
            },
            {
              label: words.list.by,
              value: row.author.device
                ? words.list.byFrom(author, visible(row.author.device))
                : words.list.byPerson(author),
            },
            {
              label: words.list.started,
              value: (
                <time dateTime={row.created} title={format.exact(row.created)}>
                  {format.dateTime(row.created)}
                </time>
              ),
            },
            ...(view
              ? [
                  {
                    label: words.image,
                    value: <Copyable text={visible(view.image)} label={words.image} />,
                  },
                ]
              : []),
            ...(row.note ? [{ label: words.list.note, value: visible(row.note) }] : []),
          ]}
        />
      </section>
      {view && view.changes.length > 0 ? (
        <section className={css.part}>
          <h3>{words.list.whatChanges}</h3>
          <ChangeList changes={view.changes} />
        </section>
      ) : null}
    </SplitPanel>
  );
}

/** The objects as the release made them. What is sensitive is in none of them. */
function Frozen({ row }: { row: ReleaseRow }) {
  const text = useText();
  const words = text.diff;
  const [role, setRole] = useState<string>();
  const query = useCall("group_yaml", {
    group: row.group,
    side: { kind: "release", id: row.id },
  });
  return (
    <div className={css.frozen}>
      <QueryView query={query} skeleton={<Skeleton rows={14} rowHeight={20} />}>
        {({ objects }) => {
          const object = objects.find((one) => one.role === role) ?? objects[0];
          return object ? (
            <>
              <Tools objects={objects} object={object} onChoose={setRole} />
              <div className={css.text}>
                <Editor
                  key={object.role}
                  label={words.object(object.kind, object.name)}
                  value={object.yaml}
                  language="yaml"
                />
              </div>
              <footer className={css.foot}>
                {object.sensitive ? words.sensitive : words.yaml.hidden}
              </footer>
            </>
          ) : null;
        }}
      </QueryView>
    </div>
  );
}

function Tools({
  objects,
  object,
  onChoose,
}: {
  objects: YamlObject[];
  object: YamlObject;
  onChoose: (role: string) => void;
}) {
  const text = useText();
  const words = text.diff;
  return (
    <div className={css.tools}>
      <Select
        label={words.yaml.object}
        value={object.role}
        onChange={onChoose}
        options={objects.map((one) => ({
          value: one.role,
          label: words.object(one.kind, one.name),
        }))}
      />
      <Button
        small
        kind="ghost"
        icon={Copy}
        onClick={() =>
          void copyText(object.yaml).then(() => toast({ state: "ok", title: text.common.copied }))
        }
      >
        {text.common.copy}
      </Button>
    </div>
  );
}
