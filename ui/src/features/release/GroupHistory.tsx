import { Rocket } from "lucide-react";
import { useText } from "~/i18n";
import { EmptyState, QueryView, Skeleton } from "~/kit";
import type { GroupView } from "~/wire/types";
import { History } from "./HistoryList";
import { useHistory } from "./history";

const EVERYTHING = { person: null, state: null, since: null, text: "" };

/** Every release of one group. */
export function GroupHistory({ view }: { view: GroupView }) {
  const words = useText().release.list;
  const history = useHistory({ app: view.app, last: false, group: view.id, narrow: EVERYTHING });
  return (
    <QueryView
      query={history.query}
      skeleton={<Skeleton rows={7} rowHeight={36} />}
      isEmpty={(page) => page.rows.length === 0}
      empty={
        <EmptyState icon={Rocket} title={words.emptyGroup}>
          {words.emptyText}
        </EmptyState>
      }
    >
      {() => <History app={view.app} last={false} history={history} />}
    </QueryView>
  );
}
