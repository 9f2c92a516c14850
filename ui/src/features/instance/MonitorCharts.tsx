import { useFormat, useText } from "~/i18n";
import { Chart, StackChart, VersionTag, visible } from "~/kit";
import type { Monitor, PodSeries } from "~/wire/types";
import { MonitorLane } from "./MonitorLane";
import {
  averagesOf,
  boundsOf,
  byVersion,
  layersOf,
  type Measure,
  podsAt,
  sumAt,
  sumsOf,
  unitOf,
} from "./monitor";
import css from "./monitor.module.css";

/** All pods on top of each other, and beside it what one of each version takes. */
export function MonitorCharts({
  monitor,
  pods,
  at,
  onAt,
}: {
  monitor: Monitor;
  pods: PodSeries[];
  at: number | null;
  onAt: (at: number | null) => void;
}) {
  return (
    <div className={css.charts}>
      <div className={css.stacked}>
        <Stacked measure="cpu" monitor={monitor} pods={pods} at={at} onAt={onAt} />
        <Stacked measure="memory" monitor={monitor} pods={pods} at={at} onAt={onAt} />
        <MonitorLane monitor={monitor} pods={pods} />
      </div>
      <div className={css.beside}>
        <PerPod measure="cpu" monitor={monitor} pods={pods} />
        <PerPod measure="memory" monitor={monitor} pods={pods} />
      </div>
    </div>
  );
}

function useMeasure(measure: Measure, unit: number) {
  const text = useText();
  const format = useFormat();
  const words = text.monitor;
  const say = (amount: number) => (measure === "cpu" ? format.cpu(amount) : format.bytes(amount));
  return {
    name: text.instance.column[measure],
    unit: unit === 1000 ? words.cores : unit === 1 ? "m" : unit === 2 ** 30 ? "GiB" : "MiB",
    say,
    bound: (kind: "request" | "limit", amount: number) => words.bound[kind](say(amount)),
    axis: (value: number) => format.brief(value),
    time: (when: Date) => format.time(when),
  };
}

function Stacked({
  measure,
  monitor,
  pods,
  at,
  onAt,
}: {
  measure: Measure;
  monitor: Monitor;
  pods: PodSeries[];
  at: number | null;
  onAt: (at: number | null) => void;
}) {
  const text = useText();
  const words = text.monitor;
  const sums = sumsOf(monitor, pods, measure);
  const unit = unitOf(measure, Math.max(0, ...sums.map((sum) => sum ?? 0)));
  const say = useMeasure(measure, unit);
  const count = pods.reduce(
    (most, pod) => most + (pod.cpu.slice(-3).some(Boolean) ? pod.pods : 0),
    0,
  );
  const now = sums.findLast((sum) => sum !== null) ?? null;
  return (
    <StackChart
      title={
        <>
          <strong>{say.name}</strong>
          <span className={css.subtle}>
            {pods.length === 1 && pods[0]?.pod
              ? words.ofOne(say.unit, visible(pods[0].pod).slice(-5))
              : words.stacked(say.unit)}
          </span>
        </>
      }
      label={words.label(say.name, now === null ? "–" : say.say(now))}
      times={monitor.times.map((time) => new Date(time))}
      layers={layersOf(pods, measure, unit)}
      bounds={boundsOf(monitor, measure, count, unit, say.bound)}
      marks={monitor.releases.map(({ from }) => new Date(from))}
      format={(value) => say.say(value * unit)}
      formatAxis={say.axis}
      formatTime={say.time}
      at={at}
      onAt={onAt}
      tip={(index) => (
        <Tip monitor={monitor} pods={pods} measure={measure} at={index} say={say.say} />
      )}
    />
  );
}

function Tip({
  monitor,
  pods,
  measure,
  at,
  say,
}: {
  monitor: Monitor;
  pods: PodSeries[];
  measure: Measure;
  at: number;
  say: (amount: number) => string;
}) {
  const words = useText().monitor;
  const format = useFormat();
  const time = monitor.times[at];
  const all = sumAt(pods, measure, at);
  return (
    <dl className={css.tip}>
      <div>
        <dt>{time ? <strong>{format.dateTime(time)}</strong> : null}</dt>
        <dd className={css.subtle}>{words.countPods(format.number(podsAt(pods, at)))}</dd>
      </div>
      {byVersion(pods).map(({ key, name, new: isNew, pods: of }) => {
        const sum = sumAt(of, measure, at);
        return sum === null ? null : (
          <div key={key}>
            <dt>
              <VersionTag version={name || "–"} role={isNew ? "new" : "old"} />{" "}
              <span className={css.subtle}>{words.countPods(format.number(podsAt(of, at)))}</span>
            </dt>
            <dd>{say(sum)}</dd>
          </div>
        );
      })}
      <div>
        <dt>{words.together}</dt>
        <dd>
          <strong>{all === null ? "–" : say(all)}</strong>
        </dd>
      </div>
    </dl>
  );
}

function PerPod({
  measure,
  monitor,
  pods,
}: {
  measure: Measure;
  monitor: Monitor;
  pods: PodSeries[];
}) {
  const words = useText().monitor;
  const highest = Math.max(
    0,
    ...averagesOf(monitor, pods, measure, 1).flatMap(({ values }) => values.map((v) => v ?? 0)),
  );
  const unit = unitOf(measure, highest);
  const say = useMeasure(measure, unit);
  return (
    <Chart
      title={
        <>
          <strong>{words.perPod(say.name)}</strong>
          <span className={css.subtle}>{words.byVersion(say.unit)}</span>
        </>
      }
      label={words.perPod(say.name)}
      times={monitor.times.map((time) => new Date(time))}
      series={averagesOf(monitor, pods, measure, unit)}
      bounds={boundsOf(monitor, measure, 1, unit, say.bound)}
      marks={monitor.releases.map(({ from, seq }) => ({
        at: new Date(from),
        label: seq === null ? "–" : `r${seq}`,
      }))}
      format={(value) => say.say(value * unit)}
      formatAxis={say.axis}
      formatTime={say.time}
    />
  );
}
