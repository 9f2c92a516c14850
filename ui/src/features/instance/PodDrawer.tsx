import {
  Cable,
  ChevronDown,
  ChevronUp,
  FileCode,
  Folder,
  LogOut,
  ScrollText,
  SearchX,
  SquareTerminal,
} from "lucide-react";
import { useState } from "react";
import { useOpenFiles } from "~/app/file/open";
import { useOpenForwards } from "~/app/forward/open";
import { useOpenTerminal } from "~/app/terminal/open";
import { useCall, useFeed } from "~/data";
import { ruleWord, statusWord, useFormat, useText } from "~/i18n";
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
  Sparkline,
  Status,
  useNow,
  VersionTag,
  visible,
} from "~/kit";
import { healthMark } from "~/kit/health";
import type { GroupView, InstanceRow, InstanceSummary, PodDetail } from "~/wire/types";
import { EvictDialog } from "./EvictDialog";
import css from "./instance.module.css";
import { PodContainers } from "./PodContainers";
import { PodTimeline } from "./PodTimeline";
import { PodYamlView } from "./PodYamlView";
import { podSentence } from "./pods";

/** One pod beside the list: how it is in one sentence, then the facts that show it. */
export function PodDrawer({
  id,
  pod,
  view,
  summary,
  stale,
  onStep,
  onLog,
  onClose,
}: {
  /** Its uid. */
  id: string;
  /** As it was seen last; undefined: it is not among those that are shown. */
  pod: InstanceRow | undefined;
  view: GroupView;
  summary: InstanceSummary;
  stale: boolean;
  onStep: (by: 1 | -1) => void;
  onLog: (pod: InstanceRow, previous: boolean) => void;
  onClose: () => void;
}) {
  const words = useText().instance;
  // Once it is gone there is no row of it: what it was called is kept.
  const [last, setLast] = useState(pod);
  if (pod && pod !== last) setLast(pod);
  const known = pod ?? last;
  const of = known ? { group: view.id, pod: { name: known.name, uid: id } } : null;
  const feed = useFeed(of ? { kind: "pod", of } : null);
  const detail = feed.byId.get(id);
  const [asYaml, setAsYaml] = useState(false);
  const steps = (
    <>
      <IconButton icon={ChevronUp} label={words.previousPod} onClick={() => onStep(-1)} />
      <IconButton icon={ChevronDown} label={words.nextPod} onClick={() => onStep(1)} />
    </>
  );
  if (!known || !of || (detail?.gone && !pod)) {
    return (
      <Drawer
        label={known ? visible(known.name) : words.column.pod}
        title={known ? <PodName name={known.name} prefix /> : words.podGone}
        actions={steps}
        onClose={onClose}
      >
        <EmptyState icon={SearchX} title={words.podGone}>
          {words.podGoneText}
        </EmptyState>
        {detail ? <PodTimeline detail={detail} /> : null}
      </Drawer>
    );
  }
  return (
    <Drawer
      label={visible(known.name)}
      title={
        <Copyable text={known.name} label={words.podName}>
          <PodName name={known.name} prefix />
        </Copyable>
      }
      actions={steps}
      onClose={onClose}
    >
      <Actions
        pod={known}
        view={view}
        stale={stale}
        asYaml={asYaml}
        onYaml={() => setAsYaml(!asYaml)}
        onLog={onLog}
      />
      {asYaml ? (
        <PodYamlView of={of} name={known.name} />
      ) : (
        <>
          <Lead pod={known} stale={stale} onLog={onLog} />
          <PodFacts pod={known} detail={detail} />
          <Use pod={known} summary={summary} />
          <FeedView feed={feed}>
            {() =>
              detail ? (
                <>
                  <PodTimeline detail={detail} />
                  <PodContainers containers={detail.containers} stale={stale} />
                </>
              ) : null
            }
          </FeedView>
        </>
      )}
    </Drawer>
  );
}

