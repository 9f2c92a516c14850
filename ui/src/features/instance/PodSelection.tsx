import { LogOut, X } from "lucide-react";
import { useCall } from "~/data";
import { ruleWord, useFormat, useText } from "~/i18n";
import { Button, IconButton, SelectionBar, visible } from "~/kit";
import type { GroupView, PodRef } from "~/wire/types";
import css from "./instance.module.css";

/** Which pods are ticked, and what can be done with all of them. */
export function PodSelection({
  view,
  pods,
  stale,
  onEvict,
  onClear,
}: {
  view: GroupView;
  pods: PodRef[];
  stale: boolean;
  onEvict: () => void;
  onClear: () => void;
}) {
  const words = useText().instance;
  const format = useFormat();
  const rights = useCall("group_rights", view.id, { enabled: !stale });
  const lacks = rights.data?.evict && rights.data.delete ? rights.data.evict : null;
  return (
    <SelectionBar label={words.selection}>
      <strong>{words.selected(format.number(pods.length))}</strong>
      <span className={css.selectedNames}>
        {pods.map(({ name }) => visible(name).slice(-5)).join(", ")}
      </span>
      <Button
        kind="danger"
        icon={LogOut}
        locked={lacks ? words.lacks(ruleWord(lacks)) : null}
        notYet={stale ? words.needsCluster(visible(view.card.link_name ?? "")) : null}
        onClick={onEvict}
      >
        {words.evict}…
      </Button>
      <IconButton small icon={X} label={words.clearSelection} onClick={onClear} />
    </SelectionBar>
  );
}
