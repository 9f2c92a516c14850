import { ChevronDown, ChevronUp, ScrollText, SearchX } from "lucide-react";
import { useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  Copyable,
  Drawer,
  EmptyState,
  Facts,
  FeedView,
  IconButton,
  PodName,
  RelativeTime,
  Status,
  Timeline,
  useNow,
  VersionTag,
  visible,
} from "~/kit";
import { healthMark } from "~/kit/health";
import type { EventFact, Instance } from "~/wire/types";
import css from "./instance.module.css";
import { podSentence, statusWord } from "./pods";

/** One pod beside the list: how it is in one sentence, then the facts that show it. */
export function PodDrawer({
  pod,
  group,
  fresh,
  stale,
  onStep,
  onLog,
  onClose,
}: {
  /** Undefined: it is gone. */
  pod: Instance | undefined;
  group: string;
  /** Its version is the one a release is bringing in. */
  fresh: boolean;
  stale: boolean;
  onStep: (by: 1 | -1) => void;
  onLog: (pod: Instance, previous: boolean) => void;
  onClose: () => void;
}) {
  const text = useText();
  const words = text.instance;
  const steps = (
    <>
      <IconButton icon={ChevronUp} label={words.previousPod} onClick={() => onStep(-1)} />
      <IconButton icon={ChevronDown} label={words.nextPod} onClick={() => onStep(1)} />
    </>
  );
  if (!pod) {
    return (
      <Drawer label={words.column.pod} title={words.podGone} onClose={onClose}>
        <EmptyState icon={SearchX} title={words.podGone}>
          {words.podGoneText}
        </EmptyState>
      </Drawer>
    );
  }
  return (
    <Drawer
      label={visible(pod.name)}
      title={
        <Copyable text={pod.name} label={words.podName}>
          <PodName name={pod.name} prefix />
        </Copyable>
      }
      actions={steps}
      onClose={onClose}
    >
      <Lead pod={pod} fresh={fresh} stale={stale} onLog={onLog} />
      <PodFacts pod={pod} />
      <Events group={group} pod={pod.name} />
      <Containers pod={pod} />
    </Drawer>
  );
}

function Lead({
  pod,
  fresh,
  stale,
  onLog,
}: {
  pod: Instance;
  fresh: boolean;
  stale: boolean;
  onLog: (pod: Instance, previous: boolean) => void;
}) {
  const text = useText();
  const format = useFormat();
  const now = useNow(pod.health === "ok" ? 30_000 : 1_000);
  const message = pod.reason?.message ?? "";
  return (
    <section className={css.part}>
      <div className={css.lead}>
        <Status state={healthMark(pod.health, stale)} tone={stale ? "plain" : undefined} still>
          {statusWord(pod.status, stale, text)}
        </Status>
        <VersionTag version={pod.version} role={fresh ? "new" : "old"} />
      </div>
      <p className={css.sentence} data-bad={pod.health === "danger" ? "" : undefined}>
        {podSentence(pod, now, text, format)}
        {message ? <code>{visible(message)}</code> : null}
      </p>
      <div className={css.buttons}>
        <Button small icon={ScrollText} onClick={() => onLog(pod, false)}>
          {text.instance.openLog}
        </Button>
        {pod.last_exit ? (
          <Button small onClick={() => onLog(pod, true)}>
            {text.instance.logBeforeCrash}
          </Button>
        ) : null}
      </div>
    </section>
  );
}

function PodFacts({ pod }: { pod: Instance }) {
  const text = useText();
  const format = useFormat();
  const words = text.instance.facts;
  const mono = (value: string, label: string) =>
    value ? <Copyable text={value} label={label} /> : <span className={css.subtle}>–</span>;
  return (
    <section className={css.part}>
      <Facts
        items={[
          { label: words.node, value: mono(pod.node, words.node) },
          { label: words.ip, value: mono(pod.ip, words.ip) },
          { label: words.image, value: mono(pod.image, words.image) },
          ...(pod.release
            ? [{ label: words.release, value: <code>{visible(pod.release)}</code> }]
            : []),
          {
            label: words.replicaSet,
            value: mono(pod.replica_set, words.replicaSet),
          },
          {
            label: words.created,
            value: pod.created ? <RelativeTime at={pod.created} /> : "–",
          },
          ...(pod.ready_since
            ? [{ label: words.readySince, value: <RelativeTime at={pod.ready_since} /> }]
            : []),
          {
            label: words.usage,
            value:
              pod.cpu_milli === null || pod.memory_bytes === null ? (
                <span className={css.subtle} title={text.instance.noMetrics}>
                  –
                </span>
              ) : (
                `${format.cpu(pod.cpu_milli)} · ${format.bytes(pod.memory_bytes)}`
              ),
          },
        ]}
      />
    </section>
  );
}

function Events({ group, pod }: { group: string; pod: string }) {
  const text = useText();
  const format = useFormat();
  const feed = useFeed({ kind: "events", group });
  const own = eventsOf(feed.rows, pod);
  return (
    <section className={css.part}>
      <h3>{text.instance.statusAndEvents}</h3>
      <FeedView
        feed={{ ...feed, rows: own }}
        empty={<p className={css.subtle}>{text.instance.noEvents}</p>}
      >
        {() => (
          <Timeline
            label={text.instance.statusAndEvents}
            entries={own.map((event) => ({
              key: event.id,
              state: event.kind === "Warning" ? "warn" : "ok",
              time: event.at ? (
                <time dateTime={event.at} title={format.exact(event.at)}>
                  {format.time(event.at)}
                </time>
              ) : (
                "–"
              ),
              title: visible(event.reason),
              text: (
                <>
                  {visible(event.message)}
                  {event.count > 1
                    ? ` · ${text.instance.eventTimes(format.number(event.count))}`
                    : null}
                </>
              ),
            }))}
          />
        )}
      </FeedView>
    </section>
  );
}

/** Newest first. */
function eventsOf(events: readonly EventFact[], pod: string): EventFact[] {
  return events
    .filter((event) => event.object === `Pod/${pod}`)
    .toSorted((a, b) => (b.at ?? "").localeCompare(a.at ?? "", "en"));
}

function Containers({ pod }: { pod: Instance }) {
  const text = useText();
  const format = useFormat();
  const words = text.instance;
  const exit = pod.last_exit;
  const ran =
    exit?.started && exit.finished
      ? new Date(exit.finished).getTime() - new Date(exit.started).getTime()
      : null;
  return (
    <section className={css.part}>
      <h3>{words.containers}</h3>
      <div className={css.container}>
        <strong>{visible(pod.container)}</strong>
        <span>
          {words.column.restarts} {format.number(pod.restarts)}
        </span>
        <span className={css.muted}>
          {exit
            ? [
                exit.reason
                  ? words.lastExit(String(exit.code), visible(exit.reason))
                  : words.lastExitBare(String(exit.code)),
                ran === null ? null : words.ran(format.duration(ran)),
              ]
                .filter(Boolean)
                .join(" · ")
            : words.neverExited}
        </span>
      </div>
      <p className={css.subtle}>
        {words.containersReady(format.number(pod.ready_containers), format.number(pod.containers))}
      </p>
    </section>
  );
}
