import { Cable } from "lucide-react";
import { useOpenForwards } from "~/app/forward/open";
import { useCall } from "~/data";
import { ruleWord, useText } from "~/i18n";
import { Button, IconButton, visible } from "~/kit";
import type { BalancerRow } from "~/wire/types";
import type { PlaceEntry } from "./balancers";

/** Makes a load balancer of one cluster reachable on this computer. */
export function ForwardButton({
  row,
  place: { place, live },
  brief,
}: {
  row: BalancerRow;
  place: PlaceEntry;
  /** In a row of a table: the icon alone. */
  brief?: boolean | undefined;
}) {
  const text = useText();
  const openForwards = useOpenForwards();
  const group = row.groups.find(({ link }) => link === place.link)?.id;
  const linked = place.link_name !== null && !live?.stale_since && live?.state !== "unknown";
  const asked = { enabled: group !== undefined && linked };
  const lacking = useCall("group_rights", group ?? "", asked).data?.forward;
  const lacks = lacking ? text.instance.lacks(ruleWord(lacking)) : null;
  const blind = linked ? null : text.instance.needsCluster(visible(place.link_name ?? place.link));
  const onClick = () =>
    openForwards(row.app, { kind: "balancer", balancer: row.id, link: place.link });
  return brief ? (
    <IconButton
      small
      icon={Cable}
      label={`${text.forward.open}: ${visible(row.draft.name)}`}
      locked={lacks ?? blind}
      onClick={onClick}
    />
  ) : (
    <Button
      small
      icon={Cable}
      locked={lacks}
      lockedTitle={lacks ? text.instance.lacksTitle : undefined}
      notYet={blind}
      onClick={onClick}
    >
      {text.forward.open}
    </Button>
  );
}
