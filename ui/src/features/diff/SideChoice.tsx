import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Select } from "~/kit";
import type { DiffSideOf, ReleaseRow } from "~/wire/types";
import { sideOf, sideWord } from "./sides";

/** Releases of this group that can be chosen. */
const RELEASES = 30;

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
  const groups = useCall("group_list", app);
  const query = (group: string) => ({ app, last: false, group, before: null, limit: RELEASES });
  const releases = useCall("release_list", query(own));
  const theirs = useCall("release_list", query(value.group), { enabled: value.group !== own });

  const plain = (group: string, name: string | null) =>
    (["saved", "released", "live"] as const).map((kind) => ({
      value: sideWord({ group, side: { kind } }, own),
      label: name === null ? words.side[kind] : words.ofGroup(words.side[kind], name),
    }));
  const past = (rows: readonly ReleaseRow[] | undefined, name: string | null) =>
    (rows ?? []).map((row) => {
      const release = words.release(row.seq === null ? "–" : `r${row.seq}`);
      return {
        value: sideWord({ group: row.group, side: { kind: "release", id: row.id } }, own),
        label: name === null ? release : words.ofGroup(release, name),
        note: `${row.to_version} · ${format.dateTime(row.created)}`,
      };
    });
  const others = (groups.data ?? []).filter((card) => card.id !== own);
  const chosen = others.find((card) => card.id === value.group);
  const options = [
    ...plain(own, null),
    ...past(releases.data?.rows, null),
    ...others.flatMap((card) => plain(card.id, card.name)),
    ...(chosen ? past(theirs.data?.rows, chosen.name) : []),
  ];
  return (
    <Select
      label={label}
      value={sideWord(value, own)}
      onChange={(word) => onChange(sideOf(word, own, { kind: "saved" }))}
      options={options}
    />
  );
}
