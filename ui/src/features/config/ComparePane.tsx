import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, ChevronDown, ChevronUp, Columns2, Rocket, Rows2 } from "lucide-react";
import { useState } from "react";
import { useView } from "~/app/page";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  changeCount,
  Diff,
  IconButton,
  languageOfPath,
  QueryView,
  Segment,
  Select,
  Skeleton,
  Status,
} from "~/kit";
import type { DiffView, FileView, GroupFiles } from "~/wire/types";
import css from "./config.module.css";

/** A number of a version, what was released last, or what runs. */
type From = string;

/** Below the file: what is saved beside what was released, what runs, or a version before. */
export function ComparePane({
  app,
  view,
  group,
  changes,
  from,
  onFrom,
}: {
  app: string;
  view: FileView;
  group: GroupFiles | null;
  changes: number;
  from: From | undefined;
  onFrom: (from: From | undefined) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.compare;
  const { file } = view;
  const versions = useCall("config_versions", file.id);
  const released = useCall(
    "release_list",
    { app, last: true, group: group?.id ?? null, before: null, limit: 1 },
    { enabled: group !== null },
  ).data?.rows[0];
  const numbers = (versions.data ?? []).map(({ number }) => number);
  const sides = [
    ...(released ? (["released", "live"] as const) : []),
    ...numbers.map((number) => String(number)),
  ];
  const chosen: From | undefined = from !== undefined && sides.includes(from) ? from : sides[0];
  const label = (side: From) => {
    if (side === "live") return words.live;
    if (side === "released") return `${words.released}, r${released?.seq ?? "–"}`;
    return words.version(side);
  };
  const note = (side: From) => {
    const version = versions.data?.find(({ number }) => String(number) === side);
    return version ? words.versionBy(version.by, format.relative(version.at)) : undefined;
  };
  const shared = {
    chosen,
    view,
    tools: (
      <>
        {group && changes > 0 ? (
          <Status state="pending">{words.pending(format.number(changes))}</Status>
        ) : (
          <span className={css.subtle}>{words.nothingPending}</span>
        )}
        {chosen === undefined ? null : (
          <>
            <Select
              small
              label={words.from}
              value={chosen}
              onChange={onFrom}
              options={sides.map((value) => ({ value, label: label(value), note: note(value) }))}
            />
            <ArrowLeftRight size={14} strokeWidth={1.3} aria-hidden="true" />
            <span className={css.side}>{words.savedAt(format.time(file.saved))}</span>
          </>
        )}
      </>
    ),
    heads: {
      old: (
        <>
          <strong>{chosen === undefined ? "" : label(chosen)}</strong>
          {chosen === undefined ? null : note(chosen)}
        </>
      ),
      new: (
        <>
          <strong>{words.saved}</strong>
          {words.versionBy(view.saved_by, format.relative(file.saved))}
        </>
      ),
    },
    deploy:
      group && changes > 0 ? (
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
      ) : null,
  };
  if (chosen === "released" || chosen === "live") {
    return group ? <OfGroup {...shared} group={group.id} side={chosen} /> : null;
  }
  return <OfVersion {...shared} number={chosen === undefined ? null : Number(chosen)} />;
}

interface Shared {
  chosen: From | undefined;
  view: FileView;
  tools: React.ReactNode;
  heads: { old: React.ReactNode; new: React.ReactNode };
  deploy: React.ReactNode;
}

function OfVersion({ number, ...shared }: Shared & { number: number | null }) {
  const words = useText().config.compare;
  const { id } = shared.view.file;
  const query = useCall(
    "config_diff",
    { from: { file: id, number }, to: { file: id, number: null } },
    { enabled: number !== null, keep: true },
  );
  if (number === null) return <Compared {...shared} diff={null} note={words.none} />;
  return (
    <QueryView query={query} skeleton={<Skeleton rows={6} rowHeight={20} />}>
      {({ changed, diff }) => (
        <Compared
          {...shared}
          diff={changed ? diff : null}
          note={changed ? words.changed : words.same}
        />
      )}
    </QueryView>
  );
}

/** The object of the file, as it was released or as it is in the cluster. */
function OfGroup({
  group,
  side,
  ...shared
}: Shared & { group: string; side: "released" | "live" }) {
  const words = useText().config.compare;
  const query = useCall(
    "group_diff",
    { from: { group, side: { kind: side } }, to: { group, side: { kind: "saved" } } },
    { keep: true },
  );
  return (
    <QueryView query={query} skeleton={<Skeleton rows={6} rowHeight={20} />}>
      {({ objects }) => {
        const found = objects.find(({ role }) => role === `file:${shared.view.file.resolved}`);
        return (
          <Compared
            {...shared}
            diff={found?.content ?? null}
            note={found ? words.changed : words.same}
          />
        );
      }}
    </QueryView>
  );
}

function Compared({
  view,
  tools,
  heads,
  deploy,
  diff,
  note,
}: Shared & { diff: DiffView | null; note: string }) {
  const text = useText();
  const format = useFormat();
  const words = text.config.compare;
  const [how, setHow] = useView("by");
  const [open, setOpen] = useState(true);
  const [at, setAt] = useState(0);
  const inline = how === "inline";
  const lines = (diff?.lines ?? []).map(({ kind, folded, ...line }) =>
    kind === "fold" ? { kind, folded } : { kind, ...line },
  );
  const count = changeCount(lines);
  const here = Math.min(at, Math.max(0, count - 1));
  const path = view.file.path;
  return (
    <section
      className={open && diff ? css.compare : css.compareShut}
      aria-label={words.label(path)}
    >
      <div className={css.compareBar}>
        {tools}
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
          ) : diff ? null : (
            <span className={css.subtle}>{note}</span>
          )}
          {diff ? (
            <IconButton
              small
              icon={open ? ChevronDown : ChevronUp}
              label={open ? words.hide : words.show}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            />
          ) : null}
          {deploy}
        </span>
      </div>
      {diff && open ? (
        <Diff
          fill
          beside={!inline}
          heads={heads}
          label={words.label(path)}
          language={languageOfPath(path)}
          lines={lines}
          foldText={(folded) => words.unchanged(format.number(folded))}
          change={here}
          onChange={setAt}
        />
      ) : null}
    </section>
  );
}
