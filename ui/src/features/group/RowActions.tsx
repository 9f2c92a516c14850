import { Link } from "@tanstack/react-router";
import { CirclePause, CirclePlay, Columns2, Copy, Ellipsis } from "lucide-react";
import type { ReactElement } from "react";
import { useOrder } from "~/data";
import { useText } from "~/i18n";
import { Button, cx, IconButton, Menu, type MenuItem, toast } from "~/kit";
import css from "./group.module.css";
import type { GroupRow } from "./groups";

/** What opens a dialog of its own. */
export type GroupDialog = "delete" | "clone" | "stop" | "compare";

/** What can be done with a group, as words in its row. */
export function RowActions({
  app,
  row: { card, live },
  alone,
  onDialog,
}: {
  app: string;
  row: GroupRow;
  /** There is no other group. */
  alone: boolean;
  onDialog: (dialog: GroupDialog) => void;
}) {
  const text = useText();
  const start = useOrder("group_start", {
    onDone: () => toast({ state: "ok", title: text.groupLife.started(card.name) }),
  });
  const words = text.group.list;
  const link = (word: string, render: ReactElement<Record<string, unknown>>) => (
    <Button
      small
      kind="ghost"
      className={css.action}
      aria-label={words.actionOf(word, card.name)}
      render={render}
    >
      {word}
    </Button>
  );
  const locked =
    card.link_name === null ? words.deployLocked : card.errors > 0 ? words.deployWrong : false;
  const runs = live !== undefined && live.desired > 0;
  const items: MenuItem[] = [
    ...(live?.state === "zero"
      ? [
          {
            key: "start",
            label: text.groupLife.start,
            icon: CirclePlay,
            onSelect: () => void start.run(card.id),
          },
        ]
      : []),
    ...(runs && card.link_name !== null
      ? [
          {
            key: "stop",
            label: text.groupLife.stop,
            icon: CirclePause,
            onSelect: () => onDialog("stop"),
          },
        ]
      : []),
    {
      key: "clone",
      label: text.groupLife.clone,
      icon: Copy,
      onSelect: () => onDialog("clone"),
    },
    {
      key: "compare",
      label: text.group.selection.compareWith,
      icon: Columns2,
      disabled: alone,
      onSelect: () => onDialog("compare"),
    },
  ];
  return (
    <div className={css.actions}>
      {locked ? (
        <Button
          small
          kind="ghost"
          className={css.action}
          notYet={locked}
          aria-label={words.actionOf(text.group.deploy, card.name)}
        >
          {text.group.deploy}
        </Button>
      ) : (
        link(
          text.group.deploy,
          <Link to="/app/$app/releases/new" params={{ app }} search={{ group: card.id }} />,
        )
      )}
      {link(words.running, <Link to="/app/$app/running/$group" params={{ app, group: card.id }} />)}
      {link(
        words.yaml,
        <Link to="/app/$app/groups/$group/yaml" params={{ app, group: card.id }} />,
      )}
      {link(words.edit, <Link to="/app/$app/groups/$group" params={{ app, group: card.id }} />)}
      <Button
        small
        kind="ghost"
        className={cx(css.action, css.remove)}
        aria-label={words.actionOf(words.delete, card.name)}
        onClick={() => onDialog("delete")}
      >
        {words.delete}
      </Button>
      <Menu
        align="end"
        trigger={<IconButton small icon={Ellipsis} label={words.actionsOf(card.name)} />}
        items={items}
      />
    </div>
  );
}
