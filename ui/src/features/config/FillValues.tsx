import { ChevronDown, ChevronRight, Copy } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { SecretInput } from "~/app/SecretInput";
import { useFormat, useText } from "~/i18n";
import { Button, cx, Icon, Input, Section, Status, visible } from "~/kit";
import { useSettled } from "~/kit/form";
import type { GroupFiles, MatrixKey, ValueMatrix } from "~/wire/types";
import css from "./step.module.css";
import { useValueSet } from "./useValueSet";
import { DEFAULT, effectiveOf, neededBy, said, sourceOf } from "./values";

const SAVE_AFTER_MS = 400;

/** The keys that the files of a group ask for: the empty one is seen first, those with a default are folded. */
export function FillValues({
  app,
  group,
  matrix,
}: {
  app: string;
  group: GroupFiles;
  matrix: ValueMatrix;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.step;
  const [open, setOpen] = useState(false);
  const set = useValueSet(app);
  const at = matrix.groups.findIndex(({ id }) => id === group.id);
  const asked = matrix.keys.filter((key) => {
    const state = key.cells[at]?.state;
    return state !== undefined && state !== "none" && neededBy(key, group.id) !== undefined;
  });
  const empty = asked.filter((key) => key.cells[at]?.state === "empty");
  // What was filled in stays where it is; only what nobody has touched folds.
  const folded = asked.filter(({ cells }) =>
    ["default", "inline"].includes(cells[at]?.state ?? ""),
  );
  const listed = asked.filter((key) => !folded.includes(key));
  const all = format.number(asked.length);
  const source = empty[0] ? sourceOf(matrix, empty[0], at) : undefined;
  if (asked.length === 0) return null;
  const copyAll = () => {
    const from = matrix.groups.findIndex(({ id }) => id === source?.id);
    for (const key of empty) {
      const cell = key.cells[from];
      if (cell?.state === "set" && cell.value) void set.copy(key.key, group.id, cell.value);
    }
  };
  const row = (key: MatrixKey) => (
    <Row key={key.key} app={app} group={group} matrix={matrix} at={at} of={key} />
  );
  return (
    <section className={css.fill} aria-label={words.toFill}>
      <Section
        title={words.toFill}
        note={words.filledOf(format.number(asked.length - empty.length), all)}
        actions={
          source && empty.length > 1 ? (
            <Button small kind="ghost" icon={Copy} onClick={copyAll}>
              {words.copyAll(source.name)}
            </Button>
          ) : undefined
        }
      />
      <div className={css.head}>
        <span>{text.config.matrix.key}</span>
        <span>{words.valueIn(group.name)}</span>
        <span>{words.elsewhere}</span>
      </div>
      {listed.map(row)}
      {folded.length > 0 ? (
        <button
          type="button"
          className={css.folded}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon of={open ? ChevronDown : ChevronRight} size={14} />
          {words.takeDefault(format.number(folded.length))}
          {open ? null : (
            <code className={css.taken}>
              {folded
                .map((key) => {
                  const cell = key.cells[at];
                  const value = cell ? effectiveOf(key, cell) : null;
                  return `${key.key} ${value ? said(value) : ""}`;
                })
                .join(" · ")}
            </code>
          )}
        </button>
      ) : null}
      {open ? folded.map(row) : null}
    </section>
  );
}

function Row({
  app,
  group,
  matrix,
  at,
  of,
}: {
  app: string;
  group: GroupFiles;
  matrix: ValueMatrix;
  at: number;
  of: MatrixKey;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.step;
  const set = useValueSet(app);
  const cell = of.cells[at];
  const kept = cell?.state === "set" && cell.value?.kind === "plain" ? cell.value.text : "";
  const [typed, setTyped] = useState(kept);
  const [known, setKnown] = useState(kept);
  // Copied, or set elsewhere, while nothing is typed here.
  if (kept !== known) {
    setKnown(kept);
    if (typed === known) setTyped(kept);
  }
  const settled = useSettled(typed, SAVE_AFTER_MS);
  const save = useEffectEvent(() => {
    void set.value(of.key, group.id, typed === "" ? null : { kind: "plain", value: typed });
  });
  useEffect(() => {
    if (!of.sensitive && settled === typed && typed !== known) save();
  }, [settled, typed, known, of.sensitive]);
  // Whoever leaves before the pause is over loses nothing.
  const leave = useEffectEvent(() => {
    if (!of.sensitive && typed !== known) save();
  });
  useEffect(() => () => leave(), []);
  const isEmpty = cell?.state === "empty" && typed === "";
  const source = isEmpty ? sourceOf(matrix, of, at) : undefined;
  const use = neededBy(of, group.id);
  const label = `${of.key}, ${words.valueIn(group.name)}`;
  return (
    <div className={cx(css.row, isEmpty && css.empty)}>
      <code className={css.key}>{visible(of.key)}</code>
      <div className={css.value}>
        {of.sensitive ? (
          <SecretInput
            secret={cell?.value?.kind === "sealed" ? cell.value.id : null}
            onSecret={(id) => void set.value(of.key, group.id, { kind: "sealed", value: id })}
            label={label}
            invalid={isEmpty}
          />
        ) : (
          <Input
            mono
            value={typed}
            onChange={setTyped}
            aria-label={label}
            invalid={isEmpty}
            placeholder={of.default ? said(of.default) : undefined}
          />
        )}
        {isEmpty ? <Status state="danger">{words.noValue}</Status> : null}
      </div>
      <div className={css.elsewhere}>
        {isEmpty ? (
          <>
            <span className={css.buttons}>
              {source ? (
                <Button small onClick={() => void set.copy(of.key, group.id, source.value)}>
                  {text.config.matrix.copyFrom(source.name)}
                </Button>
              ) : null}
              <DefaultButton app={app} of={of} />
            </span>
            {use ? words.needed(visible(use.name), format.number(use.line)) : null}
          </>
        ) : (
          <Elsewhere group={group.id} matrix={matrix} at={at} of={of} />
        )}
      </div>
    </div>
  );
}

/** Types the default of all groups in place. */
function DefaultButton({ app, of }: { app: string; of: MatrixKey }) {
  const words = useText().config.matrix;
  const set = useValueSet(app);
  const [typed, setTyped] = useState<string | null>(null);
  if (typed === null || of.sensitive) {
    return (
      <Button small disabled={of.sensitive} onClick={() => setTyped("")}>
        {words.setDefault}
      </Button>
    );
  }
  return (
    <Input
      mono
      autoFocus
      value={typed}
      onChange={setTyped}
      aria-label={`${of.key}, ${words.default}`}
      placeholder={words.default}
      onBlur={() => setTyped(null)}
      onKeyDown={(event) => {
        if (event.key === "Escape") setTyped(null);
        if (event.key !== "Enter" || typed === "") return;
        event.preventDefault();
        void set.value(of.key, null, { kind: "plain", value: typed });
      }}
    />
  );
}

/** Whose value it is like, or what it goes over. */
function Elsewhere({
  group,
  matrix,
  at,
  of,
}: {
  group: string;
  matrix: ValueMatrix;
  at: number;
  of: MatrixKey;
}) {
  const words = useText().config.step;
  const format = useFormat();
  const own = of.cells[at]?.value;
  const like = matrix.groups.find(({ id }, index) => {
    const value = of.cells[index]?.value;
    if (index === at || id === DEFAULT || !own || !value) return false;
    return own.kind === "plain"
      ? value.kind === "plain" && value.text === own.text
      : value.kind === "sealed" && value.id === own.id;
  });
  if (like) return <>{words.as(like.name)}</>;
  if (of.default) return <>{words.defaultIs(visible(said(of.default)))}</>;
  const others = matrix.groups.some(
    ({ id }, index) => index !== at && id !== DEFAULT && of.cells[index]?.value,
  );
  if (others) return <>{words.differs}</>;
  const use = neededBy(of, group);
  return use ? words.needed(visible(use.name), format.number(use.line)) : null;
}
