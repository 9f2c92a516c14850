import type { BalancerRow, ForwardTarget, GroupCard } from "~/wire/types";

/** The same target has the same key. */
export function keyOf(target: ForwardTarget): string {
  switch (target.kind) {
    case "pod":
      return `pod/${target.group}/${target.pod}`;
    case "group":
      return `group/${target.group}`;
    case "balancer":
      return `balancer/${target.balancer}/${target.link}`;
  }
}

/** The group whose rights say whether a target may be led to. */
export function groupOf(
  target: ForwardTarget | null,
  balancers: readonly BalancerRow[],
): string | null {
  if (target === null) return null;
  if (target.kind !== "balancer") return target.group;
  const row = balancers.find(({ id }) => id === target.balancer);
  return row?.groups.find(({ link }) => link === target.link)?.id ?? null;
}

/** Everything of an app that can be led to, its groups first; pods are those of the group in question. */
export function targetsOf(
  groups: readonly GroupCard[],
  pods: { group: string; names: readonly string[] },
  balancers: readonly BalancerRow[],
): ForwardTarget[] {
  return [
    ...groups
      .filter((group) => group.link_name !== null)
      .flatMap((group): ForwardTarget[] => [
        { kind: "group", group: group.id },
        ...(group.id === pods.group
          ? pods.names.map((pod): ForwardTarget => ({ kind: "pod", group: group.id, pod }))
          : []),
      ]),
    ...balancers.flatMap((row) =>
      row.places
        .filter((place) => place.link_name !== null)
        .map((place): ForwardTarget => ({ kind: "balancer", balancer: row.id, link: place.link })),
    ),
  ];
}
