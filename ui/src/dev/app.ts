import type { SimulatedCore } from "~/platform/simulate";
import type {
  App,
  AppCheck,
  AppDraft,
  Cell,
  Environment,
  FieldError,
  GroupCard,
  GroupCheck,
  GroupLive,
  GroupState,
  GroupView,
  Overview,
  ReleaseRow,
} from "~/wire/types";
import { checkDraft, checkName, firstDraft, previewStrategy, storyDraft } from "./draft";
import { ago, snapshot } from "./time";

const app: App = {
  id: "app-checkout",
  slug: "checkout-api",
  title: "checkout-api",
  repository: "registry.example.com/shop/checkout-api",
  deploy_path: "/export/app/",
};

/** What the app's own pages ask: the overview, the groups with what runs, and their drafts. */
export function appStory(params: URLSearchParams, others: SimulatedCore): SimulatedCore {
  const list =
    (others.calls?.group_list as ((app: string) => GroupCard[]) | undefined) ?? (() => []);
  const environments = () =>
    (others.calls?.environment_list?.(null as never) ?? []) as Environment[];
  const groupsOf = (id: string): GroupCard[] => {
    const cards = list(id);
    return cards.length === 0 || params.has("nogroups") ? [] : [...cards, draftGroup(cards)];
  };
  const stale = params.has("stale");
  return {
    calls: {
      app_get: () => app,
      app_overview: (id: string): Overview => {
        const groups = groupsOf(id);
        return {
          app: { ...app, id, ...(params.has("norepo") ? { repository: "" } : {}) },
          columns: environments().map((environment) => ({
            environment,
            groups: groups.filter((one) => one.environment === environment.id),
          })),
          clusters: 4,
          latest: groups
            .map((one) => one.last_release)
            .filter((one): one is ReleaseRow => one !== null)
            .toSorted((a, b) => b.created.localeCompare(a.created)),
        };
      },
      app_check: ({ draft }: AppCheck) => checkApp(draft),
      app_create: (typed: AppDraft) => {
        const fields = checkApp(typed);
        if (fields.length > 0) throw invalid(fields);
        return { ...typed, id: "app-checkout" };
      },
      app_update: ({ draft }: AppCheck) => {
        const fields = checkApp(draft);
        if (fields.length > 0) throw invalid(fields);
        return app;
      },
      app_delete: () => null,
      group_list: groupsOf,
      group_new: () => firstDraft,
      strategy_preview: previewStrategy,
      group_get: (id: string): GroupView => {
        const card = groupsOf(app.id).find((one) => one.id === id);
        if (!card) throw { ...invalid([]), code: "not_found", params: { what: "group", name: "" } };
        return {
          id,
          app: app.id,
          card,
          environment: environments().find((one) => one.id === card.environment) ?? null,
          draft: storyDraft(card),
          errors: checkDraft(storyDraft(card), id),
          workload: `checkout-api-${card.name}`,
          saved: ago(3600),
        };
      },
      group_check: ({ draft, id }: GroupCheck) => checkDraft(draft, id),
      group_create: ({ draft }: GroupCheck) => {
        const fields = checkDraft(draft, null);
        if (fields.some(({ field }) => field === "name")) throw invalid(fields);
        return "group-prod-gz-2";
      },
      group_update: () => null,
      keyring_retry: () => others.calls?.setting_about?.(null as never),
    },
    feeds: {
      groups: (topic, send) =>
        send(
          snapshot(
            topic.kind === "groups"
              ? groupsOf(topic.app).map((card) => live(card, stale ? ago(40) : null))
              : [],
            stale ? ago(40) : undefined,
          ),
        ),
    },
  };
}

/** The group that nobody has released yet. */
export function draftGroup(cards: GroupCard[]): GroupCard {
  const like = cards.find(({ environment }) => environment === "prod");
  return {
    id: "group-prod-gz-2",
    name: "prod-gz-2",
    note: "Second group in gz, for the sale in December",
    environment: like?.environment ?? "prod",
    link: "gz-prod",
    link_name: "gz-prod",
    namespace: "shop",
    errors: 1,
    draft_version: "2.14.0",
    count: "6",
    last_release: null,
    deleting: false,
  };
}

function live(card: GroupCard, staleSince: string | null): GroupLive {
  const release = card.last_release;
  const desired = Number(card.count);
  const state: GroupState =
    release === null
      ? "absent"
      : release.state === "stopped"
        ? "stopped"
        : release.state === "moving"
          ? "rolling"
          : "running";
  const fresh = state === "stopped" ? 3 : state === "rolling" ? 1 : 0;
  const cells: Cell[] = Array.from({ length: desired + (state === "stopped" ? 1 : 0) }, (_, at) => {
    const failing = state === "stopped" && at === 2;
    return { new: at < fresh, ready: !failing, health: failing ? "danger" : "ok" };
  });
  return {
    id: card.id,
    state,
    version: release?.to_version ?? null,
    from_version: release?.from_version ?? null,
    desired: state === "absent" ? 0 : desired,
    ready: state === "absent" ? 0 : desired,
    cells: state === "absent" ? [] : cells,
    restarted: null,
    stale_since: staleSince,
  };
}

function checkApp(draft: AppDraft): FieldError[] {
  return checkName("slug", draft.slug);
}

function invalid(fields: FieldError[]) {
  return { code: "invalid", params: {}, detail: "check", hints: [], retryable: false, fields };
}
