import { ArrowDown, ArrowUp, FolderOpen, X } from "lucide-react";
import type { ReactNode } from "react";
import { useOrder } from "~/data";
import { type Catalogue, type Format, sayError, useFormat, useText } from "~/i18n";
import {
  Button,
  Icon,
  IconButton,
  type MarkState,
  PanelRow,
  PanelRows,
  ProgressBar,
  StatusMark,
  toast,
} from "~/kit";
import type { TransferRow } from "~/wire/types";
import css from "./file.module.css";
import { shown } from "./names";

/** Files on their way to and from a pod, and how the others ended; the newest first. */
export function TransferList({ rows }: { rows: TransferRow[] }) {
  const text = useText();
  const words = text.file;
  const format = useFormat();
  const stop = useOrder("file_stop");
  const forget = useOrder("file_forget");
  const replace = useOrder("file_replace");
  const reveal = useOrder("file_reveal", {
    onDone: (shown) => {
      if (!shown) toast({ state: "warn", title: words.noFolders });
    },
  });
  if (rows.length === 0) return null;
  return (
    <PanelRows className={css.transfers} label={words.transfers}>
      {rows.map((row) => {
        const name = shown(row.name);
        const { state } = row.state;
        const over = state === "done" || state === "failed" || state === "stopped";
        return (
          <PanelRow key={row.id} className={css.transfer} failing={state === "failed"}>
            <Mark row={row} text={text} />
            <span className={css.what} title={shown(row.local)}>
              <code>{name}</code>
              {row.upload ? <code className={css.into}> → {shown(row.folder)}</code> : null}
            </span>
            <How row={row} text={text} format={format} />
            {state === "taken" ? (
              <Button small onClick={() => void replace.run(row.id)}>
                {words.replace}
              </Button>
            ) : null}
            {over && row.ended ? (
              <time className={css.when} dateTime={row.ended} title={format.exact(row.ended)}>
                {format.time(row.ended)}
              </time>
            ) : null}
            {state === "done" && !row.upload ? (
              <IconButton
                small
                icon={FolderOpen}
                label={words.reveal(name)}
                onClick={() => void reveal.run(row.id)}
              />
            ) : null}
            <IconButton
              small
              icon={X}
              label={over ? words.forget(name) : words.stop(name)}
              onClick={() => void (over ? forget : stop).run(row.id)}
            />
          </PanelRow>
        );
      })}
    </PanelRows>
  );
}

const MARKS: Partial<Record<TransferRow["state"]["state"], MarkState>> = {
  waiting: "idle",
  taken: "warn",
  stopped: "aborted",
  failed: "danger",
};

function Mark({ row, text }: { row: TransferRow; text: Catalogue }) {
  const { state } = row;
  if (state.state === "moving" || state.state === "comparing") {
    return (
      <span
        className={css.way}
        role="img"
        aria-label={row.upload ? text.file.uploading : text.file.downloading}
      >
        <Icon of={row.upload ? ArrowUp : ArrowDown} size={14} />
      </span>
    );
  }
  const odd = state.state === "done" && (state.changed > 0 || state.said !== "");
  const mark = state.state === "done" ? (odd || row.left_out > 0 ? "warn" : "ok") : "idle";
  return <StatusMark state={MARKS[state.state] ?? mark} label={text.file.state[state.state]} />;
}

/** How far it is, or how it ended. */
function How({ row, text, format }: { row: TransferRow; text: Catalogue; format: Format }) {
  const words = text.file;
  const { state } = row;
  if (state.state === "moving" || state.state === "comparing") {
    const far = farWords(row, words, format);
    return (
      <>
        <span className={css.bar}>
          {row.total === null ? null : (
            <ProgressBar
              value={row.bytes}
              of={Math.max(1, row.total)}
              label={words.progress(shown(row.name))}
            />
          )}
        </span>
        <span className={css.far} title={far}>
          {far}
        </span>
      </>
    );
  }
  return (
    <span className={css.said} title={state.state === "done" ? shown(state.said) : undefined}>
      {saidOf(row, text, format)}
    </span>
  );
}

/** 261 of 402 MiB, 18 MiB/s, 8 s left. */
function farWords(row: TransferRow, words: Catalogue["file"], format: Format): string {
  if (row.state.state === "comparing") return words.comparing;
  const { total, rate } = row;
  const files =
    row.total_files !== null && row.total_files > 1
      ? words.filesOf(format.number(row.files), format.number(row.total_files))
      : row.total_files === null && row.files > 1
        ? words.files(format.number(row.files))
        : null;
  const parts = [
    total === null
      ? format.bytes(row.bytes)
      : words.amount(format.bytes(row.bytes), format.bytes(total)),
    files,
    rate > 0 ? words.rate(format.bytes(rate)) : null,
    rate > 0 && total !== null && total > row.bytes
      ? words.left(format.duration(Math.ceil((total - row.bytes) / rate) * 1000))
      : null,
    row.upload ? words.part : null,
  ];
  return parts.filter(Boolean).join(" · ");
}

function saidOf(row: TransferRow, text: Catalogue, format: Format): ReactNode {
  const words = text.file;
  const { state } = row;
  if (state.state === "failed") {
    const said = sayError(row.error, text);
    return <b>{[said.title, said.why].filter(Boolean).join(": ")}</b>;
  }
  if (state.state !== "done") return words.state[state.state];
  const parts = [
    format.bytes(row.bytes),
    row.files > 1 ? words.files(format.number(row.files)) : null,
    row.upload ? null : words.at(shown(row.local)),
    state.changed > 0
      ? words.changed(format.number(state.changed))
      : words.compared[state.compared],
    row.left_out > 0 ? words.leftOut(format.number(row.left_out)) : null,
    state.said ? words.unread(shown(state.said)) : null,
  ];
  return parts.filter(Boolean).join(", ");
}
