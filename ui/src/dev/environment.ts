import type { SimulatedCore } from "~/platform/simulate";
import type { Calls } from "~/wire/calls";
import type { Environment, EnvironmentUse, GroupCard } from "~/wire/types";

export const environments: Environment[] = [
  { id: "dev", name: "development", order: 0, colour: "dev", protected: false },
  { id: "test", name: "test", order: 1, colour: "test", protected: false },
  { id: "staging", name: "staging", order: 2, colour: "staging", protected: false },
  { id: "prod", name: "production", order: 3, colour: "prod", protected: true },
];

/** Environments as a person changes them. */
export function environmentStory(groups: GroupCard[]): SimulatedCore {
  let known = environments;
  const uses = (): EnvironmentUse[] =>
    known
      .map(({ id }) => ({
        environment: id,
        groups: groups.filter(({ environment }) => environment === id).length,
      }))
      .filter((use) => use.groups > 0);
  return {
    calls: {
      environment_list: () => known,
      environment_uses: uses,
      environment_save: ({ id, draft }: Calls["environment_save"]["in"]) => {
        const kept = id ?? `environment-${known.length}`;
        const order = known.find((one) => one.id === id)?.order ?? known.length;
        known = [...known.filter((one) => one.id !== id), { ...draft, id: kept, order }].toSorted(
          (a, b) => a.order - b.order,
        );
        return kept;
      },
      environment_order: (ids: Calls["environment_order"]["in"]) => {
        known = known
          .toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
          .map((one, order) => ({ ...one, order }));
        return null;
      },
      environment_delete: (id: string) => {
        const inside = groups.filter(({ environment }) => environment === id);
        if (inside.length > 0) throw inUse(inside);
        known = known.filter((one) => one.id !== id);
        return null;
      },
    },
  };
}

function inUse(groups: GroupCard[]) {
  const name = groups.map((group) => `checkout-api / ${group.name}`).join(", ");
  return {
    code: "in_use",
    params: { what: "environment", name, count: String(groups.length) },
    detail: "environment is in use",
    hints: [],
    retryable: false,
    fields: [],
  };
}
