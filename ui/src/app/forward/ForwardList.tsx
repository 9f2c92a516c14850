import { Check, Copy, ExternalLink, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  cx,
  IconButton,
  PanelRow,
  PanelRows,
  StatusMark,
  toast,
  useNow,
  visible,
} from "~/kit";
import { copyText, openInBrowser } from "~/platform";
import type { ForwardRow } from "~/wire/types";
import css from "./forward.module.css";
import { addressOf, forwardWords, isOpen, pageOf, shortPod } from "./state";

/** What is open, the newest first. */
export function ForwardList({ rows }: { rows: ForwardRow[] }) {
  const text = useText();
  return (
    <PanelRows label={text.forward.tab}>
      {rows
        .toSorted((a, b) => b.number - a.number)
        .map((row) => (
          <Forward key={row.id} row={row} />
        ))}
    </PanelRows>
  );
}

function Forward({ row }: { row: ForwardRow }) {
  const text = useText();
  const words = text.forward;
  const format = useFormat();
  const close = useOrder("forward_close");
  const use = useOrder("forward_use");
  const { mark, said, note, retryAt, reason } = forwardWords(row, format.time(row.since), text);
  const { state, target } = row;
  const address = addressOf(row);
  const name = target.kind === "pod" ? shortPod(row.name) : visible(row.name);
  const kind = words.kind[target.kind];
  const port = [row.port_name, row.port].filter(Boolean).join(" ");
  const open = isOpen(row);
  return (
    <PanelRow
      className={css.row}
      failing={mark === "danger"}
      label={`${kind} ${name} ${port}, ${address}`}
    >
      <StatusMark state={mark} />
      <div className={css.what}>
        <p className={css.name} title={visible(row.name)}>
          {kind} {target.kind === "pod" ? <code>{name}</code> : <b>{name}</b>}{" "}
          {visible(row.port_name)} <code>{row.port}</code>
        </p>
        <p className={css.note} title={reason ?? undefined}>
          {said || retryAt ? (
            <span className={css[mark]}>{retryAt ? <Countdown to={retryAt} /> : said}</span>
          ) : null}
          {(said || retryAt) && note ? (state.state === "taken" ? " " : " · ") : null}
          {note}
        </p>
      </div>
      <div className={css.way}>
        <p className={cx(css.address, !open && css.closed)}>{row.local === 0 ? null : address}</p>
        {open ? (
          <p className={css.note}>
            <span title={words.down(format.bytes(row.down))}>↓ {format.bytes(row.down)}</span>{" "}
            <span title={words.up(format.bytes(row.up))}>↑ {format.bytes(row.up)}</span>
          </p>
        ) : null}
      </div>
      <div className={css.actions}>
        {open ? (
          <>
            <CopyButton address={address} />
            <IconButton
              small
              icon={ExternalLink}
              label={words.browse(pageOf(row))}
              onClick={() =>
                void openInBrowser(pageOf(row)).then((opened) => {
                  if (!opened) toast({ state: "warn", title: words.noBrowser });
                })
              }
            />
          </>
        ) : state.state === "taken" ? (
          <Button
            small
            busy={use.pending}
            onClick={() => void use.run({ id: row.id, local: state.proposal })}
          >
            {state.proposal === null ? words.useFree : words.use(String(state.proposal))}
          </Button>
        ) : null}
        <IconButton
          small
          icon={X}
          label={words.close(`${kind} ${name} ${port}`)}
          onClick={() => void close.run(row.id)}
        />
      </div>
    </PanelRow>
  );
}

function CopyButton({ address }: { address: string }) {
  const words = useText().forward;
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <IconButton
      small
      icon={done ? Check : Copy}
      label={done ? words.copied : words.copy(address)}
      onClick={() => void copyText(address).then(() => setDone(true))}
    />
  );
}

/** Counts down to the next try, and no further. */
function Countdown({ to }: { to: string }) {
  const words = useText().forward;
  const now = useNow(1_000);
  const left = Math.ceil((new Date(to).getTime() - now.getTime()) / 1_000);
  return left > 0 ? words.reconnectingIn(String(left)) : words.reconnecting;
}
