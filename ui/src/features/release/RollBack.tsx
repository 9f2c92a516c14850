import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useCall } from "~/data";
import { useText } from "~/i18n";
import { Button, type ButtonKind, later } from "~/kit";
import type { ReleaseRow } from "~/wire/types";

const RollBackDialog = later(async () => (await import("./RollBackDialog")).RollBackDialog);

/** Offers to go back to a release that came through and is not the last one of its group. */
export function RollBackButton({
  row,
  kind,
  small,
}: {
  row: ReleaseRow;
  kind?: ButtonKind;
  small?: boolean;
}) {
  const text = useText();
  const [asked, setAsked] = useState(false);
  const groups = useCall("group_list", row.app);
  const card = groups.data?.find(({ id }) => id === row.group);
  if (row.state !== "succeeded" || !card?.link_name || card.last_release?.id === row.id)
    return null;
  return (
    <>
      <Button
        {...(kind ? { kind } : {})}
        {...(small ? { small } : {})}
        icon={Undo2}
        onClick={() => setAsked(true)}
      >
        {text.release.rollBack}…
      </Button>
      {asked ? <RollBackDialog row={row} card={card} onClose={() => setAsked(false)} /> : null}
    </>
  );
}
