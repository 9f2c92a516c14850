import { Link, useParams } from "@tanstack/react-router";
import { Activity, Laptop, SearchX } from "lucide-react";
import { useOpenLog } from "~/app/log/open";
import { Page } from "~/app/page";
import { useFeed } from "~/data";
import { environmentWord, useFormat, useText } from "~/i18n";
import {
  Bar,
  Button,
  Copyable,
  EmptyState,
  EnvTag,
  ErrorState,
  Facts,
  FeedView,
  Icon,
  PodCells,
  Skeleton,
  Stages,
  StaleBar,
  Status,
  Timeline,
  useKeepFocus,
  useNow,
  VersionChange,
  visible,
} from "~/kit";
import { cellState, releaseMark } from "~/kit/health";
import type { EventFact, Instance, ReleaseView } from "~/wire/types";
import { AbortButton, ContinueButton, PauseButton, TakeOverButton } from "./actions";
import { Batches } from "./Batches";
import { BATCH_STEPS_MAX, batchesOf, restFacts, transitionText } from "./batches";
import { ChangeList } from "./ChangeList";
import { DiagnosisSentence, Evidence } from "./DiagnosisBlock";
import { newestEvents } from "./diagnosis";
import { HandsBar } from "./HandsBar";
import { isTold, usePods } from "./pods";
import { ReleasePods } from "./ReleasePods";
import { RollBackButton } from "./RollBack";
import css from "./release.module.css";
import { Strategy } from "./Strategy";
import {
  guaranteeOf,
  hasEnded,
  numberOf,
  personOf,
  refusedRoom,
  stateWord,
  statusFacts,
  stepsOf,
  transitionMark,
  transitionWord,
} from "./state";
import { TrainLink } from "./train/TrainLink";
import { UsagePanel } from "./UsagePanel";
import { WhatToDo } from "./WhatToDo";

/** Events that come a little after the end still belong to it. */
const EVENTS_AFTER_END = 60_000;
const EVENTS_SHOWN = 40;

/** One release: where it stands, why, and what can be done about it. */
export default function ReleasePage() {
  const text = useText();
  const params: { app?: string; release?: string } = useParams({ strict: false });
  const app = params.app ?? "";
  const id = params.release ?? "";
  const feed = useFeed({ kind: "release", release: id });
  const view = feed.byId.get(id) ?? feed.rows[0];
  const row = view?.row;
  const { feed: pods } = usePods(view);
  const title = row
    ? text.release.titleOf(numberOf(row, text), row.group_name)
    : text.frame.page.release;

  return (
    <Page
      title={title}
      path={[
        <Link key="releases" to="/app/$app/releases" params={{ app }}>
          {text.release.releases}
        </Link>,
      ]}
      // What moves, moves in the cluster: the page is as current as its pods are.
      live={view && view.cluster !== null ? pods : feed}
      env={row?.environment.colour}
      actions={
        row ? (
          <Button
            kind="ghost"
            icon={Activity}
            render={<Link to="/app/$app/running/$group" params={{ app, group: row.group }} />}
          >
            {text.release.runningState}
          </Button>
        ) : undefined
      }
    >
      <FeedView
        feed={feed}
        skeleton={<Skeleton rows={6} rowHeight={44} />}
        empty={
          <EmptyState
            icon={SearchX}
            title={text.release.notFound}
            action={
              <Button render={<Link to="/app/$app/releases" params={{ app }} />}>
                {text.release.toReleases}
              </Button>
            }
          >
            {text.release.notFoundText}
          </EmptyState>
        }
      >
        {() => (view ? <Release key={view.id} view={view} /> : null)}
      </FeedView>
    </Page>
  );
}

