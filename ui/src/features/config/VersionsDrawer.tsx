import { useState } from "react";
import { useCall, useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  Checkbox,
  changeCount,
  Diff,
  Drawer,
  languageOfPath,
  QueryView,
  RelativeTime,
  Skeleton,
  toast,
  visible,
} from "~/kit";
import type { FileRow, FileVersion } from "~/wire/types";
import css from "./config.module.css";

/** The history of a file: who saved what when. Two ticked ones are compared; any is restored. */
export function VersionsDrawer({
  file,
  onClose,
  onCompare,
}: {
  file: FileRow;
  onClose: () => void;
  onCompare: (number: string) => void;
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
  const tick = (number: number, on: boolean) =>
    setTicked(on ? [...ticked, number].slice(-2) : ticked.filter((one) => one !== number));
  const [older, newer] = ticked.toSorted((one, other) => one - other);
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
                        {words.why[row.why]} · {row.by} · <RelativeTime at={row.at} />
                      </span>
                    </span>
                    <Button
                      small
                      kind="ghost"
                      aria-label={words.compareOf(number)}
                      onClick={() => onCompare(String(row.number))}
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
            {older !== undefined && newer !== undefined ? (
              <Two file={file} older={older} newer={newer} />
            ) : null}
          </>
        )}
      </QueryView>
    </Drawer>
  );
}

function Two({ file, older, newer }: { file: FileRow; older: number; newer: number }) {
  const text = useText();
  const format = useFormat();
  const words = text.config.compare;
  const query = useCall("config_diff", {
    from: { file: file.id, number: older },
    to: { file: file.id, number: newer },
  });
  const name = (number: number) => words.version(format.number(number));
  return (
    <QueryView query={query}>
      {({ changed, diff }) => {
        const lines = (diff?.lines ?? []).map(({ kind, folded, ...line }) =>
          kind === "fold" ? { kind, folded } : { kind, ...line },
        );
        return (
          <div className={css.two}>
            {changed && diff && changeCount(lines) > 0 ? (
              <Diff
                label={`${name(older)} – ${name(newer)}`}
                heads={{ old: name(older), new: name(newer) }}
                language={languageOfPath(file.path)}
                lines={lines}
                foldText={(count) => words.unchanged(format.number(count))}
              />
            ) : (
              <p className={css.hint}>{changed ? words.changed : words.same}</p>
            )}
          </div>
        );
      }}
    </QueryView>
  );
}
