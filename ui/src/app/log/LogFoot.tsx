import type { ReactNode } from "react";
import { useFormat, useText } from "~/i18n";
import { Button, PanelFoot, visible } from "~/kit";
import type { LogLive, LogPart } from "~/wire/types";

/** What is read at the left, what is kept at the right. */
export function LogFoot({
  log,
  parts,
  joins,
  trouble,
  silent,
  onStop,
  children,
}: {
  log: LogLive | undefined;
  parts: LogPart[];
  /** New pods join by themselves. */
  joins: boolean;
  trouble: string | null;
  /** Since when its cluster has not answered: nothing that is open has ended, and nothing comes. */
  silent: string | null;
  /** Ends saving. */
  onStop: () => void;
  children?: ReactNode;
}) {
  const words = useText().log;
  const format = useFormat();
  const is = (state: LogPart["state"]["state"]) =>
    parts.filter((part) => part.state.state === state).length;
  const reasons = parts.flatMap(({ pod, state }) =>
    "reason" in state && state.reason
      ? [`${visible(pod).slice(-5)}: ${visible(state.reason)}`]
      : [],
  );
  const facts = [
    log?.live === false ? words.still : null,
    silent ? words.silent(format.time(silent)) : null,
    parts.length > is("ended") && !silent
      ? words.streaming(format.number(is("live")), format.number(parts.length - is("ended")))
      : null,
    is("ended") > 0 ? words.ended(format.number(is("ended"))) : null,
    is("waiting") > 0 ? words.waiting(format.number(is("waiting"))) : null,
    is("reconnecting") > 0 ? words.reconnecting(format.number(is("reconnecting"))) : null,
    is("failed") > 0 ? words.failed(format.number(is("failed"))) : null,
    log && log.unread > 0 ? words.unread(format.number(log.unread)) : null,
    joins && log?.live && !silent ? words.joins : null,
  ];
  return (
    <PanelFoot
      title={reasons.join("\n") || undefined}
      facts={
        <>
          {trouble ? <b>{trouble}</b> : null} {facts.filter(Boolean).join(" · ")} {children}
        </>
      }
    >
      {log?.saving ? (
        <span role="status">
          {words.saving(format.number(log.saving.lines), format.number(log.saving.total))}{" "}
          <Button kind="link" onClick={onStop}>
            {words.saveStop}
          </Button>
        </span>
      ) : null}
      {log?.unwritten ? <b role="alert">{words.unwritten(visible(log.unwritten))}</b> : null}
      {log && log.skipped > 0 ? <span>{words.skipped(format.number(log.skipped))}</span> : null}
      {log ? (
        <span title={words.size(format.bytes(log.size), format.bytes(log.limit))}>
          {words.kept(format.number(log.end - log.first))}
        </span>
      ) : null}
    </PanelFoot>
  );
}
