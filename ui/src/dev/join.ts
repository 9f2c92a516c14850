import type { SimulatedCore } from "~/platform/simulate";
import type { JoinApp, JoinRequest, JoinView } from "~/wire/types";
import { environments } from "./environment";
import { ago } from "./time";

const production = environments.find(({ id }) => id === "prod");

function app(slug: string, groups: string[], part: Partial<JoinApp>): JoinApp[] {
  if (!production) return [];
  const id = `app-${slug}`;
  return [
    {
      id,
      slug,
      title: slug,
      known: false,
      taken: false,
      groups: groups.map((name) => ({
        id: `${id}-${name}`,
        name,
        environment: production,
        taken: false,
        runs: { kind: "pods", ready: 5, desired: 5 },
      })),
      releases: 41,
      last: {
        id: `release-${slug}`,
        app: id,
        group: `${id}-${groups[0]}`,
        group_name: groups[0] ?? "",
        environment: production,
        seq: 41,
        state: "succeeded",
        stage: "end",
        from_version: "2.13.4",
        to_version: "2.14.0",
        back_to: null,
        train: null,
        author: { identity: "chen-wei", display: "Chen Wei", device: "chenwei-mbp" },
        note: "",
        created: ago(3000),
        ended: ago(2990),
      },
      sensitive: [],
      ...part,
    },
  ];
}

/** `?join`: colleagues have apps in bj-prod that are not here. */
export function joinStory(params: URLSearchParams): SimulatedCore {
  let apps = params.has("join")
    ? [
        ...app("order-center", ["prod-bj-1", "prod-bj-2"], { sensitive: ["db.password", "token"] }),
        ...app("web-mall", ["prod-bj-1"], { releases: 64 }),
        ...app("user-center", ["prod-bj-1"], { taken: true }),
      ]
    : [];
  return {
    calls: {
      join_list: (link: string): JoinView => ({
        link,
        apps: link === "bj-prod" ? apps : [],
        records: link === "bj-prod" ? 105 : 0,
        unread: [],
      }),
      join_apps: ({ apps: chosen }: JoinRequest) => {
        apps = apps.filter(({ id }) => !chosen.includes(id));
        return chosen.map((id) => ({ app: id, groups: [], differs: [] }));
      },
    },
  };
}
