import { useState } from "react";
import { useOrder } from "~/data";
import { sayValue, useFormat, useText } from "~/i18n";
import { Bar, Button, cx, Dialog, StatusMark, toast, visible } from "~/kit";
import type { FieldChange, ForeignFields, ForeignRow, ThreeView } from "~/wire/types";
import { DiscardButton } from "./DiscardButton";
import css from "./diff.module.css";
import { livesAsReleased } from "./foreign";

/** Adopting and reverting what somebody else changed, one field or all. */
export function useForeign(group: string, refetch: () => void) {
  const text = useText();
  const format = useFormat();
  const words = text.diff.foreign;
  const [asked, setAsked] = useState<ForeignRow[] | null>(null);
  const adopt = useOrder("group_adopt", {
    onDone: ({ patched }, { fields }) => {
      const [first] = fields;
      toast({
        state: "ok",
        title:
          fields.length === 1
            ? words.adopted(first?.path ?? "")
            : words.adoptedMany(format.number(fields.length)),
        text: patched ? words.inPatch : undefined,
      });
      refetch();
    },
  });
  const revert = useOrder("group_revert", {
    onDone: (_, { fields }) => {
      const now = fields.some(({ path }) => asked?.find((row) => row.path === path)?.at_once);
      toast({ state: "ok", title: now ? words.reverted : words.marked });
      setAsked(null);
      refetch();
    },
  });
  const act = (order: { run: (chosen: ForeignFields) => Promise<unknown> }, rows: ForeignRow[]) => {
    const fields = rows.map(({ path, live }) => ({ path, live }));
    // Where it moved meanwhile, what it is now is shown.
    void order.run({ group, fields }).then((done) => done === undefined && refetch());
  };
  return {
    busy: adopt.pending || revert.pending,
    adopt: (rows: ForeignRow[]) => act(adopt, rows),
    ask: setAsked,
    refetch,
    dialog: asked ? (
      <Dialog
        open
        onClose={() => setAsked(null)}
        title={words.confirmTitle(asked.length, format.number(asked.length))}
        action={{
          label: revert.pending ? words.reverting : words.confirm,
          busy: revert.pending,
          onAction: () => act(revert, asked),
        }}
      >
        <Consequences rows={asked} />
      </Dialog>
    ) : null,
  };
}

