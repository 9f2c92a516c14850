import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Select } from "~/kit";
import type { DiffSide, DiffSideOf } from "~/wire/types";
import css from "./diff.module.css";
import { sideOf, sideWord } from "./sides";

/** Releases of a group that can be chosen: as many as are asked for at once. */
const RELEASES = 200;

/** One side of a comparison: of this group, or of another one of the app. */
export function SideChoice({
  app,
  own,
  label,
  value,
  onChange,
}: {
  app: string;
  own: string;
  label: string;
  value: DiffSideOf;
  onChange: (side: DiffSideOf) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.diff;
  const groups = useCall("group_list", app).data ?? [];
  const query = { app, last: false, group: value.group, before: null, limit: RELEASES };
  const releases = useCall("release_list", query);
  const { group, side } = value;
  const word = (side: DiffSide) => sideWord({ group, side }, group);
  return (
    <span className={css.side}>
      {groups.length > 1 ? (
        <Select
          label={words.groupOf(label)}
          value={group}
          // A release is of one group; the other one has its own.
          onChange={(next) =>
            onChange({ group: next, side: side.kind === "release" ? { kind: "released" } : side })
          }
          options={groups.map(({ id, name }) => ({
            value: id,
            label: id === own ? words.thisGroup(name) : name,
          }))}
        />
      ) : null}
      <Select
        label={label}
        value={word(side)}
        onChange={(next) => onChange(sideOf(next, group, { kind: "saved" }))}
        options={[
          ...(["saved", "released", "live"] as const).map((kind) => ({
            value: word({ kind }),
            label: words.side[kind],
          })),
          ...(releases.data?.rows ?? []).map((row) => ({
            value: word({ kind: "release", id: row.id }),
            label: words.release(row.seq === null ? "–" : `r${row.seq}`),
            note: `${row.to_version} · ${format.dateTime(row.created)}`,
          })),
        ]}
      />
    </span>
  );
}
