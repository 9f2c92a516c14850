import { Plus, Trash2 } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { ask, useCall, useOrder } from "~/data";
import {
  environmentWord,
  environmentWords,
  ownEnvironment,
  sayError,
  sayFieldError,
  useFormat,
  useText,
} from "~/i18n";
import {
  Button,
  cx,
  Dialog,
  EnvSquare,
  EnvTag,
  ErrorState,
  Grip,
  IconButton,
  Input,
  QueryView,
  Section,
  Select,
  Skeleton,
  StatusMark,
  Switch,
  toast,
  useReorder,
} from "~/kit";
import { CallError } from "~/platform";
import type { Environment, EnvironmentColour, FieldError } from "~/wire/types";
import css from "./environment.module.css";
import { useSaveAfterPause } from "./useSaveAfterPause";

const NAME_MAX = 24;
const colours: EnvironmentColour[] = ["dev", "test", "staging", "prod"];

/** Environments of this computer: what is changed here holds at once, and records keep what they said. */
export function Environments() {
  const text = useText();
  const words = text.setting;
  const environments = useCall("environment_list", null);
  const add = useOrder("environment_save");
  return (
    <Section
      id="environments"
      title={words.environments}
      note={words.environmentsNote}
      actions={
        <Button
          small
          kind="ghost"
          icon={Plus}
          busy={add.pending}
          onClick={() =>
            void add.run({
              id: null,
              draft: {
                name: { own: newName(environments.data ?? []) },
                colour: "staging",
                protected: false,
              },
            })
          }
        >
          {words.environmentAdd}
        </Button>
      }
    >
      <div className={css.table}>
        <QueryView query={environments} skeleton={<Skeleton rows={4} />}>
          {(rows) => <Rows stored={rows} />}
        </QueryView>
      </div>
    </Section>
  );
}

/** A name that no other has. */
function newName(known: Environment[]): { en: string; zh: string } {
  const taken = new Set(known.map(({ name }) => environmentWords(name).en));
  let number = known.length + 1;
  while (taken.has(`Environment ${number}`)) number += 1;
  return { en: `Environment ${number}`, zh: `环境 ${number}` };
}

function Rows({ stored }: { stored: Environment[] }) {
  const text = useText();
  const words = text.setting;
  const uses = useCall("environment_uses", null);
  /** The order while it is dragged, or until the core has it. */
  const [moved, setMoved] = useState<string[] | null>(null);
  const [removing, setRemoving] = useState<Environment | null>(null);
  const order = useOrder("environment_order");
  const place = (id: string) => moved?.indexOf(id) ?? -1;
  const rows = moved ? stored.toSorted((a, b) => place(a.id) - place(b.id)) : stored;

  /** What the core has to be told: whoever presses on does not wait for the order before. */
  const wanted = useRef<string[] | null>(null);
  const keep = async (ids: string[]) => {
    const busy = wanted.current !== null;
    wanted.current = ids;
    if (busy) return;
    let told: string[] = [];
    let done: null | undefined;
    while (told !== wanted.current) {
      told = wanted.current;
      done = await order.run(told);
    }
    wanted.current = null;
    // Otherwise it stands as it was left until the core's own list has come.
    if (done === undefined) setMoved(null);
  };
  const onOrder = (ids: string[], done: boolean) => {
    const same = moved === null && ids.every((id, at) => id === rows[at]?.id);
    if (same) return;
    setMoved(ids);
    if (done) void keep(ids);
  };
  const reorder = useReorder(
    rows.map(({ id }) => id),
    onOrder,
    () => setMoved(null),
  );
  const settle = useEffectEvent(() => {
    if (wanted.current === null && reorder.dragged === null) setMoved(null);
  });
  useEffect(() => {
    if (stored.length > 0) settle();
  }, [stored]);

  return (
    <>
      <div className={cx(css.row, css.head)} aria-hidden="true">
        <span />
        <span>{words.column.name}</span>
        <span>{words.column.chinese}</span>
        <span>{words.column.colour}</span>
        <span>{words.column.looks}</span>
        <span>{words.column.groups}</span>
        <span>{words.column.protected}</span>
        <span />
      </div>
      <ul ref={reorder.list} className={css.rows} aria-label={words.environments}>
        {rows.map((row) => (
          <li
            key={row.id}
            className={cx(css.row, row.id === reorder.dragged && css.dragged)}
            aria-label={environmentWord(row.name, text)}
            {...reorder.row(row.id)}
          >
            <Grip
              label={words.environmentMove(environmentWord(row.name, text))}
              {...reorder.grip(row.id)}
            />
            <Fields
              environment={row}
              others={rows.filter(({ id }) => id !== row.id)}
              groups={uses.data?.find(({ environment }) => environment === row.id)?.groups ?? 0}
              last={rows.length === 1}
              onRemove={() => setRemoving(row)}
            />
          </li>
        ))}
      </ul>
      {removing ? <RemoveDialog environment={removing} onClose={() => setRemoving(null)} /> : null}
    </>
  );
}