function Release({ view }: { view: ReleaseView }) {
  const text = useText();
  const { row } = view;
  const openLog = useOpenLog();
  const linked = view.cluster !== null;
  const { feed: pods, known, stale, fresh, old } = usePods(view);
  const eventFeed = useFeed(linked ? { kind: "events", group: row.group } : null);
  const ended = hasEnded(row.state);
  const ready = known ? countReady(fresh, old, view.count) : null;
  const events = eventsOf(eventFeed.rows, view, [...fresh, ...old]);
  const decides =
    refusedRoom(view) !== null || (row.state === "stopped" && view.diagnosis !== null);
  const evidence = view.diagnosis?.evidence;

  return (
    <>
      {linked ? null : <Bar kind="stale" title={text.release.offline} />}
      <HandsBar view={view} />
      {pods.state.state === "stale" ? (
        <StaleBar
          since={pods.state.since}
          retryAt={pods.state.retry_at}
          text={text.instance.unreachable(view.cluster ?? "")}
          onRetry={pods.retry}
        />
      ) : null}
      <Head view={view} fresh={fresh} old={old} ready={ready} stale={stale} decides={decides} />
      <DiagnosisSentence view={view} />
      <div className={css.columns}>
        <div className={css.main}>
          <Evidence
            view={view}
            onLog={
              linked && evidence?.log_pod
                ? () =>
                    openLog({
                      group: row.group,
                      of: {
                        kind: "container",
                        pod: evidence.log_pod,
                        container: evidence.log_container,
                      },
                      previous: evidence.log_previous,
                    })
                : undefined
            }
          />
          {known && view.batches.length > 0 && row.stage === "move" ? (
            <Batches view={view} fresh={fresh} old={old} stale={stale} />
          ) : null}
          {row.stage === "move" || row.stage === "end" ? <UsagePanel view={view} /> : null}
          {known ? (
            <ReleasePods view={view} fresh={fresh} old={old} events={events} stale={stale} />
          ) : null}
          {linked && pods.state.state === "error" ? (
            <ErrorState error={pods.state.error} onRetry={pods.retry} />
          ) : null}
          {isTold(eventFeed.state) ? <Events events={events} ended={ended} /> : null}
          {eventFeed.state.state === "error" && pods.state.state !== "error" ? (
            <section className={css.events}>
              <h3>{text.release.events}</h3>
              <ErrorState compact error={eventFeed.state.error} onRetry={eventFeed.retry} />
            </section>
          ) : null}
        </div>
        <aside className={css.side}>
          {decides ? <WhatToDo view={view} ready={ready} /> : null}
          <History view={view} />
          <Changes view={view} />
        </aside>
      </div>
    </>
  );
}

interface Ready {
  fresh: number;
  old: number;
  all: number;
  count: number;
}

function countReady(fresh: Instance[], old: Instance[], count: number): Ready {
  const of = (pods: Instance[]) => pods.filter((pod) => pod.ready).length;
  return { fresh: of(fresh), old: of(old), all: of(fresh) + of(old), count };
}

