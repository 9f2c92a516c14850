import { useNavigate } from "@tanstack/react-router";
import { GitMerge } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useCall, useOrder } from "~/data";
import { type Catalogue, type Format, sayError, sayValue, useFormat, useText } from "~/i18n";
import { Bar, Button, EmptyState, QueryView, Segment, Skeleton, toast, visible } from "~/kit";
import type { GroupMerge, GroupView, MergeChoice, MergedField, MergedFile } from "~/wire/types";
import css from "./diff.module.css";
import { GroupFrame } from "./GroupFrame";
import { MergeFile } from "./MergeFile";
import { type Choices, conflictsOf, partsOf, placesIn } from "./merge";
import own from "./merge.module.css";

/** What a colleague released meanwhile, merged into the draft. */
export default function MergePage() {
  const text = useText();
  return (
    <GroupFrame page="groupMerge" title={text.frame.page.groupMerge}>
      {(app, view) => <Merge key={view.id} app={app} view={view} />}
    </GroupFrame>
  );
}

function Merge({ app, view }: { app: string; view: GroupView }) {
  const words = useText().merge;
  const query = useCall("group_merge", view.id);
  return (
    <QueryView query={query} skeleton={<Skeleton rows={12} />}>
      {(merge) =>
        merge === null ? (
          <EmptyState icon={GitMerge} title={words.nothing}>
            {words.nothingText}
          </EmptyState>
        ) : (
          // Where a side moved, nothing of what was decided holds.
          <Deciding key={merge.hash} app={app} merge={merge} />
        )
      }
    </QueryView>
  );
}

const numbered = (seq: number | null) => (seq === null ? "–" : `r${seq}`);

function Deciding({ app, merge }: { app: string; merge: GroupMerge }) {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const words = text.merge;
  const [choices, setChoices] = useState<Choices>(new Map());
  const { base, theirs, group } = merge;
  const [was, seq] = [numbered(base.seq), numbered(theirs.seq)];
  const take = useOrder("group_merge_take", {
    quiet: true,
    onDone: () => {
      toast({ state: "ok", title: words.done(seq), text: words.doneText });
      void navigate({ to: "/app/$app/groups/$group/diff", params: { app, group } });
    },
  });
  const choose = (id: string, choice: MergeChoice | null) => {
    const next = new Map(choices);
    if (choice) next.set(id, choice);
    else next.delete(id);
    setChoices(next);
  };
  const conflicts = conflictsOf(merge);
  const open = conflicts.filter((id) => !choices.has(id)).length;
  const parts = partsOf(merge);
  const back = parts.conflicts.fields.length + parts.conflicts.files.length;
  const lost = back + parts.comesIn.fields.length + parts.comesIn.files.length;
  const names = { base: words.base(was), ours: words.ours, theirs: words.theirs(theirs.by) };
  const failure = take.error ? sayError(take.error, text) : null;
  return (
    <>
      <Bar kind="changed" title={words.meanwhile(seq, theirs.by)}>
        {words.outFrom(was, format.dateTime(base.at))} {words.takesBack(format.number(lost))}
      </Bar>
      <div className={css.scroll}>
        {conflicts.length > 0 ? (
          <section aria-label={words.conflicts}>
            <h2>{words.conflicts}</h2>
            <p className={own.hint}>{words.conflictsText}</p>
            {parts.conflicts.fields.length > 0 ? (
              <Table heads={[words.field, names.base, names.ours, names.theirs, ""]}>
                {parts.conflicts.fields.map((field) => (
                  <tr key={field.id}>
                    <Name field={field} />
                    <Value of={field} side="base" />
                    <Value of={field} side="ours" />
                    <Value of={field} side="theirs" />
                    <td className={own.choice}>
                      <Segment<"ours" | "theirs" | "">
                        label={words.choice(field.field)}
                        value={chosen(choices.get(field.id))}
                        onChange={(kind) => kind !== "" && choose(field.id, { kind })}
                        options={[
                          { value: "ours", label: names.ours },
                          { value: "theirs", label: names.theirs },
                        ]}
                      />
                    </td>
                  </tr>
                ))}
              </Table>
            ) : null}
            {parts.conflicts.files.map((file) => (
              <MergeFile
                key={file.id}
                file={file}
                names={names}
                onChoice={(choice) => choose(file.id, choice)}
              />
            ))}
          </section>
        ) : null}
        <Section title={words.comesIn(seq)} part={parts.comesIn}>
          <Table heads={[words.field, words.now, words.next]}>
            {parts.comesIn.fields.map((field) => (
              <Row key={field.id} field={field} sides={["ours", "theirs"]} />
            ))}
            {parts.comesIn.files.map((file) => (
              <FileRow key={file.id} file={file} said={cameIn(file, text, format)} />
            ))}
          </Table>
        </Section>
        <Section title={words.stays} part={parts.stays}>
          <Table heads={[words.field, words.before, words.mine]}>
            {parts.stays.fields.map((field) => (
              <Row key={field.id} field={field} sides={["base", "ours"]} />
            ))}
            {parts.stays.files.map((file) => (
              <FileRow
                key={file.id}
                file={file}
                said={file.how === "same" ? words.same : becomes(file.base, file.ours, text)}
              />
            ))}
          </Table>
        </Section>
      </div>
      <footer className={own.foot}>
        {failure ? (
          <span className={own.refused} role="alert">
            {failure.title}. {failure.why}
          </span>
        ) : (
          <span>
            {conflicts.length === 0
              ? words.noConflicts
              : words.decided(
                  format.number(conflicts.length - open),
                  format.number(conflicts.length),
                )}{" "}
            · {words.versions}
          </span>
        )}
        <Button
          kind="filled"
          icon={GitMerge}
          busy={take.pending}
          notYet={open > 0 ? words.undecided(format.number(open)) : false}
          onClick={() =>
            void take.run({ group, hash: merge.hash, choices: Object.fromEntries(choices) })
          }
        >
          {take.pending ? words.taking : words.take}
        </Button>
      </footer>
    </>
  );
}

