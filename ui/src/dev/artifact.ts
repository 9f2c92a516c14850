import type { SimulatedCore } from "~/platform/simulate";
import type {
  ApiError,
  ArtifactPage,
  ArtifactQuery,
  ArtifactRef,
  ArtifactRow,
  ArtifactView,
  ReleasePage,
  ReleaseRow,
} from "~/wire/types";
import { ago } from "./time";

const MB = 1024 * 1024;
const DAY = 24 * 3600;

/** Tag, megabytes and seconds since it was built. */
const told: [string, number, number][] = [
  ["2.15.0-dev.7", 196, 5 * 3600],
  ["2.14.1-rc.1", 194, 2 * 3600],
  ["2.14.0", 194, DAY],
  ["2.13.4", 192, 3 * DAY],
  ["2.13.3", 192, 9 * DAY],
  ["2.13.2", 191, 16 * DAY],
  ["2.13.1", 191, 25 * DAY],
  ["2.12.9", 188, 34 * DAY],
];

function digest(tag: string): string {
  const seed = [...tag].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 0xffffff, 7);
  return `sha256:${Array.from({ length: 64 }, (_, at) => ((seed * (at + 3)) % 16).toString(16)).join("")}`;
}

/** The registry of checkout-api. `?registry=down|login|plain|limited|empty` make it difficult, `?tags=many` long. */
export function artifactStory(params: URLSearchParams, releases: SimulatedCore): SimulatedCore {
  const trouble = params.get("registry");
  let read: string | null = trouble ? null : ago(40);
  if (trouble === "down" || trouble === "limited") read = ago(9 * 60);
  const older = params.get("tags") === "many" ? 2400 : 38;
  const all: ArtifactRow[] = [
    ...told.map(([tag, size, age]) => row(tag, size * MB, age, true)),
    ...Array.from({ length: older }, (_, at) =>
      row(`2.11.${older - at}`, 180 * MB, (50 + at) * DAY, params.has("looked")),
    ),
    row("latest", 194 * MB, 2 * 3600, true),
  ];
  const gone: ArtifactRow = { ...row("2.12.8", 0, 0, false), gone: true };

  const history = (): ReleaseRow[] => {
    const query = { app: "app-checkout", last: false, group: null, before: null, limit: 200 };
    const page = releases.calls?.release_list?.(query as never) as ReleasePage | undefined;
    return page?.rows ?? [];
  };
  const used = (tag: string) =>
    tag === "2.12.8" ? history().slice(-1) : history().filter((one) => one.to_version === tag);
  const known = (one: ArtifactRow): ArtifactRow => ({ ...one, releases: used(one.tag).length });

  return {
    calls: {
      artifact_list: ({ text, sort, only, offset, limit }: ArtifactQuery): ArtifactPage => {
        const empty = trouble === "empty" || read === null;
        const rows = (empty ? [] : [...all.slice(0, 8), gone, ...all.slice(8)]).map(known);
        const matching = rows.filter(
          (one) =>
            (one.tag.includes(text) || (one.digest ?? "").includes(text)) &&
            (only.kind === "all" ||
              (only.kind === "used" ? one.releases > 0 : only.tags.includes(one.tag))),
        );
        if (sort === "time") matching.sort((a, b) => built(b).localeCompare(built(a)));
        return {
          repository: params.has("norepo") ? "" : "registry.example.com/shop/checkout-api",
          host: params.has("norepo") ? "" : "registry.example.com",
          rows: matching.slice(offset, offset + limit),
          matching: matching.length,
          total: empty ? 0 : all.length,
          used: rows.filter((one) => one.releases > 0).length,
          looked: rows.filter((one) => one.image).length,
          read: trouble === "empty" ? ago(40) : read,
          more: false,
        };
      },
      artifact_get: ({ tag }: ArtifactRef): ArtifactView => {
        const found = [...all, gone].find((one) => one.tag === tag) ?? gone;
        return {
          row: known(found),
          releases: used(tag)
            .slice(0, 20)
            .map((release) => ({ release, digest: found.digest })),
        };
      },
      artifact_refresh: () => {
        const failure = trouble ? failures[trouble] : undefined;
        if (failure) throw failure;
        read = new Date().toISOString();
        return null;
      },
      artifact_look: () => null,
    },
  };
}

function built(one: ArtifactRow): string {
  return one.image?.platforms[0]?.created ?? "";
}

function row(tag: string, size: number, age: number, looked: boolean): ArtifactRow {
  const of = digest(tag);
  const platform = (architecture: string, at: number) => ({
    os: "linux",
    architecture,
    variant: null,
    digest: `${of.slice(0, -1)}${at}`,
    size: at === 0 ? size : null,
    created: at === 0 ? ago(age) : null,
    revision: at === 0 ? "4f1c9e2b7a30" : null,
  });
  return {
    tag,
    gone: false,
    digest: looked ? of : null,
    looked: looked ? new Date(Date.now() + DAY * 1000).toISOString() : null,
    image: looked
      ? { digest: of, platforms: [platform("amd64", 0), platform("arm64", 1)], other: null }
      : null,
    releases: 0,
  };
}

function failure(
  code: ApiError["code"],
  params: Record<string, string>,
  hints: ApiError["hints"],
): ApiError {
  return {
    code,
    params: { host: "registry.example.com", repository: "shop/checkout-api", ...params },
    detail: `ask registry.example.com of shop/checkout-api: ${code}`,
    hints,
    retryable: true,
    fields: [],
  };
}

const failures: Record<string, ApiError> = {
  down: failure("registry_unreachable", { reason: "connection refused" }, [
    "check_repository",
    "check_vpn",
    "try_again",
  ]),
  login: failure("registry_refused", { signed_in: "false" }, ["registry_sign_in"]),
  plain: failure("registry_plain", {}, ["allow_plain", "check_repository"]),
  limited: failure("registry_limited", { seconds: "90" }, ["try_again", "registry_sign_in"]),
};
