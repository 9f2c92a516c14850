import { Link } from "@tanstack/react-router";
import { useCall, useFeed } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import {
  Button,
  EnvTag,
  Facts,
  PodCells,
  QueryView,
  Skeleton,
  SplitPanel,
  Status,
  StatusMark,
  VersionChange,
  visible,
} from "~/kit";
import { cellState, releaseMark } from "~/kit/health";
import type { ReleaseRow, ReleaseView } from "~/wire/types";
import { BATCH_STEPS_MAX, batchesOf } from "./batches";
import { ChangeList } from "./ChangeList";
import { RollBackButton } from "./RollBack";
import css from "./releases.module.css";
import { Strategy } from "./Strategy";
import { hasEnded, numberOf, personOf, stateWord } from "./state";
import { TrainLink } from "./train/TrainLink";

const BEFORE = 6;

/** The chosen release beside the list: what it is, what it changes, and the ones before it on its group. */
export function Chosen({ app, row }: { app: string; row: ReleaseRow }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.list;
  const view = useFeed({ kind: "release", release: row.id }).byId.get(row.id);
  const author = visible(personOf(row.author));
  return (
    <SplitPanel label={text.release.titleOf(numberOf(row, text), row.group_name)}>
      <section className={css.part}>
        <div className={css.title}>
          <h2>
            {numberOf(row, text)}
            <EnvTag colour={row.environment.colour}>
              {environmentWord(row.environment.name, text)}
            </EnvTag>
            <span>{row.group_name}</span>
          </h2>
          <Button
            kind="filled"
            render={<Link to="/app/$app/releases/$release" params={{ app, release: row.id }} />}
          >
            {words.open}
          </Button>
        </div>
        <p className={css.line}>
          <Status state={releaseMark(row.state)} still={row.state !== "moving"}>
            {view ? stateWord(view, text, format) : text.release.state[row.state]}
          </Status>
          <span>
            {row.author.device
              ? words.byFrom(author, visible(row.author.device))
              : words.byPerson(author)}
          </span>
        </p>
        {row.back_to === null ? null : (
          <p className={css.line}>{text.release.back.of(`r${row.back_to}`)}</p>
        )}
        {row.train === null ? null : (
          <p className={css.line}>
            <TrainLink row={row} />
          </p>
        )}
        {hasEnded(row.state) ? null : <Cells app={app} group={row.group} />}
        {view && !hasEnded(row.state) ? <Batches view={view} /> : null}
        <div className={css.line}>
          <RollBackButton row={row} small />
        </div>
      </section>
      <Changes row={row} view={view} />
      <Before app={app} row={row} />
    </SplitPanel>
  );
}

function Cells({ app, group }: { app: string; group: string }) {
  const text = useText();
  const format = useFormat();
  const live = useFeed({ kind: "groups", app }).byId.get(group);
  if (!live) return null;
  return (
    <p className={css.line}>
      <PodCells
        size="large"
        pods={live.cells.map((cell) => ({ state: cellState(cell, live.stale_since !== null) }))}
      />
      <span>{text.release.podsReady(format.number(live.ready), format.number(live.desired))}</span>
    </p>
  );
}

/** How far a release in batches is. */
function Batches({ view }: { view: ReleaseView }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.batched;
  const batches = batchesOf(view);
  if (batches.length === 0 || batches.length > BATCH_STEPS_MAX) return null;
  return (
    <ol className={css.batches} aria-label={text.release.batches}>
      {batches.map(({ number, pods, mark, begun, done }) => (
        <li key={number}>
          <StatusMark state={mark} />
          <strong>{words.batch(format.number(number))}</strong>
          <span>{words.pods(format.number(pods))}</span>
          {begun ? (
            <time dateTime={begun} title={format.exact(begun)}>
              {done
                ? `${format.time(begun)} – ${format.time(done)}`
                : words.since(format.time(begun))}
            </time>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

function Changes({ row, view }: { row: ReleaseRow; view: ReleaseView | undefined }) {
  const text = useText();
  const words = text.release.list;
  return (
    <section className={css.part}>
      <h3>{words.whatChanges}</h3>
      <Facts
        labelWidth={72}
        items={[
          {
            label: words.version,
            value: <VersionChange from={row.from_version} to={row.to_version} />,
          },
          ...(view
            ? [
                {
                  label: text.release.plan.strategy,
                  value: <Strategy way={view} first={row.from_version === null} />,
                },
              ]
            : []),
          ...(view?.cluster ? [{ label: words.cluster, value: view.cluster }] : []),
          {
            label: words.note,
            value: row.note ? (
              visible(row.note)
            ) : (
              <span className={css.subtle}>{words.noNote}</span>
            ),
          },
        ]}
      />
      {view && view.changes.length > 0 ? (
        <div className={css.changes}>
          <ChangeList changes={view.changes} />
        </div>
      ) : null}
    </section>
  );
}

function Before({ app, row }: { app: string; row: ReleaseRow }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.list;
  const before = useCall("release_list", {
    app,
    last: false,
    group: row.group,
    before: row.id,
    limit: BEFORE,
  });
  return (
    <section className={css.part}>
      <div className={css.heading}>
        <h3>{words.beforeIt(row.group_name)}</h3>
        <Link to="/app/$app/releases" params={{ app }} search={{ group: row.group, show: "all" }}>
          {words.allOf}
        </Link>
      </div>
      <QueryView
        query={before}
        skeleton={<Skeleton rows={3} rowHeight={28} />}
        isEmpty={(page) => page.rows.length === 0}
        empty={<p className={css.subtle}>{words.nothingBefore}</p>}
      >
        {(page) => (
          <ul>
            {page.rows.map((one) => (
              <li key={one.id} className={css.before}>
                <StatusMark
                  state={releaseMark(one.state)}
                  label={text.release.state[one.state]}
                  still
                />
                <Link
                  className={css.mono}
                  to="/app/$app/releases/$release"
                  params={{ app, release: one.id }}
                >
                  {numberOf(one, text)}
                </Link>
                <VersionChange from={one.from_version} to={one.to_version} />
                <span
                  className={css.who}
                  title={`${visible(personOf(one.author))} · ${format.exact(one.created)}`}
                >
                  {visible(personOf(one.author))}
                </span>
                <time className={css.when} dateTime={one.created} title={format.exact(one.created)}>
                  {format.dateTime(one.created)}
                </time>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </section>
  );
}
