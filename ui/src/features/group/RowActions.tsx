import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useText } from "~/i18n";
import { Button, cx } from "~/kit";
import type { GroupCard } from "~/wire/types";
import css from "./group.module.css";

/** What can be done with a group, as words in its row. */
export function RowActions({
  app,
  card,
  onDelete,
}: {
  app: string;
  card: GroupCard;
  onDelete: () => void;
}) {
  const text = useText();
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
      {link(words.edit, <Link to="/app/$app/groups/$group" params={{ app, group: card.id }} />)}
      <Button
        small
        kind="ghost"
        className={cx(css.action, css.remove)}
        aria-label={words.actionOf(words.delete, card.name)}
        onClick={onDelete}
      >
        {words.delete}
      </Button>
    </div>
  );
}