/** What, whereto, how it is, the way so far, and what holds if this computer goes away. */
function Head({
  view,
  fresh,
  old,
  ready,
  stale,
  decides,
}: {
  view: ReleaseView;
  fresh: Instance[];
  old: Instance[];
  ready: Ready | null;
  stale: boolean;
  /** The decision stands beside the diagnosis, with its reasons; the cells take its place here. */
  decides: boolean;
}) {
  const text = useText();
  const format = useFormat();
  const now = useNow(30_000);
  const words = text.release;
  const { row, transitions } = view;
  const since = transitions.findLast(({ state }) => state === row.state)?.at ?? row.created;
  const facts = statusFacts(row, ready, since, now, text, format);
  const promise = guaranteeOf(view, text, format);
  const rests = restFacts(view, now, text, format);
  const live = !hasEnded(row.state);
  const part = useKeepFocus<HTMLElement>();

  return (
    <section ref={part} className={css.head}>
      <div className={css.titleLine}>
        <div className={css.titles}>
          <h2 className={css.title}>
            {numberOf(row, text)} <span className={css.to}>{words.to}</span>
            <EnvTag colour={row.environment.colour}>
              {environmentWord(row.environment.name, text)}
            </EnvTag>
            {row.group_name}
            <VersionChange from={row.from_version} to={row.to_version} moving={live} />
            {row.back_to === null ? null : (
              <span className={css.to}>{words.back.of(`r${row.back_to}`)}</span>
            )}
          </h2>
          <p className={css.status}>
            <Status state={releaseMark(row.state)}>
              <strong>{stateWord(view, text, format)}</strong>
            </Status>
            {[...facts, rests].filter(Boolean).map((fact) => (
              <span key={fact}>· {fact}</span>
            ))}
            {row.train === null ? null : (
              <span>
                · <TrainLink row={row} />
              </span>
            )}
          </p>
        </div>
        {/* In batches the pods stand beside the batch that brought them. */}
        {ready && live && (decides || view.batches.length === 0) ? (
          <div className={css.cells}>
            <PodCells
              size="large"
              pods={[
                ...fresh.map((pod) => ({ pod, new: true })),
                ...old.map((pod) => ({ pod, new: false })),
              ].map(({ pod, new: isNew }) => ({
                state: cellState({ new: isNew, ready: pod.ready, health: pod.health }, stale),
                name: pod.name,
              }))}
            />
            <span className={css.counts}>
              {words.newCount(format.number(ready.fresh))}
              <br />
              {words.oldCount(format.number(ready.old))}
            </span>
          </div>
        ) : null}
        {decides ? null : (
          <div className={css.decisions}>
            {view.actions.includes("pause") ? <PauseButton view={view} /> : null}
            {view.actions.includes("abort") ? <AbortButton view={view} /> : null}
            {view.actions.includes("continue") ? <ContinueButton view={view} /> : null}
            <RollBackButton row={row} />
            {view.actions.includes("take_over") ? <TakeOverButton view={view} /> : null}
          </div>
        )}
      </div>
      <Way view={view} ready={live ? ready : null} now={now} />
      {/* Where a decision waits, what holds meanwhile stands among the ways out. */}
      {promise && !decides ? (
        <p className={css.promise}>
          <Icon of={Laptop} />
          <span>
            <strong>{promise.title}</strong> {promise.text}{" "}
            {view.hands === "nobodys"
              ? words.hands.drove(visible(personOf(view.driver)), visible(view.driver.device))
              : null}
          </span>
        </p>
      ) : null}
    </section>
  );
}

/** The way of a release; in batches, each of them is a step, while they are few. */
function Way({ view, ready, now }: { view: ReleaseView; ready: Ready | null; now: Date }) {
  const text = useText();
  const format = useFormat();
  const words = text.release;
  const { row, transitions, preflight } = view;
  const checked = preflight
    ? words.stage.passedOf(format.number(preflight.passed), format.number(preflight.checks))
    : words.stage.passed;
  const batches = batchesOf(view);
  const apart = batches.length > 0 && batches.length <= BATCH_STEPS_MAX;
  const reached = row.stage === "move" || hasEnded(row.state);
  const stages = stepsOf(row, transitions).flatMap(({ step, mark, at }) => {
    if (step === "move" && apart) {
      return batches.map((batch) => ({
        key: `batch${batch.number}`,
        name: words.batched.batch(format.number(batch.number)),
        state: reached ? batch.mark : ("idle" as const),
        note: [
          words.batched.pods(format.number(batch.pods)),
          batch.begun ? format.time(batch.done ?? batch.begun) : null,
        ]
          .filter(Boolean)
          .join(" · "),
      }));
    }
    const last = batches.length > 0 ? words.stage.commit : words.stage.end;
    const end = hasEnded(row.state) ? words.state[row.state] : last;
    const name = step === "end" ? end : words.stage[step];
    const inBatches = step === "move" && batches.length > 0;
    return {
      key: step,
      name: inBatches ? words.batches : name,
      state: mark,
      note: [
        step === "record" && row.seq !== null ? `r${row.seq}` : null,
        inBatches
          ? words.batched.some(
              format.number(batches.filter((batch) => batch.mark === "ok").length),
              format.number(batches.length),
            )
          : null,
        step === "move" && ready
          ? words.newReady(format.number(ready.fresh), format.number(ready.count))
          : null,
        at ? format.dateTime(at, now) : null,
        step === "preflight" ? checked : null,
        step === "plan" ? visible(personOf(row.author)) : null,
      ]
        .filter(Boolean)
        .join(" · "),
    };
  });
  return <Stages label={words.stage.label} stages={stages} />;
}

