import { useState } from "react";
import * as kit from "~/kit";
import css from "./KitPage.module.css";
import { Part } from "./KitPart";

const yaml = `spring:
  datasource:
    url: jdbc:mysql://{{db.host}}:3306/checkout
    hikari:
      maximum-pool-size: {{db.pool.max|20}}
payment:
  callback: https://{{payment.callback.host}}/v2/notify  # called by the bank
`;

/** What shows code: editor, diff, matrix. */
export function Code() {
  const [text, setText] = useState(yaml);
  return (
    <>
      <Part title="Editor">
        <div className={css.log}>
          <kit.Editor
            label="application.yaml"
            language="yaml"
            value={text}
            onChange={setText}
            placeholders
            unset={new Set(["payment.callback.host"])}
            origins={[
              { kind: "app", label: "App file, version 17" },
              { kind: "app" },
              { kind: "value", label: "db.host" },
              { kind: "app" },
              { kind: "default", label: "db.pool.max" },
              { kind: "group" },
              { kind: "unset", label: "payment.callback.host" },
            ]}
          />
        </div>
      </Part>
      <Part title="Diff side by side">
        <div className={css.log}>
          <kit.Diff
            fill
            beside
            label="application.yaml, side by side"
            language="yaml"
            heads={{ old: "Running r29", new: "Saved" }}
            foldText={(count) => `${count} unchanged lines`}
            change={0}
            onChange={() => {}}
            lines={[
              { kind: "fold", folded: 13 },
              { kind: "same", old: 14, new: 14, text: "hikari:" },
              { kind: "del", old: 15, text: "  maximum-pool-size: 20", words: [[21, 23]] },
              { kind: "add", new: 15, text: "  maximum-pool-size: 32", words: [[21, 23]] },
              { kind: "add", new: 16, text: "  minimum-idle: 5" },
            ]}
          />
        </div>
      </Part>
      <Part title="Matrix, 300 keys of 50 groups">
        <div className={css.log}>
          <Large />
        </div>
      </Part>
    </>
  );
}

const rows = Array.from({ length: 300 }, (_, index) => {
  const key = `key.of.${index}`;
  return { key, header: key };
});
const columns = [
  { key: "default", header: "Default" },
  ...Array.from({ length: 50 }, (_, index) => {
    const key = `prod-${index}`;
    return { key, header: key };
  }),
];

function Large() {
  const [active, setActive] = useState<kit.MatrixPlace | null>(null);
  const [set, setSet] = useState<ReadonlyMap<string, string>>(new Map());
  const [cell, setCell] = useState(() => cellOf(set));
  const change = (edits: readonly { place: kit.MatrixPlace; text: string | null }[]) => {
    const next = new Map(set);
    for (const { place, text } of edits) {
      if (text === null) next.delete(`${place.row} ${place.column}`);
      else next.set(`${place.row} ${place.column}`, text);
    }
    setSet(next);
    setCell(() => cellOf(next));
  };
  return (
    <kit.Matrix
      label="Values"
      corner="Key"
      rows={rows}
      columns={columns}
      cell={cell}
      active={active}
      onActive={setActive}
      onEdit={change}
      onClear={(place) => change([{ place, text: null }])}
    />
  );
}

function cellOf(set: ReadonlyMap<string, string>) {
  return (row: string, column: string): kit.MatrixCell => {
    const own = set.get(`${row} ${column}`);
    if (own !== undefined) return { text: own, state: "set", pending: true };
    const at = row.length + column.length * 3 + row.charCodeAt(row.length - 1);
    if (at % 11 === 0) return { text: "Empty", state: "empty" };
    if (at % 7 === 0) return { text: "••••••", state: "set", secret: true };
    return { text: `value-${at}`, state: at % 3 === 0 ? "set" : "default" };
  };
}
