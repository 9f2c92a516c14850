import { type Catalogue, type Format, useFormat, useText } from "~/i18n";
import { Copyable, type MarkState, Status, useNow, visible } from "~/kit";
import type { ContainerDetail } from "~/wire/types";
import css from "./instance.module.css";
import { exitWords } from "./pods";

/** Every container of a pod, those that only prepare it and those put into it later, too. */
export function PodContainers({
  containers,
  stale,
}: {
  containers: ContainerDetail[];
  stale: boolean;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.instance;
  const now = useNow(10_000);
  return (
    <section className={css.part}>
      <h3>{words.containers}</h3>
      <ul className={css.containers}>
        {containers.map((one) => {
          const { mark, word } = stateOf(one, text);
          return (
            <li key={one.name}>
              <div className={css.container}>
                <strong title={visible(one.name)}>{visible(one.name)}</strong>
                {one.kind === "app" ? null : (
                  <span className={css.subtle}>{words.containerKind[one.kind]}</span>
                )}
                <Status state={stale ? "stale" : mark} still>
                  {word}
                </Status>
                <span className={css.muted}>{words.restartsOf(format.number(one.restarts))}</span>
              </div>
              <p className={css.muted}>{factsOf(one, now, text, format)}</p>
              <p className={css.digest}>
                <Copyable text={visible(one.image)} label={words.facts.image} />
                {one.digest ? (
                  <Copyable text={one.digest} label={words.digest}>
                    <code title={one.digest}>{one.digest.slice(0, 19)}…</code>
                  </Copyable>
                ) : null}
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function stateOf(one: ContainerDetail, text: Catalogue): { mark: MarkState; word: string } {
  const words = text.instance.containerState;
  const { state } = one;
  switch (state.state) {
    case "running":
      return {
        mark: one.ready || one.kind === "ephemeral" ? "ok" : "rolling",
        word: words.running,
      };
    case "ended": {
      const done = state.code === 0;
      return { mark: done ? "idle" : "danger", word: done ? words.done : words.ended };
    }
    case "waiting": {
      const plain = ["", "ContainerCreating", "PodInitializing"].includes(state.reason);
      return {
        mark: plain ? "rolling" : "danger",
        word: plain ? words.waiting : visible(state.reason),
      };
    }
    case "unknown":
      return { mark: "idle", word: words.unknown };
  }
}

/** Since when it runs or how it ended, how it ended before, and its ports. */
function factsOf(one: ContainerDetail, now: Date, text: Catalogue, format: Format): string {
  const words = text.instance;
  const { state, last } = one;
  return [
    state.state === "running" && state.since
      ? words.runsFor(format.duration(now.getTime() - new Date(state.since).getTime()))
      : null,
    state.state === "ended" ? exitWords(state, now, text, format) : null,
    state.state === "waiting" ? visible(state.message) : null,
    last ? words.lastExit(exitWords(last, now, text, format)) : null,
    one.ports.length > 0 ? words.ports(format.list(one.ports.map(visible))) : null,
  ]
    .filter(Boolean)
    .join(" · ");
}
