import { type Catalogue, type Format, useFormat, useText } from "~/i18n";
import { type MarkState, Timeline, type TimelineEntry, visible } from "~/kit";
import type { Happened, PodDetail } from "~/wire/types";
import css from "./instance.module.css";
import { exitWords } from "./pods";

/** Events, starts and ends, conditions and writes of a pod, newest first. */
export function PodTimeline({ detail }: { detail: PodDetail }) {
  const text = useText();
  const format = useFormat();
  const words = text.instance;
  const entries = detail.entries.map(({ id, at, what }): TimelineEntry => {
    const said = sayHappened(what, text, format);
    return {
      key: id,
      state: said.state,
      time: at ? (
        <time dateTime={at} title={format.exact(at)}>
          {format.time(at)}
        </time>
      ) : (
        "–"
      ),
      title: said.title,
      text: said.text || undefined,
    };
  });
  return (
    <section className={css.part}>
      <h3>{words.statusAndEvents}</h3>
      <Timeline label={words.statusAndEvents} entries={entries} />
      {detail.left_out > 0 ? (
        <p className={css.subtle}>{words.leftOut(format.number(detail.left_out))}</p>
      ) : null}
      {entries.some(
        ({ key }) => !key.includes("/") && key !== "created" && key !== "leaving",
      ) ? null : (
        <p className={css.subtle}>{words.noEvents}</p>
      )}
    </section>
  );
}

interface Said {
  state: MarkState;
  title: string;
  text: string;
}

/** What happened, in words; what the cluster says stands as it says it. */
function sayHappened(what: Happened, text: Catalogue, format: Format): Said {
  const words = text.instance.happened;
  const join = (...parts: (string | null)[]) => parts.filter(Boolean).join(" · ");
  switch (what.kind) {
    case "created":
      return { state: "idle", title: words.created, text: "" };
    case "leaving":
      return { state: "warn", title: words.leaving, text: "" };
    case "event":
      return {
        state: what.warning ? "warn" : "ok",
        title: visible(what.reason),
        text: join(
          visible(what.message),
          what.count > 1 ? text.instance.eventTimes(format.number(what.count)) : null,
        ),
      };
    case "started":
      return { state: "ok", title: words.started(visible(what.container)), text: "" };
    case "ended": {
      const { exit } = what;
      const ran =
        exit.started && exit.finished
          ? new Date(exit.finished).getTime() - new Date(exit.started).getTime()
          : null;
      return {
        state: exit.code === 0 ? "idle" : "danger",
        title: words.ended(visible(what.container)),
        text: join(
          exitWords({ ...exit, finished: null }, new Date(), text, format),
          ran === null ? null : text.instance.ran(format.duration(ran)),
          visible(exit.message),
        ),
      };
    }
    case "condition":
      return {
        state: what.holds ? "ok" : "warn",
        title: (what.holds ? words.holds : words.holdsNot)(visible(what.condition)),
        text: join(visible(what.reason), visible(what.message)),
      };
    case "write":
      return {
        state: "idle",
        title: what.ours ? words.writeOurs : words.write(visible(what.manager)),
        text: join(visible(what.operation), what.subresource ? visible(what.subresource) : null),
      };
  }
}
