import { Blind } from "~/app/Blind";
import { useCall } from "~/data";
import { useText } from "~/i18n";
import css from "./diff.module.css";

/** Where a live side can not be had: since when its cluster is not seen, and what can be looked at meanwhile. */
export function LiveNote({ app, group }: { app: string; group: string }) {
  const words = useText().diff;
  const card = useCall("group_list", app).data?.find(({ id }) => id === group);
  return (
    <div className={css.note}>
      {card?.link_name ? <Blind link={card.link} name={card.link_name} /> : null}
      <p>{words.otherSides}</p>
    </div>
  );
}
