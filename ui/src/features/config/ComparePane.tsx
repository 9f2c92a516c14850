import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, ChevronDown, ChevronUp, Columns2, Rocket, Rows2 } from "lucide-react";
import { useState } from "react";
import { Blind } from "~/app/Blind";
import { useSetView, useView, useViewAhead } from "~/app/page";
import { useCall } from "~/data";
import { sayError, useFormat, useText } from "~/i18n";
import {
  Button,
  changeCount,
  Diff,
  ErrorState,
  IconButton,
  languageOfPath,
  type Option,
  Segment,
  Select,
  Skeleton,
  Status,
} from "~/kit";
import type { FileView, GroupFiles } from "~/wire/types";
import css from "./config.module.css";
import {
  besides,
  type Pair,
  pairOf,
  SAVED,
  type Side,
  useCompareAhead,
  useComparison,
  useSides,
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
  const [typedFrom] = useView("from");
  const [typedTo] = useView("to");
  const setView = useSetView();
  const [how, setHow] = useView("by");
  const [open, setOpen] = useState(true);
  const [at, setAt] = useState(0);
  const { sides, versions, released } = useSides(app, file.id, group?.id ?? null);
  const pair = pairOf(sides, typedFrom, typedTo);
  const [whole, setWhole] = useState(false);
  const compareAhead = useCompareAhead(file.id);
  useViewAhead(({ from, to }) => compareAhead(pairOf(sides, from, to)));
  const { shown, chosen, diff, changed, error, waiting, retry } = useComparison(
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
  const choose = (next: Pair) => {
    setAt(0);
    setWhole(false);
    setView({ ...next }, { replace: true });
  };
  const head = (side: Side) => (
    <>
      <strong>{label(side)}</strong>
      {note(side)}
    </>
  );
  const inline = how === "inline";
  const draw = (next: boolean) => setHow(next ? "inline" : undefined);
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
        {chosen === null ? null : (
          <PairChoice pair={chosen} options={options} onChoose={choose} onAhead={compareAhead} />
        )}
        <span className={css.tools}>
          {diff && open ? (
            <ChangeSteps
              change={here}
              count={count}
              onChange={setAt}
              inline={inline}
              onInline={draw}
            />
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

/** The two sides, and how to turn them round. */
function PairChoice({
  pair,
  options,
  onChoose,
  onAhead,
}: {
  pair: Pair;
  options: Option<Side>[];
  onChoose: (pair: Pair) => void;
  /** Somebody is about to choose it. */
  onAhead: (pair: Pair) => void;
}) {
  const words = useText().config.compare;
  const { from, to } = pair;
  const fromNow = (side: Side) => ({ from: side, to: besides(side, to) });
  const toNow = (side: Side) => ({ from: besides(side, from), to: side });
  return (
    <>
      <Select
        small
        label={words.from}
        value={from}
        onChange={(side) => onChoose(fromNow(side))}
        onHighlight={(side) => onAhead(fromNow(side))}
        options={options}
      />
      <IconButton
        small
        icon={ArrowLeftRight}
        label={words.swap}
        onClick={() => onChoose({ from: to, to: from })}
      />
      <Select
        small
        label={words.to}
        value={to}
        onChange={(side) => onChoose(toNow(side))}
        onHighlight={(side) => onAhead(toNow(side))}
        options={options}
      />
    </>
  );
}

/** From one change to the next, and how they are drawn. */
function ChangeSteps({
  change,
  count,
  onChange,
  inline,
  onInline,
}: {
  change: number;
  count: number;
  onChange: (change: number) => void;
  inline: boolean;
  onInline: (inline: boolean) => void;
}) {
  const words = useText().config.compare;
  const format = useFormat();
  return (
    <>
      <IconButton
        small
        icon={ChevronUp}
        label={words.previous}
        disabled={change === 0}
        onClick={() => onChange(change - 1)}
      />
      <span className={css.count}>{words.of(format.number(change + 1), format.number(count))}</span>
      <IconButton
        small
        icon={ChevronDown}
        label={words.next}
        disabled={change >= count - 1}
        onClick={() => onChange(change + 1)}
      />
      <Segment
        label={words.how}
        value={inline ? "inline" : "beside"}
        onChange={(next) => onInline(next === "inline")}
        options={[
          { value: "beside", label: words.beside, icon: Columns2 },
          { value: "inline", label: words.inline, icon: Rows2 },
        ]}
      />
    </>
  );
}

/** Since when the cluster of a group is not seen. */
function Unseen({ group }: { group: GroupFiles | null }) {
  const query = useCall("group_get", group?.id ?? "", { enabled: group !== null });
  const card = query.data?.card;
  return card ? <Blind link={card.link} name={card.link_name ?? card.link} /> : null;
}