/** Names are saved when the person pauses, and at the latest when the field is left; the rest at once. */
function Fields({
  environment,
  others,
  groups,
  last,
  onRemove,
}: {
  environment: Environment;
  others: Environment[];
  groups: number;
  last: boolean;
  onRemove: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.setting;
  const [typed, setTyped] = useState<{ en: string; zh: string } | null>(null);
  const [wrong, setWrong] = useState<FieldError[]>([]);
  /** What the core was told last: leaving a field tells nothing anew. */
  const kept = useRef(environmentWords(environment.name));
  const names = typed ?? environmentWords(environment.name);
  const word = environmentWord(environment.name, text);

  const save = async (part: Partial<Environment>) => {
    const { name, colour, protected: guarded } = { ...environment, ...part };
    try {
      const draft = { name, colour, protected: guarded };
      await ask("environment_save", { id: environment.id, draft });
      setWrong([]);
    } catch (thrown) {
      const failure = CallError.from(thrown);
      setWrong(failure.fields);
      if (failure.fields.length === 0) {
        const said = sayError(failure, text);
        toast({ state: "danger", title: words.notSaved, text: [said.title, said.why].join(" ") });
      }
    }
  };
  const saveNames = async () => {
    if (typed === null) return;
    if (same(kept.current, typed)) {
      setWrong([]);
      return;
    }
    // Only here have all of them words: those that Slipway names itself have none in the core.
    const field = takenBy(typed, others);
    if (field) {
      setWrong([{ field, code: "taken", params: {}, fix: null }]);
      return;
    }
    kept.current = typed;
    await save({ name: ownEnvironment(typed) });
  };
  useSaveAfterPause(typed, () => void saveNames());
  const onBlur = () => void saveNames();

  return (
    <>
      <Input
        value={names.en}
        maxLength={NAME_MAX}
        aria-label={`${words.column.name}: ${word}`}
        invalid={wrong.some(({ field }) => field === "en")}
        onChange={(en) => setTyped({ ...names, en })}
        onBlur={onBlur}
      />
      <Input
        value={names.zh}
        maxLength={NAME_MAX}
        aria-label={`${words.column.chinese}: ${word}`}
        invalid={wrong.some(({ field }) => field === "zh")}
        onChange={(zh) => setTyped({ ...names, zh })}
        onBlur={onBlur}
      />
      <Select<EnvironmentColour>
        value={environment.colour}
        label={`${words.column.colour}: ${word}`}
        onChange={(colour) => void save({ colour })}
        options={colours.map((value) => ({
          value,
          label: words.colour[value],
          content: (
            <span className={css.colour}>
              <EnvSquare colour={value} />
              {words.colour[value]}
            </span>
          ),
        }))}
      />
      <span className={css.looks}>
        <EnvTag colour={environment.colour}>
          {environmentWord(ownEnvironment(names), text) || word}
        </EnvTag>
      </span>
      <span>{format.number(groups)}</span>
      <Switch
        checked={environment.protected}
        label={`${words.column.protected}: ${word}`}
        onChange={(next) => void save({ protected: next })}
      >
        <span className={css.subtle}>
          {environment.protected ? words.protectedYes : words.protectedNo}
        </span>
      </Switch>
      <IconButton
        small
        icon={Trash2}
        label={words.environmentDelete(word)}
        locked={last ? words.environmentLast : false}
        onClick={onRemove}
      />
      {wrong[0] ? (
        <p className={css.wrong} role="alert">
          <StatusMark state="danger" />
          {sayFieldError(wrong[0], text)}
        </p>
      ) : null}
    </>
  );
}

/** In which language another is called so already. */
function takenBy(typed: { en: string; zh: string }, others: Environment[]): "en" | "zh" | null {
  const words = others.map(({ name }) => environmentWords(name));
  const taken = (language: "en" | "zh") =>
    typed[language].trim() !== "" &&
    words.some((other) => other[language] === typed[language].trim());
  return taken("en") ? "en" : taken("zh") ? "zh" : null;
}

function same(a: { en: string; zh: string }, b: { en: string; zh: string }): boolean {
  return a.en === b.en && a.zh === b.zh;
}

/** The core refuses it, and names the groups, while one stands in it. */
function RemoveDialog({ environment, onClose }: { environment: Environment; onClose: () => void }) {
  const text = useText();
  const words = text.setting;
  const word = environmentWord(environment.name, text);
  const remove = useOrder("environment_delete", {
    quiet: true,
    onDone: () => {
      toast({ state: "ok", title: words.environmentDeleted(word) });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.environmentDeleteTitle(word)}
      description={words.environmentDeleteText}
      facts={<EnvTag colour={environment.colour}>{word}</EnvTag>}
      action={{
        label: words.environmentDelete(word),
        kind: "danger",
        busy: remove.pending,
        onAction: () => void remove.run(environment.id),
      }}
    >
      {remove.error ? <ErrorState compact error={remove.error} /> : null}
    </Dialog>
  );
}
