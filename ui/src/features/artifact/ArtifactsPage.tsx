import { Link, useParams } from "@tanstack/react-router";
import { Package, RefreshCw, Search } from "lucide-react";
import { Page, useView } from "~/app/page";
import { useCall, useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  Copyable,
  EmptyState,
  ErrorState,
  QueryView,
  Segment,
  Skeleton,
  Split,
  SplitList,
  Status,
  useNow,
} from "~/kit";
import type { ArtifactFilter, ArtifactPage } from "~/wire/types";
import { ArtifactPanel } from "./ArtifactPanel";
import { ArtifactTable } from "./ArtifactTable";
import css from "./artifact.module.css";
import { runningTags } from "./artifacts";
import { ListFoot } from "./ListFoot";
import { LoginButtons, RegistryDialog } from "./RegistryDialog";
import { TagFilter } from "./TagFilter";
import { Trouble } from "./Trouble";
import { useArtifacts, useRefresh } from "./useArtifacts";

/** The tags of an app's repository: what each is, where it runs now, and which releases used it. */
export default function ArtifactsPage() {
  const text = useText();
  const { app = "" }: { app?: string } = useParams({ strict: false });
  return (
    <Page title={text.frame.page.artifacts}>
      <Artifacts key={app} app={app} />
    </Page>
  );
}

function Artifacts({ app }: { app: string }) {
  const text = useText();
  const words = text.artifact;
  const [filter = "", setFilter] = useView("filter");
  const [show] = useView("show");
  const [by] = useView("by");
  const [open, setOpen] = useView("open");
  const [dialog, setDialog] = useView("dialog");
  const groups = useCall("group_list", app);
  const environments = useCall("environment_list", null);
  const live = useFeed({ kind: "groups", app });
  const running = runningTags(groups.data ?? [], environments.data ?? [], live.byId);
  const only: ArtifactFilter =
    show === "running"
      ? { kind: "tags", tags: [...running.keys()].toSorted() }
      : { kind: show === "used" ? "used" : "all" };
  const sort = by === "time" ? "time" : "version";
  const { query, slots, onSeen, error } = useArtifacts({ app, text: filter, sort, only });
  const list = query.data;
  const refresh = useRefresh(app, list);
  const failed = refresh.error ?? error;
  const login = (small: boolean) =>
    failed ? (
      <LoginButtons small={small} error={failed} onOpen={(kind) => setDialog(kind)} />
    ) : null;
  const chosen = open ?? slots[0]?.row?.tag;

  const body = (list: ArtifactPage) => {
    if (list.repository === "") {
      return (
        <EmptyState
          icon={Package}
          title={words.noRepositoryTitle}
          action={
            <Button render={<Link to="/app/$app/overview" params={{ app }} />}>
              {text.frame.page.overview}
            </Button>
          }
        >
          {words.noRepositoryText}
        </EmptyState>
      );
    }
    if (list.read === null && list.used === 0) {
      if (refresh.error) {
        return (
          <ErrorState error={refresh.error} onRetry={() => void refresh.run(app)}>
            {login(false)}
          </ErrorState>
        );
      }
      return (
        <>
          <p className={css.reading}>{words.reading}</p>
          <Skeleton rows={10} />
        </>
      );
    }
    return (
      <>
        {failed ? (
          <Trouble error={failed} read={list.read} onRetry={() => void refresh.run(app)}>
            {login(true)}
          </Trouble>
        ) : null}
        {list.total === 0 && list.used === 0 ? (
          <EmptyState icon={Package} title={words.emptyTitle}>
            {words.emptyText(list.repository)}
          </EmptyState>
        ) : list.matching === 0 ? (
          <EmptyState icon={Search} title={words.noneTitle} action={<ShowAll />}>
            {words.noneText}
          </EmptyState>
        ) : (
          <Split>
            <SplitList>
              <ArtifactTable
                slots={slots}
                running={running}
                selected={chosen}
                onSelect={setOpen}
                onSeen={onSeen}
              />
              <ListFoot app={app} list={list} byTime={sort === "time"} />
            </SplitList>
            {chosen ? (
              <ArtifactPanel key={chosen} app={app} tag={chosen} running={running.get(chosen)} />
            ) : null}
          </Split>
        )}
      </>
    );
  };

  return (
    <>
      <Tools
        list={list}
        filter={filter}
        onFilter={(next) => setFilter(next || undefined)}
        running={running.size}
        refreshing={refresh.pending}
        onRefresh={() => void refresh.run(app)}
      />
      <QueryView query={query} skeleton={<Skeleton rows={10} />}>
        {body}
      </QueryView>
      {list && (dialog === "login" || dialog === "plain") ? (
        <RegistryDialog
          host={list.host}
          plainOnly={dialog === "plain"}
          onClose={() => setDialog(undefined, { replace: true })}
          onDone={() => void refresh.run(app)}
        />
      ) : null}
    </>
  );
}

function ShowAll() {
  const [, setFilter] = useView("filter");
  const [show, setShow] = useView("show");
  const text = useText();
  return (
    <Button onClick={() => (show ? setShow(undefined) : setFilter(undefined))}>
      {text.artifact.clear}
    </Button>
  );
}

function Tools({
  list,
  filter,
  onFilter,
  running,
  refreshing,
  onRefresh,
}: {
  list: ArtifactPage | undefined;
  filter: string;
  onFilter: (value: string) => void;
  running: number;
  refreshing: boolean;
  onRefresh: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.artifact;
  const now = useNow(10_000);
  const [show, setShow] = useView("show");
  const [by, setBy] = useView("by");
  if (!list?.repository) return null;
  return (
    <div className={css.tools}>
      <span className={css.repository}>
        <Copyable text={list.repository} />
      </span>
      <TagFilter value={filter} onChange={onFilter} />
      <Segment
        label={words.which}
        value={show === "running" || show === "used" ? show : "all"}
        onChange={(next) => setShow(next === "all" ? undefined : next)}
        options={[
          { value: "all", label: words.all, note: format.number(list.total) },
          { value: "running", label: words.running, note: format.number(running) },
          { value: "used", label: words.used, note: format.number(list.used) },
        ]}
      />
      <Segment
        label={words.sort}
        value={by === "time" ? "time" : "version"}
        onChange={(next) => setBy(next === "time" ? next : undefined)}
        options={[
          { value: "version", label: words.byVersion },
          { value: "time", label: words.byTime },
        ]}
      />
      <span className={css.right}>
        {list.read ? (
          <Status state={refreshing ? "rolling" : "ok"} tone="plain" className={css.listed}>
            {refreshing ? words.refreshing : words.listed(format.relative(list.read, now))}
          </Status>
        ) : null}
        <Button kind="ghost" icon={RefreshCw} busy={refreshing} onClick={onRefresh}>
          {words.refresh}
        </Button>
      </span>
    </div>
  );
}
