import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { FileArchive, Layers, Pencil, Plus, Rocket } from "lucide-react";
import { Page, type PageAction, useView } from "~/app/page";
import { useEmptyKeys } from "~/app/pending";
import { useTransfer } from "~/app/transfer";
import { useCall, useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, Copyable, EmptyState, FeedView, QueryView, Skeleton } from "~/kit";
import { feedOfGroups, podTotals } from "~/kit/live";
import type { GroupLive, Overview } from "~/wire/types";
import { AppActions } from "./AppActions";
import css from "./app.module.css";
import { Board } from "./Board";
import { WaitingList } from "./WaitingList";
import { waitingOf } from "./waiting";

/** One app at a glance: what waits for the person first, then every group from development to production. */
export function OverviewPage() {
  const text = useText();
  const words = text.app;
  const { app = "" }: { app?: string } = useParams({ strict: false });
  const overview = useCall("app_overview", app);
  const groups = useFeed({ kind: "groups", app });
  const data = overview.data;
  const cards = data?.columns.flatMap((column) => column.groups) ?? [];

  const navigate = useNavigate();
  const [, setDialog] = useView("dialog");
  const { exportApp } = useTransfer();
  const offers: PageAction[] = [
    {
      key: "group",
      label: words.newGroup,
      icon: Plus,
      run: () => void navigate({ to: "/app/$app/groups/new", params: { app } }),
    },
    { key: "edit", label: words.edit, icon: Pencil, run: () => setDialog("edit") },
    { key: "export", label: words.export, icon: FileArchive, run: () => exportApp(app) },
  ];

  return (
    <Page
      title={text.frame.page.overview}
      offers={offers}
      live={cards.length > 0 ? feedOfGroups(groups) : undefined}
      actions={
        data ? (
          <>
            <AppActions app={data.app} groups={cards} />
            {cards.length > 0 ? (
              <Button
                kind="filled"
                icon={Rocket}
                render={<Link to="/app/$app/releases/new" params={{ app }} />}
              >
                {words.newRelease}
              </Button>
            ) : null}
          </>
        ) : undefined
      }
    >
      <QueryView query={overview} skeleton={<Skeleton rows={8} />}>
        {(found) =>
          cards.length === 0 ? (
            <>
              <Summary overview={found} live={[]} />
              <EmptyState
                icon={Layers}
                title={words.emptyTitle}
                action={
                  <>
                    <Button
                      kind="filled"
                      render={<Link to="/app/$app/groups/new" params={{ app }} />}
                    >
                      {words.createGroup}
                    </Button>
                    <Button
                      render={
                        <Link to="/app/$app/groups" params={{ app }} search={{ dialog: "adopt" }} />
                      }
                    >
                      {text.adopt.open}
                    </Button>
                  </>
                }
              >
                {words.emptyText}
              </EmptyState>
            </>
          ) : (
            // The stored groups are there before anything live is.
            <FeedView feed={{ ...groups, rows: cards }}>
              {() => <Groups overview={found} live={groups.byId} />}
            </FeedView>
          )
        }
      </QueryView>
    </Page>
  );
}

function Groups({ overview, live }: { overview: Overview; live: ReadonlyMap<string, GroupLive> }) {
  const clusters = useFeed({ kind: "clusters" });
  const cards = overview.columns.flatMap(({ groups }) => groups);
  return (
    <div className={css.overview}>
      <Summary overview={overview} live={[...live.values()]} />
      <WaitingList
        app={overview.app.id}
        waiting={waitingOf(cards, live, clusters.rows, useEmptyKeys(overview.app.id))}
        live={live}
      />
      <Board overview={overview} live={live} />
    </div>
  );
}

/** Where the images are, and how much there is of everything. */
function Summary({ overview, live }: { overview: Overview; live: GroupLive[] }) {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const words = text.app;
  const { app, clusters } = overview;
  const groups = overview.columns.reduce((sum, column) => sum + column.groups.length, 0);
  const pods = podTotals(live);
  return (
    <div className={css.summary}>
      {app.repository ? (
        <Copyable text={app.repository} label={words.repository} />
      ) : (
        <span className={css.subtle}>
          {words.noRepository}{" "}
          <Button
            kind="link"
            onClick={() =>
              void navigate({
                to: "/app/$app/overview",
                params: { app: app.id },
                search: { dialog: "edit" },
              })
            }
          >
            {words.setRepository}
          </Button>
        </span>
      )}
      {groups > 0 ? (
        <p className={css.counts}>
          <span>
            <strong>{format.number(groups)}</strong> {words.groups(String(groups))}
          </span>
          <span>
            <strong>{format.number(clusters)}</strong> {words.clusters(String(clusters))}
          </span>
          <span>
            {pods ? (
              <>
                <strong>{format.number(pods.ready)}</strong>{" "}
                {words.podsReady(format.number(pods.desired))}
              </>
            ) : (
              <span className={css.subtle}>{words.podsUnknown}</span>
            )}
          </span>
        </p>
      ) : null}
    </div>
  );
}
