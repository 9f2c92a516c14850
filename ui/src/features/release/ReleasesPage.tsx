import { Link, useParams } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { Page } from "~/app/page";
import { useFormat, useText } from "~/i18n";
import { Bar, Button, EmptyState, QueryView, Skeleton, visible } from "~/kit";
import type { UnreadRecord } from "~/wire/types";
import { NothingFound, useFilters } from "./Filters";
import { History } from "./HistoryList";
import { useHistory } from "./history";
import { UnderWay } from "./train/UnderWay";

/** The history of an app: the last release of each group, or everything. */
export default function ReleasesPage() {
  const text = useText();
  const words = text.release.list;
  const params: { app?: string } = useParams({ strict: false });
  const app = params.app ?? "";
  const { filter, narrowed, tools } = useFilters(app);
  const { group, last } = filter;
  const history = useHistory(filter);
  const search = group === null ? {} : { group };

  return (
    <Page
      title={text.release.releases}
      actions={
        <Button
          icon={Rocket}
          render={<Link to="/app/$app/releases/new" params={{ app }} search={search} />}
        >
          {text.release.new}
        </Button>
      }
    >
      {tools}
      <UnderWay app={app} />
      <UnreadBar unread={history.query.data?.unread ?? []} />
      <QueryView
        query={history.query}
        skeleton={<Skeleton rows={7} rowHeight={36} />}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          narrowed ? (
            <NothingFound />
          ) : (
            <EmptyState
              icon={Rocket}
              title={group === null ? words.empty : words.emptyGroup}
              action={
                <Button
                  kind="filled"
                  render={<Link to="/app/$app/releases/new" params={{ app }} search={search} />}
                >
                  {text.release.new}
                </Button>
              }
            >
              {words.emptyText}
            </EmptyState>
          )
        }
      >
        {() => <History app={app} last={last} history={history} />}
      </QueryView>
    </Page>
  );
}

/** Records in the clusters that are in no history, with why. */
function UnreadBar({ unread }: { unread: UnreadRecord[] }) {
  const words = useText().release.list;
  const format = useFormat();
  if (unread.length === 0) return null;
  const names = unread.map(({ name, newer, reason }) =>
    newer === null
      ? words.unreadBroken(visible(name), visible(reason))
      : words.unreadNewer(visible(name)),
  );
  return (
    <Bar kind="changed" title={words.unread(format.number(unread.length))}>
      {words.unreadText(format.list(names))}
    </Bar>
  );
}
