import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, Checkbox, Drawer, QueryView, RelativeTime, Skeleton, toast, visible } from "~/kit";
import type { FileRow, FileVersion } from "~/wire/types";
import css from "./config.module.css";
import { SAVED, type Side } from "./sides";

/** The history of a file: who saved what when. Two ticked ones are compared below; any is restored. */
export function VersionsDrawer({
  file,
  onClose,
  onCompare,
}: {
  file: FileRow;
  onClose: () => void;
  onCompare: (from: Side, to: Side) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.version;
  const versions = useCall("config_versions", file.id);
  const [ticked, setTicked] = useState<number[]>([]);
  const restore = useOrder("config_restore", {
    onDone: (_, { number }) =>
      toast({ state: "ok", title: words.restored(format.number(number ?? 0)) }),
  });
  const tick = (number: number, on: boolean) => {
    const next = on ? [...ticked, number].slice(-2) : ticked.filter((one) => one !== number);
    setTicked(next);
    const [older, newer] = next.toSorted((one, other) => one - other);
    if (older !== undefined && newer !== undefined) onCompare(String(older), String(newer));
  };
  return (
    <Drawer
      label={words.title}
      title={
        <>
          <strong>{words.title}</strong> <code>{visible(file.path)}</code>
        </>
      }
      onClose={onClose}
    >
      <QueryView
        query={versions}
        skeleton={<Skeleton rows={5} rowHeight={48} />}
        isEmpty={(rows) => rows.length === 0}
        empty={<p className={css.hint}>{words.none}</p>}
      >
        {(rows) => (
          <>
            <p className={css.hint}>{words.two}</p>
            <ul className={css.versions}>
              {rows.map((row: FileVersion) => {
                const number = format.number(row.number);
                return (
                  <li key={row.number} className={css.version}>
                    <Checkbox
                      label={text.config.compare.version(number)}
                      checked={ticked.includes(row.number)}
                      onChange={(on) => tick(row.number, on)}
                    />
                    <span className={css.versionText}>
                      <strong>{text.config.compare.version(number)}</strong>
                      <span className={css.subtle}>
                        {words.why[row.why]} · {row.by === "" ? null : `${row.by} · `}
                        <RelativeTime at={row.at} />
                        {row.size === null ? null : ` · ${words.size(format.number(row.size))}`}
                      </span>
                    </span>
                    <Button
                      small
                      kind="ghost"
                      aria-label={words.compareOf(number)}
                      onClick={() => onCompare(String(row.number), SAVED)}
                    >
                      {words.compare}
                    </Button>
                    <Button
                      small
                      aria-label={words.restoreOf(number)}
                      busy={restore.pending}
                      onClick={() => void restore.run({ file: file.id, number: row.number })}
                    >
                      {words.restore}
                    </Button>
                  </li>
                );
              })}
            </ul>
          </>
        )}
      </QueryView>
    </Drawer>
  );
}