/** What reverting costs, said before. */
function Consequences({ rows }: { rows: ForeignRow[] }) {
  const text = useText();
  const format = useFormat();
  const words = text.diff.foreign;
  const now = rows.find((row) => row.at_once);
  const later = rows.filter((row) => !row.at_once);
  return (
    <>
      {now ? <p>{words.confirmNow(now.released ?? text.diff.unset)}</p> : null}
      {later.length > 0 ? <p>{words.confirmRelease(format.number(later.length))}</p> : null}
      <ul className={css.plainList}>
        {rows.map((row) => (
          <li key={row.path}>
            <code>{visible(row.field)}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

/** How many fields somebody else changed, and both answers to all of them. */
export function ForeignBar({
  view,
  actions,
}: {
  view: ThreeView;
  actions: ReturnType<typeof useForeign>;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.diff.foreign;
  const open = view.foreign.filter((row) => !row.goes_back);
  const count = open.length;
  if (count === 0 || !view.released) return null;
  const { seq, at } = view.released;
  return (
    <Bar
      kind="changed"
      title={words.title(count, format.number(count))}
      actions={
        <>
          <Button small disabled={actions.busy} onClick={() => actions.adopt(open)}>
            {count === 1 ? words.adoptOne : words.adoptAll(count)}
          </Button>
          <Button small disabled={actions.busy} onClick={() => actions.ask(open)}>
            {count === 1 ? words.revertOne : words.revertAll(count)}
          </Button>
        </>
      }
    >
      {words.since(seq === null ? "–" : `r${seq}`, format.dateTime(at))}
    </Bar>
  );
}

/** Differing fields first: the cluster's with manager and time, then those of the draft. */
export function FieldTable({
  view,
  actions,
}: {
  view: ThreeView;
  actions: ReturnType<typeof useForeign>;
}) {
  const text = useText();
  const words = text.diff.foreign;
  const format = useFormat();
  const say = (field: string, value: unknown) => sayValue(field, value, text, format);
  if (view.foreign.length + view.drafted.length === 0) return null;
  return (
    <>
      <div className={css.tableBox}>
        <table className={css.table} aria-label={words.table}>
          <thead>
            <tr>
              <th scope="col">{words.column.field}</th>
              <th scope="col">{words.column.released}</th>
              <th scope="col">{words.column.live}</th>
              <th scope="col">{words.column.draft}</th>
              <th scope="col" colSpan={2}>
                {words.column.by}
              </th>
            </tr>
          </thead>
          <tbody>
            {view.foreign.map((row) => (
              <ForeignFieldRow key={row.path} row={row} actions={actions} />
            ))}
            {view.drafted.map((change) => (
              <tr key={`${change.section} ${change.field}`}>
                <th scope="row">
                  <span className={css.field}>
                    <StatusMark state="pending" label={words.draftBy} />
                    <code>{visible(change.field)}</code>
                  </span>
                </th>
                <td>
                  <Shown value={told(change, say(change.field, change.before))} />
                </td>
                <td>
                  {livesAsReleased(change, view) ? (
                    <Shown value={told(change, say(change.field, change.before))} />
                  ) : null}
                </td>
                <td className={css.ours}>
                  <Shown value={told(change, say(change.field, change.after))} />
                </td>
                <td>
                  <strong>{words.draftBy}</strong>{" "}
                  <span className={css.subtle}>{text.diff.section[change.section]}</span>
                </td>
                <td className={css.rowActions}>
                  <span className={css.subtle}>{words.withRelease}</span>
                  <DiscardButton
                    group={view.saved.group}
                    change={change}
                    onDone={actions.refetch}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {view.foreign.length > 0 ? <p className={css.cost}>{words.cost}</p> : null}
    </>
  );
}

function ForeignFieldRow({
  row,
  actions,
}: {
  row: ForeignRow;
  actions: ReturnType<typeof useForeign>;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.diff.foreign;
  return (
    <tr>
      <th scope="row">
        <span className={css.field}>
          <StatusMark state="warn" />
          <code title={row.path}>{visible(row.field)}</code>
        </span>
      </th>
      <td>
        <Shown value={row.released} />
      </td>
      <td className={css.theirs}>
        <Shown value={row.live} />
      </td>
      <td>
        <Shown value={row.draft} />
      </td>
      <td>
        {row.manager ? (
          <strong>
            {row.subresource
              ? words.subresource(visible(row.manager), visible(row.subresource))
              : visible(row.manager)}
          </strong>
        ) : null}{" "}
        {row.time ? (
          <time className={css.subtle} dateTime={row.time} title={format.exact(row.time)}>
            {format.dateTime(row.time)}
          </time>
        ) : null}
      </td>
      <td className={css.rowActions}>
        {row.draft === row.live ? null : (
          <Button
            small
            disabled={actions.busy}
            aria-label={words.adoptOf(row.field)}
            onClick={() => actions.adopt([row])}
          >
            {brief(row.live) ? words.adopt(visible(brief(row.live) ?? "")) : words.adoptOne}
          </Button>
        )}
        {row.goes_back ? (
          <span className={css.subtle}>{words.goesBack}</span>
        ) : (
          <Button
            small
            disabled={actions.busy}
            aria-label={words.revertOf(row.field)}
            onClick={() => actions.ask([row])}
          >
            {row.released === null
              ? words.revertAway
              : brief(row.released)
                ? words.revert(visible(brief(row.released) ?? ""))
                : words.revertOne}
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Names of config objects end in what their content decides; all else of them says nothing new. */
const TAIL = 10;

function told({ section, field }: FieldChange, value: string | null): string | null {
  const named = section === "files" || field === "sensitive";
  return named && value && value.length > TAIL ? `…${value.slice(-TAIL)}` : value;
}

/** Longest value that still fits on a button, characters. */
const BRIEF = 12;

function brief(value: string | null): string | null {
  return value !== null && value.length <= BRIEF ? value : null;
}

function Shown({ value }: { value: string | null }) {
  return value === null ? (
    <span className={css.subtle}>–</span>
  ) : (
    <code className={cx(css.value, brief(value) && css.brief)} title={visible(value)}>
      {visible(value)}
    </code>
  );
}
