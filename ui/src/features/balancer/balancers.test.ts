import { expect, it } from "vitest";
import type { BalancerPlace, PlaceLive } from "~/wire/types";
import { addressesOf, isPending, percents, portText, servingOf } from "./balancers";

const bare: PlaceLive = {
  link: "bj",
  state: "there",
  stale_since: null,
  changed_elsewhere: false,
  kind: "NodePort",
  cluster_ip: "10.0.0.1",
  addresses: [],
  ports: [{ name: "", port: 80, target: 8080, node_port: 30080, protocol: "TCP" }],
  pending_since: null,
  events: [],
  endpoints: [],
  shares: [],
  no_traffic: null,
  unlabelled: 0,
  stray: 0,
};
const place: BalancerPlace = {
  link: "bj",
  link_name: "bj",
  namespace: "shop",
  state: "applied",
  labelled: false,
  applied: null,
};

it("says by what a load balancer is reached", () => {
  expect(addressesOf(bare, "NodePort")).toEqual(["30080"]);
  expect(addressesOf(bare, "ClusterIP")).toEqual(["10.0.0.1"]);
  expect(addressesOf(bare, "LoadBalancer")).toEqual([]);
  expect(addressesOf({ ...bare, state: "loading" }, "ClusterIP")).toEqual([]);
});

it("writes a port once where both ends are the same", () => {
  expect(portText({ port: "80", target: "8080" })).toBe("80 → 8080");
  expect(portText({ port: "9102", target: " 9102 " })).toBe("9102");
  expect(portText({ port: "80", target: "" })).toBe("80");
});

it("counts nothing before a cluster has told", () => {
  expect(servingOf([{ place, live: undefined }])).toBeUndefined();
  expect(servingOf([{ place, live: { ...bare, state: "unknown" } }])).toBeUndefined();
  const shares = [
    { version: "2", new: true, count: 3 },
    { version: "1", new: false, count: 2 },
  ];
  expect(
    servingOf([
      { place, live: { ...bare, shares } },
      { place, live: bare },
    ]),
  ).toBe(5);
});

it("knows what waits for a cluster", () => {
  expect(isPending({ place, live: bare })).toBe(false);
  expect(isPending({ place, live: undefined })).toBe(false);
  expect(isPending({ place: { ...place, state: "changed" }, live: bare })).toBe(true);
  expect(isPending({ place, live: { ...bare, state: "absent" } })).toBe(true);
});

it.each([
  [
    [5, 5],
    [50, 50],
  ],
  [
    [1, 1, 1],
    [34, 33, 33],
  ],
  [
    [2, 1],
    [67, 33],
  ],
  [
    [0, 0],
    [0, 0],
  ],
  [[7], [100]],
])("divides %j into a hundred", (counts, parts) => {
  expect(percents(counts)).toEqual(parts);
});