/** Events of its pods and ReplicaSets while it was under way, newest first. */
function eventsOf(events: readonly EventFact[], view: ReleaseView, pods: Instance[]): EventFact[] {
  const names = new Set(pods.map((pod) => `Pod/${pod.name}`));
  const from = new Date(view.row.created).getTime();
  const to = view.row.ended ? new Date(view.row.ended).getTime() + EVENTS_AFTER_END : Infinity;
  return newestEvents(
    events.filter((event) => {
      const at = event.at ? new Date(event.at).getTime() : from;
      if (at < from || at > to) return false;
      return names.has(event.object) || !event.object.startsWith("Pod/") || view.row.ended !== null;
    }),
    EVENTS_SHOWN,
  );
}

function Events({ events, ended }: { events: EventFact[]; ended: boolean }) {
  const text = useText();
  const format = useFormat();
  return (
    <section className={css.events}>
      <h3>{text.release.events}</h3>
      {events.length === 0 ? (
        <p className={css.subtle}>{ended ? text.release.noEvents : text.release.noEventsYet}</p>
      ) : (
        <Timeline
          label={text.release.events}
          entries={events.map((event) => ({
            key: event.id,
            state: event.kind === "Warning" ? "warn" : "ok",
            time: event.at ? (
              <time dateTime={event.at} title={format.exact(event.at)}>
                {format.time(event.at)}
              </time>
            ) : (
              "–"
            ),
            title: (
              <>
                {visible(event.reason)} <code className={css.object}>{visible(event.object)}</code>
              </>
            ),
            text: (
              <>
                {visible(event.message)}
                {event.count > 1
                  ? ` · ${text.release.diagnosis.times(format.number(event.count))}`
                  : null}
              </>
            ),
          }))}
        />
      )}
    </section>
  );
}

function History({ view }: { view: ReleaseView }) {
  const text = useText();
  const format = useFormat();
  const entries = view.transitions
    .map((transition, index) => ({
      key: String(index),
      state: transitionMark(
        transition,
        index === view.transitions.length - 1 && !hasEnded(view.row.state),
      ),
      time: (
        <time dateTime={transition.at} title={format.exact(transition.at)}>
          {format.time(transition.at)}
        </time>
      ),
      title: transitionWord(view, index, text, format),
      text: transitionText(view, index, text, format),
      strong: index === view.transitions.length - 1,
    }))
    .toReversed();
  return (
    <section className={css.part}>
      <h3>{text.release.timeline}</h3>
      <Timeline label={text.release.timeline} entries={entries} />
    </section>
  );
}

function Changes({ view }: { view: ReleaseView }) {
  const text = useText();
  const words = text.release;
  return (
    <section className={css.part}>
      <h3>{words.changes}</h3>
      <Facts
        labelWidth={56}
        items={[
          {
            label: words.image,
            value: <Copyable text={visible(view.image)} label={words.image} />,
          },
          {
            label: words.plan.strategy,
            value: <Strategy way={view} first={view.row.from_version === null} />,
          },
          ...(view.objects.length > 0
            ? [
                {
                  label: words.objects,
                  value: <code>{view.objects.map(visible).join(", ")}</code>,
                },
              ]
            : []),
          ...(view.row.note ? [{ label: words.notes, value: visible(view.row.note) }] : []),
        ]}
      />
      <div className={css.fields}>
        <ChangeList changes={view.changes} />
      </div>
    </section>
  );
}