function Actions({
  pod,
  view,
  stale,
  asYaml,
  onYaml,
  onLog,
}: {
  pod: InstanceRow;
  view: GroupView;
  stale: boolean;
  asYaml: boolean;
  onYaml: () => void;
  onLog: (pod: InstanceRow, previous: boolean) => void;
}) {
  const text = useText();
  const words = text.instance;
  const openTerminal = useOpenTerminal();
  const openFiles = useOpenFiles();
  const openForwards = useOpenForwards();
  const [leaving, setLeaving] = useState(false);
  const rights = useCall("group_rights", view.id, { enabled: !stale });
  const noLogs = rights.data?.logs;
  const noForward = rights.data?.forward;
  const lacks = rights.data?.evict && rights.data.delete ? rights.data.evict : null;
  return (
    <div className={css.podActions}>
      <Button small icon={FileCode} aria-pressed={asYaml} onClick={onYaml}>
        {words.yaml}
      </Button>
      <Button
        small
        icon={ScrollText}
        locked={noLogs ? words.lacks(ruleWord(noLogs)) : null}
        lockedTitle={noLogs ? words.lacksTitle : undefined}
        onClick={() => onLog(pod, false)}
      >
        {words.logs}
      </Button>
      <Button
        small
        icon={SquareTerminal}
        locked={rights.data?.shell ? words.lacks(ruleWord(rights.data.shell)) : null}
        lockedTitle={rights.data?.shell ? words.lacksTitle : undefined}
        notYet={stale ? words.needsCluster(visible(view.card.link_name ?? "")) : null}
        onClick={() => openTerminal({ group: view.id, pod: pod.name, container: pod.container })}
      >
        {text.terminal.open}
      </Button>
      <Button
        small
        icon={Folder}
        locked={rights.data?.shell ? words.lacks(ruleWord(rights.data.shell)) : null}
        lockedTitle={rights.data?.shell ? words.lacksTitle : undefined}
        notYet={stale ? words.needsCluster(visible(view.card.link_name ?? "")) : null}
        onClick={() =>
          openFiles({ group: view.id, pod: pod.name, uid: pod.id, container: pod.container })
        }
      >
        {text.file.open}
      </Button>
      <Button
        small
        icon={Cable}
        aria-label={text.forward.open}
        locked={noForward ? words.lacks(ruleWord(noForward)) : null}
        lockedTitle={noForward ? words.lacksTitle : undefined}
        notYet={stale ? words.needsCluster(visible(view.card.link_name ?? "")) : null}
        onClick={() => openForwards(view.app, { kind: "pod", group: view.id, pod: pod.name })}
      >
        {text.forward.forward}
      </Button>
      <Button
        small
        kind="danger"
        icon={LogOut}
        className={css.evict}
        locked={lacks ? words.lacks(ruleWord(lacks)) : null}
        lockedTitle={lacks ? words.lacksTitle : undefined}
        notYet={stale ? words.needsCluster(visible(view.card.link_name ?? "")) : null}
        onClick={() => setLeaving(true)}
      >
        {words.evict}…
      </Button>
      {leaving ? (
        <EvictDialog
          view={view}
          pods={[{ name: pod.name, uid: pod.id }]}
          onClose={() => setLeaving(false)}
        />
      ) : null}
    </div>
  );
}

function Lead({
  pod,
  stale,
  onLog,
}: {
  pod: InstanceRow;
  stale: boolean;
  onLog: (pod: InstanceRow, previous: boolean) => void;
}) {
  const text = useText();
  const format = useFormat();
  const now = useNow(pod.health === "ok" ? 30_000 : 1_000);
  const message = pod.reason?.message ?? "";
  return (
    <section className={css.part}>
      <div className={css.lead}>
        <Status state={healthMark(pod.health, stale)} tone={stale ? "plain" : undefined} still>
          {visible(statusWord(pod.status, stale, text))}
        </Status>
        <VersionTag version={pod.version} role={pod.new ? "new" : "old"} />
      </div>
      <p className={css.sentence} data-bad={pod.health === "danger" ? "" : undefined}>
        {podSentence(pod, now, text, format)}
        {message ? <code>{visible(message)}</code> : null}
        {pod.last_exit ? (
          <Button kind="link" onClick={() => onLog(pod, true)}>
            {text.instance.logBeforeCrash}
          </Button>
        ) : null}
      </p>
    </section>
  );
}

function PodFacts({ pod, detail }: { pod: InstanceRow; detail: PodDetail | undefined }) {
  const text = useText();
  const words = text.instance.facts;
  const mono = (value: string, label: string) =>
    value ? <Copyable text={value} label={label} /> : <span className={css.subtle}>–</span>;
  const conditions = detail?.conditions ?? [];
  return (
    <section className={css.part}>
      <Facts
        items={[
          { label: words.node, value: mono(pod.node, words.node) },
          { label: words.ip, value: mono(pod.ip, words.ip) },
          { label: words.hostIp, value: mono(pod.host_ip, words.hostIp) },
          ...(conditions.length > 0
            ? [
                {
                  label: words.conditions,
                  value: (
                    <span className={css.conditions}>
                      {conditions.map(({ kind, holds, reason, message }) => (
                        <Status key={kind} state={holds ? "ok" : "warn"}>
                          <span title={[reason, message].filter(Boolean).map(visible).join(": ")}>
                            {visible(kind)}
                          </span>
                        </Status>
                      ))}
                    </span>
                  ),
                },
              ]
            : []),
          { label: words.image, value: mono(pod.image, words.image) },
          ...(pod.release
            ? [{ label: words.release, value: <code>{visible(pod.release)}</code> }]
            : []),
          { label: words.replicaSet, value: mono(pod.replica_set, words.replicaSet) },
          { label: words.created, value: pod.created ? <RelativeTime at={pod.created} /> : "–" },
          ...(pod.ready_since
            ? [{ label: words.readySince, value: <RelativeTime at={pod.ready_since} /> }]
            : []),
        ]}
      />
    </section>
  );
}

/** What it uses itself, beside the highest of its group. */
function Use({ pod, summary }: { pod: InstanceRow; summary: InstanceSummary }) {
  const text = useText();
  const format = useFormat();
  const words = text.instance;
  const curves = [
    {
      label: words.column.cpu,
      values: pod.cpu,
      max: summary.cpu_peak,
      now: pod.cpu_milli === null ? null : format.cpu(pod.cpu_milli),
    },
    {
      label: words.column.memory,
      values: pod.memory,
      max: summary.memory_peak,
      now: pod.memory_bytes === null ? null : format.bytes(pod.memory_bytes),
    },
  ];
  return (
    <section className={css.part}>
      <dl className={css.use}>
        {curves.map(({ label, values, max, now }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd title={now === null ? words.noMetrics : undefined}>
              {values.length > 1 && now !== null ? (
                <Sparkline
                  values={values}
                  max={max}
                  width={96}
                  tone={pod.new ? "new" : "old"}
                  label={words.curve(label, now)}
                />
              ) : null}
              {now ?? "–"}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
