import { Braces, Ellipsis, Search } from "lucide-react";
import { useState } from "react";
import { useView } from "~/app/page";
import { environmentWord, useFormat, useText } from "~/i18n";
import {
  Badge,
  Button,
  EmptyState,
  EnvTag,
  IconButton,
  Input,
  later,
  Matrix,
  type MatrixEdit,
  type MatrixPlace,
  Menu,
  Segment,
  StatusMark,
  toast,
  visible,
} from "~/kit";
import type { MatrixKey, ValueMatrix } from "~/wire/types";
import { useSelectFile } from "./useSelectFile";
import { useValueSet } from "./useValueSet";
import { Blocks, Legend } from "./ValuesFoot";
import { cellOf, countCells, DEFAULT, differs, filterKeys, type Which } from "./values";
import css from "./values.module.css";

const AddKeyDialog = later(async () => (await import("./KeyDialogs")).AddKeyDialog);
const DeleteKeyDialog = later(async () => (await import("./KeyDialogs")).DeleteKeyDialog);
const SensitiveDialog = later(async () => (await import("./KeyDialogs")).SensitiveDialog);

const WHICH: Which[] = ["all", "empty", "pending", "differ"];

type Asked = { kind: "sensitive" | "delete"; key: MatrixKey };

/** Keys × groups: what each group gets for each placeholder, and which are empty. */
export function ValuesView({ app, matrix }: { app: string; matrix: ValueMatrix }) {
  const text = useText();
  const format = useFormat();
  const words = text.config.matrix;
  const [filter, setFilter] = useView("filter");
  const [state, setState] = useView("state");
  const [open] = useView("open");
  const [group] = useView("group");
  const [dialog, setDialog] = useView("dialog");
  const [asked, setAsked] = useState<Asked | null>(null);
  const [active, setActive] = useState<MatrixPlace | null>(
    open === undefined ? null : { row: open, column: group ?? DEFAULT },
  );
  const set = useValueSet(app);
  const showFile = useSelectFile();

  const which = WHICH.find((one) => one === state) ?? "all";
  const keys = filterKeys(matrix, which, filter ?? "");
  const rows = keys.map((key) => ({
    key: key.key,
    header: (
      <>
        <code title={key.key} className={key.uses.length === 0 ? css.unusedKey : css.key}>
          {visible(key.key)}
        </code>
        {key.uses.length === 0 ? (
          <Badge tone="warn">
            <StatusMark state="warn" size={12} /> {words.unused}
          </Badge>
        ) : null}
      </>
    ),
  }));
  const columns = [
    { key: DEFAULT, header: words.default },
    ...matrix.groups.map((one) => ({
      key: one.id,
      header: (
        <>
          {one.environment ? (
            <EnvTag colour={one.environment.colour}>
              {environmentWord(one.environment.name, text)}
            </EnvTag>
          ) : null}
          <strong className={css.group} title={one.name}>
            {one.name}
          </strong>
        </>
      ),
    })),
  ];
  const byKey = new Map(keys.map((key) => [key.key, key]));
  const menu = (row: string) => {
    const key = byKey.get(row);
    if (!key) return null;
    return (
      <Menu
        trigger={<IconButton small icon={Ellipsis} label={words.keyMenu(key.key)} tabIndex={-1} />}
        items={[
          ...key.uses.slice(0, 8).map((use) => ({
            key: `${use.group} ${use.file} ${use.name} ${use.line}`,
            label: use.file ? `${use.name}:${use.line}` : words.inVariable(use.name),
            note: use.group
              ? words.ofGroup(matrix.groups.find(({ id }) => id === use.group)?.name ?? "")
              : words.whereUsed,
            onSelect: () => {
              if (use.file) showFile(use.group, use.file);
            },
            disabled: use.file === null,
          })),
          {
            key: "sensitive",
            label: key.sensitive ? words.makePlain : words.makeSensitive,
            separated: true,
            onSelect: () => setAsked({ kind: "sensitive", key }),
          },
          {
            key: "delete",
            label: words.deleteKey,
            danger: true,
            onSelect: () => setAsked({ kind: "delete", key }),
          },
        ]}
      />
    );
  };
  const places = new Map(matrix.groups.map(({ id }, at) => [id, at]));
  const cell = (row: string, column: string) => {
    const key = byKey.get(row);
    if (!key) return { text: "", state: "none" } as const;
    return cellOf(key, column === DEFAULT ? DEFAULT : (places.get(column) ?? 0), words);
  };
  const edit = async (edits: readonly MatrixEdit[]) => {
    // What is pasted over several cells stands in other windows too: no secret is taken from there.
    const several = edits.length > 1;
    let left = 0;
    for (const { place, text: typed } of edits) {
      const key = byKey.get(place.row);
      const of = place.column === DEFAULT ? null : place.column;
      if (!key) continue;
      if (key.sensitive && several) left++;
      else if (!key.sensitive) await set.value(key.key, of, { kind: "plain", value: typed });
      else if (typed !== "") await set.secret(key.key, of, typed);
    }
    if (left > 0) toast({ state: "warn", title: words.secretsLeft(format.number(left)) });
  };
  const clear = (place: MatrixPlace) =>
    void set.value(place.row, place.column === DEFAULT ? null : place.column, null);

  const counts: Record<Which, number> = {
    all: matrix.keys.length,
    empty: countCells(matrix, "empty"),
    pending: countCells(matrix, "pending"),
    differ: matrix.keys.filter(differs).length,
  };
  return (
    <div className={css.values}>
      <div className={css.bar}>
        <Input
          className={css.filter ?? ""}
          icon={Search}
          value={filter ?? ""}
          onChange={(next) => setFilter(next || undefined)}
          placeholder={words.filter}
          aria-label={words.filter}
        />
        <Segment
          label={words.which}
          value={which}
          onChange={(next) => setState(next === "all" ? undefined : next)}
          options={WHICH.map((value) => ({
            value,
            label: `${words[value]} ${format.number(counts[value])}`,
            content:
              value === "empty" ? (
                <>
                  <StatusMark state="danger" size={12} />
                  {words.empty}
                </>
              ) : value === "pending" ? (
                <>
                  <StatusMark state="pending" size={12} />
                  {words.pending}
                </>
              ) : (
                words[value]
              ),
            note: value === "differ" ? undefined : format.number(counts[value]),
          }))}
        />
        <Legend />
      </div>
      {matrix.keys.length === 0 ? (
        <EmptyState
          icon={Braces}
          title={words.emptyTitle}
          action={
            <Button kind="filled" onClick={() => setDialog("key")}>
              {words.addKey}
            </Button>
          }
        >
          {words.emptyText}
        </EmptyState>
      ) : keys.length === 0 ? (
        <EmptyState
          icon={Search}
          title={words.nothingMatches}
          action={
            <Button
              onClick={() => {
                setFilter(undefined);
                setState(undefined);
              }}
            >
              {words.showAll}
            </Button>
          }
        />
      ) : (
        <div className={css.matrix} style={{ maxHeight: 54 + rows.length * 32 + 14 }}>
          <Matrix
            label={words.label}
            corner={words.key}
            rows={rows}
            columns={columns}
            cell={cell}
            active={active}
            onActive={setActive}
            onEdit={(edits) => void edit(edits)}
            onClear={clear}
            menu={menu}
          />
        </div>
      )}
      <Blocks
        matrix={matrix}
        onCopy={set.copy}
        onDefault={(row) => {
          setState(undefined);
          setActive({ row, column: DEFAULT });
          document.querySelector<HTMLElement>("[role=grid]")?.focus();
        }}
      />
      {dialog === "key" ? (
        <AddKeyDialog
          app={app}
          known={matrix.keys.map(({ key }) => key)}
          onClose={() => setDialog(undefined)}
        />
      ) : null}
      {asked?.kind === "sensitive" ? (
        <SensitiveDialog app={app} of={asked.key} onClose={() => setAsked(null)} />
      ) : null}
      {asked?.kind === "delete" ? (
        <DeleteKeyDialog app={app} of={asked.key} onClose={() => setAsked(null)} />
      ) : null}
    </div>
  );
}
