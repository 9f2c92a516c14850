import { Copy, ScrollText } from "lucide-react";
import type { ReactNode } from "react";
import { type SaidChange, sayChange, useFormat, useText } from "~/i18n";
import { Button, cx, type MarkState, StatusMark, useWords, visible } from "~/kit";
import { parseLogLine } from "~/kit/logLine";
import type { ReleaseView } from "~/wire/types";
import { diagnosisText, newestEvents, ranMs, sayCause, sayMore, shortPod } from "./diagnosis";
import css from "./diagnosis.module.css";
import { agreedLess, refusedRoom } from "./state";

const EVENTS_SHOWN = 4;
const CHANGES_SHOWN = 4;

/** Say it: the sentence is the largest text of the page. */
export function DiagnosisSentence({ view }: { view: ReleaseView }) {
  const text = useText();
  const format = useFormat();
  const refused = refusedRoom(view);
  if (refused !== null) {
    const { waits, still } = text.release.below;
    const less = agreedLess(view);
    return (
      <Sentence says={less > 0 ? still(format.number(less)) : waits} more={visible(refused)} />
    );
  }
  if (!view.diagnosis) return null;
  return (
    <Sentence
      says={sayCause(view.diagnosis, text, format)}
      more={sayMore(view.diagnosis, view.changes, text, format).join(" · ")}
    />
  );
}

function Sentence({ says, more }: { says: string; more: string }) {
  return (
    <section className={css.sentence} role="alert">
      <StatusMark state="danger" size={16} />
      <div>
        <h2>{says}</h2>
        <p className={css.more}>{more}</p>
      </div>
    </section>
  );
}

/** Prove it: what was seen, what was ruled out, and the last lines of the container. */
export function Evidence({ view, onLog }: { view: ReleaseView; onLog: (() => void) | undefined }) {
  const text = useText();
  const format = useFormat();
  const { copyText } = useWords();
  const words = text.release.diagnosis;
  const { diagnosis, changes } = view;
  if (!diagnosis) return null;
  const { evidence } = diagnosis;
  const exit = evidence.last_exit;
  const ran = ranMs(diagnosis);
  const ruled = evidence.ruled_out.map((code) => words.ruled[code] ?? visible(code));

  return (
    <section className={css.evidence}>
      <header className={css.heading}>
        <h3>{words.evidence}</h3>
        <Button
          small
          kind="ghost"
          icon={Copy}
          onClick={() => void copyText(diagnosisText(diagnosis, changes, text, format))}
        >
          {words.copyAll}
        </Button>
        {onLog ? (
          <Button small kind="ghost" icon={ScrollText} onClick={onLog}>
            {words.openInLogs}
          </Button>
        ) : null}
      </header>
      <dl className={css.rows}>
        {exit ? (
          <Row mark="danger" label={words.lastExit}>
            {[
              words.exit(String(exit.code), visible(exit.reason)),
              exit.finished ? format.dateTime(exit.finished) : null,
              ran === null ? null : words.ran(format.duration(ran)),
              evidence.log_container ? words.container(visible(evidence.log_container)) : null,
            ]
              .filter(Boolean)
              .join(" · ")}
          </Row>
        ) : null}
        {newestEvents(evidence.events, EVENTS_SHOWN).map((event) => (
          <Row key={event.id} mark={event.kind === "Warning" ? "warn" : "ok"} label={words.event}>
            {visible(event.reason)}: {visible(event.message)}
            <span className={css.subtle}>
              {event.at ? ` · ${format.dateTime(event.at)}` : ""}
              {event.count > 1 ? ` · ${words.times(format.number(event.count))}` : ""}
            </span>
          </Row>
        ))}
        {changes.slice(0, CHANGES_SHOWN).map((change) => (
          <Row
            key={`${change.section} ${change.field}`}
            mark="pending"
            label={view.row.seq === null ? words.changedHere : words.changed(`r${view.row.seq}`)}
          >
            <code>{visible(change.field)}</code> <Said change={sayChange(change, text, format)} />
          </Row>
        ))}
        {ruled.length > 0 ? (
          <Row mark="ok" label={words.ruledOut}>
            <span className={css.muted}>{ruled.join(" · ")}</span>
          </Row>
        ) : null}
      </dl>
      {evidence.log_container ? <LastLines view={view} /> : null}
    </section>
  );
}

function Said({ change }: { change: SaidChange }) {
  const unset = useText().release.unset;
  if (change.word !== undefined) return change.word;
  return (
    <>
      <del className={css.before}>{visible(change.before ?? unset)}</del>
      {" → "}
      <ins className={css.after}>{visible(change.after ?? unset)}</ins>
    </>
  );
}

function Row({ mark, label, children }: { mark: MarkState; label: string; children: ReactNode }) {
  return (
    <div className={css.row}>
      <StatusMark state={mark} />
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function LastLines({ view }: { view: ReleaseView }) {
  const text = useText();
  const words = text.release.diagnosis;
  const evidence = view.diagnosis?.evidence;
  if (!evidence) return null;
  const last = evidence.log.findLastIndex((line) => line.trim() !== "");
  return (
    <figure className={css.log}>
      <figcaption>
        <span>
          {words.lastLines(visible(evidence.log_container), shortPod(evidence.log_pod))}
          {evidence.log_previous ? `, ${words.previousRun}` : ""}
        </span>
        <span className={css.subtle}>{words.kept}</span>
      </figcaption>
      {evidence.log.length === 0 ? (
        <p className={css.noLog}>{words.noLog}</p>
      ) : (
        <ol>
          {evidence.log.map((raw, index) => {
            const line = parseLogLine(raw);
            return (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
                key={index}
                className={cx(index === last && css.last)}
                title={index === last ? words.lastLineMark : undefined}
              >
                {line.time ? <span className={css.subtle}>{line.time}</span> : null}
                {line.level ? (
                  <span
                    className={cx(
                      css.level,
                      line.level.startsWith("WARN") && css.warn,
                      /^(ERR|FATAL|PANIC|CRIT)/.test(line.level) && css.error,
                    )}
                  >
                    {line.level}
                  </span>
                ) : null}
                <span className={css.text}>{visible(line.text)}</span>
              </li>
            );
          })}
        </ol>
      )}
    </figure>
  );
}
