import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, ChevronDown, ChevronUp, Columns2, Rocket, Rows2 } from "lucide-react";
import { useState } from "react";
import { Blind } from "~/app/Blind";
import { useView, useViewAhead } from "~/app/page";
import { useCall } from "~/data";
import { sayError, useFormat, useText } from "~/i18n";
import {
  Button,
  changeCount,
  Diff,
  ErrorState,
  IconButton,
  languageOfPath,
  Segment,
  Select,
  Skeleton,
  Status,
} from "~/kit";
import type { FileView, GroupFiles } from "~/wire/types";
import css from "./config.module.css";
import {
  isOfGroup,
  pairOf,
  SAVED,
  type Side,
  sidesOf,
  useCompareAhead,
  useComparison,
} from "./sides";

/** Below the file, two of its states beside each other: saved, released, running, or any version. */
export function ComparePane({
  app,
  view,
  group,
  changes,
}: {
  app: string;
  view: FileView;
  group: GroupFiles | null;
  changes: number;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.compare;
  const { file } = view;
  const [typedFrom, setFrom] = useView("from");
  const [typedTo, setTo] = useView("to");
  const [how, setHow] = useView("by");
  const [open, setOpen] = useState(true);
  const [at, setAt] = useState(0);
  const versions = useCall("config_versions", file.id);
  const released = useCall(
    "release_list",
    { app, last: true, group: group?.id ?? null, before: null, limit: 1 },
    { enabled: group !== null },
  ).data?.rows[0];
  const numbers = (versions.data ?? []).map(({ number }) => number);
  const sides = sidesOf(numbers, released !== undefined);
  const pair = pairOf(sides, typedFrom, typedTo);
  const [whole, setWhole] = useState(false);
  const compareAhead = useCompareAhead(file.id);
  useViewAhead(({ from, to }) => compareAhead(pairOf(sides, from, to)));
  const { shown, diff, changed, error, waiting, retry } = useComparison(
    view,
    group?.id ?? null,
    pair,
    whole,
  );

  const label = (side: Side) => {
    if (side === SAVED) return words.savedAt(format.time(file.saved));
    if (side === "live") return words.live;
    if (side === "released") return `${words.released}, r${released?.seq ?? "–"}`;
    return words.version(side);
  };
  // Who has set no name yet saves without one.
  const saved = (by: string, at: string) =>
    by === "" ? format.relative(at) : words.versionBy(by, format.relative(at));
  const note = (side: Side) => {
    if (side === SAVED) return saved(view.saved_by, file.saved);
    const version = versions.data?.find(({ number }) => String(number) === side);
    return version ? saved(version.by, version.at) : undefined;
  };
  const options = sides.map((value) => ({ value, label: label(value), note: note(value) }));
  /** What is released or runs has values filled in: it is compared with what is saved, not with a template. */
  const choose = (set: typeof setFrom, other: Side, setOther: typeof setTo) => (side: Side) => {
    const apart = isOfGroup(side)
      ? other !== SAVED && !isOfGroup(other)
      : side !== SAVED && isOfGroup(other);
    setAt(0);
    setWhole(false);
    if (apart) setOther(SAVED, { replace: true });
    set(side, { replace: true });
  };
  const head = (side: Side) => (
    <>
      <strong>{label(side)}</strong>
      {note(side)}
    </>
  );
  const inline = how === "inline";
  const count = diff ? changeCount(diff) : 0;
  const here = Math.min(at, Math.max(0, count - 1));
  const said = pair === null ? words.none : changed ? words.changed : words.same;
  // Without its versions nobody knows what it could be compared with.
  const unread = versions.data === undefined;
  const drawn = open && (diff !== null || error !== null);
  return (
    <section className={drawn ? css.compare : css.compareShut} aria-label={words.label(file.path)}>
      <div className={css.compareBar}>
        {group && changes > 0 ? (
          <Link
            to="/app/$app/groups/$group/diff"
            params={{ app, group: group.id }}
            title={words.whole}
          >
            <Status state="pending">{words.pending(format.number(changes))}</Status>
          </Link>
        ) : (
          <span className={css.subtle}>{words.nothingPending}</span>
        )}
        {pair === null ? null : (
          <>
            <Select
              small
              label={words.from}
              value={pair.from}
              onChange={choose(setFrom, pair.to, setTo)}
              onHighlight={(from) => compareAhead({ from, to: pair.to })}
              options={options}
            />
            <IconButton
              small
              icon={ArrowLeftRight}
              label={words.swap}
              onClick={() => {
                setFrom(pair.to, { replace: true });
                setTo(pair.from, { replace: true });
              }}
            />
            <Select
              small
              label={words.to}
              value={pair.to}
              onChange={choose(setTo, pair.from, setFrom)}
              onHighlight={(to) => compareAhead({ from: pair.from, to })}
              options={options}
            />
          </>
        )}
        <span className={css.tools}>
          {diff && open ? (
            <>
              <IconButton
                small
                icon={ChevronUp}
                label={words.previous}
                disabled={here === 0}
                onClick={() => setAt(here - 1)}
              />
              <span className={css.count}>
                {words.of(format.number(here + 1), format.number(count))}
              </span>
              <IconButton
                small
                icon={ChevronDown}
                label={words.next}
                disabled={here >= count - 1}
                onClick={() => setAt(here + 1)}
              />
              <Segment
                label={words.how}
                value={inline ? "inline" : "beside"}
                onChange={(next) => setHow(next === "inline" ? next : undefined)}
                options={[
                  { value: "beside", label: words.beside, icon: Columns2 },
                  { value: "inline", label: words.inline, icon: Rows2 },
                ]}
              />
            </>
          ) : diff || error ? null : (
            <span className={css.subtle}>
              {versions.error
                ? sayError(versions.error, text).title
                : waiting || unread
                  ? text.common.loading
                  : said}
            </span>
          )}
          {diff || error ? (
            <IconButton
              small
              icon={open ? ChevronDown : ChevronUp}
              label={open ? words.hide : words.show}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            />
          ) : null}
          {group && changes > 0 ? (
            <Button
              small
              kind="filled"
              icon={Rocket}
              render={
                <Link to="/app/$app/releases/new" params={{ app }} search={{ group: group.id }} />
              }
            >
              {words.deploy}
            </Button>
          ) : null}
        </span>
      </div>
      {!drawn || shown === null ? null : error ? (
        <div className={css.blind}>
          <Unseen group={group} />
          <ErrorState compact error={error} onRetry={retry} />
        </div>
      ) : diff ? (
        <Diff
          fill
          beside={!inline}
          heads={{ old: head(shown.from), new: head(shown.to) }}
          label={words.label(file.path)}
          language={languageOfPath(file.path)}
          lines={diff}
          foldText={(folded) => words.unchanged(format.number(folded))}
          onWhole={() => setWhole(true)}
          change={here}
          onChange={setAt}
        />
      ) : (
        <Skeleton rows={6} rowHeight={20} />
      )}
    </section>
  );
}

/** Since when the cluster of a group is not seen. */
function Unseen({ group }: { group: GroupFiles | null }) {
  const query = useCall("group_get", group?.id ?? "", { enabled: group !== null });
  const card = query.data?.card;
  return card ? <Blind link={card.link} name={card.link_name ?? card.link} /> : null;
}
