import type { ReleaseRow, ReleaseState, ReleaseView, Stage, Transition } from "~/wire/types";

/** Transitions a minute apart, from 14:30. */
export function went(...stages: [Stage, ReleaseState][]): Transition[] {
  return stages.map(([stage, state], at) => ({
    at: new Date(Date.UTC(2025, 10, 20, 14, 30 + at)).toISOString(),
    stage,
    state,
    by: null,
    note: null,
  }));
}

/** A rolling release of eight pods, as its page is told of it. */
export function view(row: ReleaseRow, facts: Partial<ReleaseView> = {}): ReleaseView {
  return {
    id: row.id,
    row,
    link: "sh-prod",
    cluster: "sh-prod",
    namespace: "shop",
    workload: "checkout-api-prod-sh-1",
    image: "shop/checkout-api:2.14.0",
    label: "r28",
    count: 8,
    batches: [],
    progress: { batch: 0, rest: null, count: 8, aborting: null, below: null, driver: null },
    transitions: [],
    diagnosis: null,
    hands: "ours",
    driver: row.author,
    newer: null,
    actions: [],
    objects: [],
    changes: [],
    preflight: null,
    ...facts,
  };
}