function chosen(choice: MergeChoice | undefined): "ours" | "theirs" | "" {
  return choice === undefined || choice.kind === "text" ? "" : choice.kind;
}

/** What becomes of a file that comes in. */
function cameIn(file: MergedFile, text: Catalogue, format: Format): string {
  const count = placesIn(file);
  return count > 0
    ? text.merge.placesIn(format.number(count))
    : becomes(file.ours, file.theirs, text);
}

function becomes(from: MergedFile["ours"], to: MergedFile["ours"], { merge }: Catalogue): string {
  if (from === "missing") return merge.added;
  if (to === "missing") return merge.deleted;
  return to === "text" ? merge.changed : merge.fileIn(merge.changed, merge.file[to]);
}

function Section({
  title,
  part,
  children,
}: {
  title: string;
  part: { fields: unknown[]; files: unknown[] };
  children: ReactNode;
}) {
  const format = useFormat();
  const count = part.fields.length + part.files.length;
  if (count === 0) return null;
  return (
    <section aria-label={title}>
      <h2>
        {title} <span className={css.subtle}>{format.number(count)}</span>
      </h2>
      {children}
    </section>
  );
}

function Table({ heads, children }: { heads: string[]; children: ReactNode }) {
  const words = useText().merge;
  return (
    <div className={css.changes}>
      <table className={css.table}>
        <thead>
          <tr>
            {heads.map((head) =>
              head === "" ? (
                <td key="choice" aria-label={words.places.take} />
              ) : (
                <th key={head} scope="col">
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

type Side = "base" | "ours" | "theirs";

function Row({ field, sides }: { field: MergedField; sides: [Side, Side] }) {
  const words = useText().merge;
  const [first, second] = sides;
  return (
    <tr>
      <Name field={field} note={field.how === "same" ? words.same : undefined} />
      <Value of={field} side={first} />
      <Value of={field} side={second} />
    </tr>
  );
}

function Name({
  field: { of, section, field },
  note,
}: {
  field: MergedField;
  note?: string | undefined;
}) {
  const text = useText();
  return (
    <th scope="row">
      <span className={css.field}>
        <span className={css.subtle}>
          {of === "group" ? text.diff.section[section] : text.merge.of[of]}
        </span>
        <code>{visible(field)}</code>
        {note ? <span className={css.subtle}>{note}</span> : null}
      </span>
    </th>
  );
}

function Value({ of, side }: { of: MergedField; side: Side }) {
  const text = useText();
  const format = useFormat();
  const words = text.merge;
  const value = of[side];
  const absent = value === null || value === undefined;
  if (of.of === "sensitive") {
    return <td>{words.keySensitive[value === true ? "true" : "false"]}</td>;
  }
  if (of.hidden && !absent) {
    const another = side !== "base" && value !== of.base;
    return <td className={css.subtle}>{another ? words.hiddenChanged : words.hidden}</td>;
  }
  const said = absent ? null : sayValue(of.field, value, text, format);
  return (
    <td>
      {said === null ? (
        <span className={css.subtle}>{words.unset}</span>
      ) : (
        <code className={css.value} title={visible(said)}>
          {visible(said)}
        </code>
      )}
    </td>
  );
}

function FileRow({ file: { owner, path }, said }: { file: MergedFile; said: string }) {
  const words = useText().merge;
  return (
    <tr>
      <th scope="row">
        <span className={css.field}>
          <span className={css.subtle}>{words.fileOf[owner]}</span>
          <code>{visible(path)}</code>
        </span>
      </th>
      <td colSpan={2} className={css.subtle}>
        {said}
      </td>
    </tr>
  );
}
