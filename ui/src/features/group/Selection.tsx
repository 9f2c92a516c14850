import { Link } from "@tanstack/react-router";
import { Columns2, FolderDown, Rocket, X } from "lucide-react";
import { useSaveYaml } from "~/app/saveYaml";
import { useFormat, useText } from "~/i18n";
import { Button, IconButton, SelectionBar, visible } from "~/kit";
import css from "./group.module.css";
import { comparison, type GroupRow } from "./groups";

/** What is ticked, and what can be done with all of it. */
export function Selection({
  app,
  rows,
  onDelete,
  onClear,
}: {
  app: string;
  rows: readonly GroupRow[];
  onDelete: () => void;
  onClear: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.group.selection;
  const save = useSaveYaml();
  const [first, second] = rows;
  if (!first) return null;
  const pods = rows.reduce((sum, { live }) => sum + (live?.ready ?? 0), 0);
  const wrong = rows.some(({ card }) => card.errors > 0);
  const deploy =
    first.card.link_name === null
      ? text.group.list.deployLocked
      : wrong
        ? text.group.list.deployWrong
        : false;
  return (
    <SelectionBar label={words.label}>
      <strong>{words.selected(format.number(rows.length))}</strong>
      <span className={css.selectedNames}>
        {rows.map(({ card }) => visible(card.name)).join(", ")}
      </span>
      <span className={css.subtle}>{words.pods(format.number(pods))}</span>
      {second || deploy ? (
        <Button icon={Rocket} notYet={second ? words.deployOne : deploy}>
          {words.deploy}
        </Button>
      ) : (
        <Button
          icon={Rocket}
          render={
            <Link to="/app/$app/releases/new" params={{ app }} search={{ group: first.card.id }} />
          }
        >
          {words.deploy}
        </Button>
      )}
      {second && rows.length === 2 ? (
        <Button
          icon={Columns2}
          render={<Link {...comparison(app, first.card.id, second.card.id)} />}
        >
          {words.compare}
        </Button>
      ) : (
        <Button icon={Columns2} notYet={words.compareTwo}>
          {words.compare}
        </Button>
      )}
      <Button
        icon={FolderDown}
        busy={save.pending}
        notYet={wrong ? words.saveWrong : false}
        onClick={() => void save.run(rows.map(({ card }) => card.id))}
      >
        {save.pending ? text.diff.yaml.saving : words.saveYaml}
      </Button>
      <Button kind="danger" onClick={onDelete}>
        {words.delete}
      </Button>
      <IconButton small icon={X} label={words.clear} onClick={onClear} />
    </SelectionBar>
  );
}
