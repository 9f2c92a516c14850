import { useParams } from "@tanstack/react-router";
import { Network, Plus } from "lucide-react";
import { useState } from "react";
import { Page, type PageAction, useView } from "~/app/page";
import { type Feed, useCall, useFeed } from "~/data";
import { useText } from "~/i18n";
import { Button, EmptyState, FeedView, later, QueryView, Skeleton, Split, SplitList } from "~/kit";
import type { BalancerLive, BalancerRow } from "~/wire/types";
import { BalancerPanel } from "./BalancerPanel";
import { BalancerTable } from "./BalancerTable";
import { type Entry, entriesOf, placesOf, staleSince } from "./balancers";

const BalancerDialog = later(async () => (await import("./BalancerDialog")).BalancerDialog);
const DeleteDialog = later(async () => (await import("./DeleteDialog")).DeleteDialog);

/** The load balancers of an app: what leads where, and which pod of which version receives traffic. */
export default function BalancersPage() {
  const text = useText();
  const words = text.balancer;
  const { app = "" }: { app?: string } = useParams({ strict: false });
  const balancers = useCall("balancer_list", app);
  const feed = useFeed({ kind: "balancers", app });
  const [dialog, setDialog] = useView("dialog");
  const [open, setOpen] = useView("open");
  const create = (
    <Button kind="filled" icon={Plus} onClick={() => setDialog("balancer")}>
      {words.new}
    </Button>
  );
  const offers: PageAction[] = [
    { key: "balancer", label: words.new, icon: Plus, run: () => setDialog("balancer") },
  ];
  const some = (balancers.data?.length ?? 0) > 0;
  return (
    <Page
      title={text.frame.page.balancers}
      live={some ? liveOf(feed, balancers.data ?? []) : undefined}
      actions={some ? create : undefined}
      offers={offers}
    >
      <QueryView
        query={balancers}
        skeleton={<Skeleton rows={6} />}
        isEmpty={(rows) => rows.length === 0}
        empty={
          <EmptyState icon={Network} title={words.emptyTitle} action={create}>
            {words.emptyText}
          </EmptyState>
        }
      >
        {(rows) => (
          // What is stored is there before anything live is.
          <FeedView feed={{ ...feed, rows }}>
            {() => (
              <Balancers
                app={app}
                entries={entriesOf(rows, feed.byId)}
                open={open}
                onOpen={setOpen}
              />
            )}
          </FeedView>
        )}
      </QueryView>
      {dialog === "balancer" ? (
        <BalancerDialog
          app={app}
          onClose={() => setDialog(undefined, { replace: true })}
          onSaved={(id) => setOpen(id)}
        />
      ) : null}
    </Page>
  );
}

/** As old as the oldest cluster: each row comes from one or several. Undefined when none of them has told anything. */
function liveOf(feed: Feed<BalancerLive>, rows: readonly BalancerRow[]) {
  const places = entriesOf(rows, feed.byId).flatMap(placesOf);
  const known = places.some(
    ({ live }) => live && live.state !== "unknown" && live.state !== "loading",
  );
  if (feed.state.state === "live" && places.length > 0 && !known) return undefined;
  const since = staleSince(places);
  if (feed.state.state !== "live" || since === null) return feed;
  return { ...feed, state: { state: "stale" as const, since, retry_at: null, reason: "" } };
}

function Balancers({
  app,
  entries,
  open,
  onOpen,
}: {
  app: string;
  entries: Entry[];
  open: string | undefined;
  onOpen: (id: string) => void;
}) {
  const [editing, setEditing] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<string | null>(null);
  const of = (id: string | null | undefined) => entries.find(({ row }) => row.id === id);
  // The first stands beside the list as long as nobody has chosen another.
  const chosen = of(open) ?? entries[0];
  const edited = of(editing);
  const deleted = of(deleting);
  return (
    <Split>
      <SplitList>
        <BalancerTable entries={entries} selected={chosen?.row.id} onSelect={onOpen} />
      </SplitList>
      {chosen ? (
        <BalancerPanel
          key={chosen.row.id}
          entry={chosen}
          onEdit={() => setEditing(chosen.row.id)}
          onDelete={() => setDeleting(chosen.row.id)}
        />
      ) : null}
      {edited ? (
        <BalancerDialog
          app={app}
          row={edited.row}
          onClose={() => setEditing(null)}
          onSaved={onOpen}
        />
      ) : null}
      {deleted ? <DeleteDialog entry={deleted} onClose={() => setDeleting(null)} /> : null}
    </Split>
  );
}
