import type {
  BackChange,
  ChangedBy,
  GroupCard,
  ReleaseRow,
  RollbackRequest,
  RollbackView,
} from "~/wire/types";
import { gone, planOf } from "./plan";
import { ago } from "./time";

/** Back to an older release: two releases lie between, of two people. */
export function rollbackOf(
  request: RollbackRequest,
  all: ReleaseRow[],
  cards: GroupCard[],
): RollbackView {
  const to = all.find(({ id }) => id === request.release);
  const now = to && all.find(({ group }) => group === to.group);
  if (!to || !now) throw gone(request.release);
  const plan = planOf({ group: to.group, image: to.to_version }, cards);
  const seq = now.seq ?? 1;
  const last = { seq, by: "Li Hua", at: now.created };
  const before = { seq: seq - 1, by: "Wang Fang", at: ago(86_400) };
  return {
    to,
    now,
    plan: { ...plan, from_version: now.to_version },
    changes: [
      key("db.pool.max", "32", "20", last),
      key("shipping.address-schema", "v2", null, last),
      key("cache.timeout", "250ms", "200ms", before),
      file("/export/app/conf/application.yaml", 3, last),
    ],
    balancers: [{ name: "checkout-api-bj-metrics", what: "added" }],
  };
}

function key(field: string, before: string, after: string | null, last: ChangedBy): BackChange {
  return {
    change: { section: "files", field, before, after, hidden: false, count: 1 },
    key: true,
    last,
  };
}

function file(field: string, count: number, last: ChangedBy): BackChange {
  return {
    change: { section: "files", field, before: "then", after: "now", hidden: false, count },
    key: false,
    last,
  };
}
