import { expect, it } from "vitest";
import { en } from "~/i18n/en";
import type { ForwardRow, ForwardState, ForwardTarget } from "~/wire/types";
import { forwardWords, isOpen, pageOf } from "./state";

const pod: ForwardTarget = { kind: "pod", group: "g", pod: "api-7d9f-w6tkz" };

function row(state: ForwardState, facts?: Partial<ForwardRow>): ForwardRow {
  return {
    id: "forward 1",
    number: 1,
    target: pod,
    name: "api-7d9f-w6tkz",
    port_name: "http",
    port: 8080,
    local: 18080,
    since: "2025-11-21T10:41:00Z",
    down: 0,
    up: 0,
    state,
    ...facts,
  };
}

const said = (state: ForwardState, facts?: Partial<ForwardRow>) => {
  const words = forwardWords(row(state, facts), "10:41", en);
  return [words.mark, words.said, words.note];
};

it("says what it goes through, and what it does when the pod goes", () => {
  expect(said({ state: "open", pod: "api-7d9f-w6tkz" })).toEqual([
    "ok",
    null,
    "since 10:41 · follows its replacement",
  ]);
  expect(said({ state: "open", pod: "api-7d9f-b8xqn" })[2]).toBe("since 10:41 · now through b8xqn");
  const group: ForwardTarget = { kind: "group", group: "g" };
  expect(said({ state: "open", pod: "api-7d9f-w6tkz" }, { target: group })[2]).toBe(
    "since 10:41 · now through w6tkz",
  );
});

it("says what it waits for, and until when", () => {
  const retry_at = "2025-11-21T10:52:00Z";
  const waiting = { state: "waiting", why: "cluster", reason: "i/o timeout", retry_at } as const;
  expect(forwardWords(row(waiting), "10:41", en)).toEqual({
    mark: "rolling",
    said: null,
    note: "the cluster does not answer",
    retryAt: retry_at,
    reason: "i/o timeout",
  });
  expect(said({ ...waiting, why: "pod", retry_at: null })).toEqual([
    "rolling",
    "Reconnecting",
    "no pod is ready",
  ]);
});

it("says why a port is of no use", () => {
  expect(said({ state: "refused", pod: "api-7d9f-w6tkz", reason: "connection refused" })).toEqual([
    "warn",
    "Nothing listens on 8080",
    "in w6tkz",
  ]);
  expect(said({ state: "no_port", of: "api-7d9f-w6tkz", port: "admin" })).toEqual([
    "warn",
    "No port admin",
    "in w6tkz",
  ]);
  const balancer: ForwardTarget = { kind: "balancer", balancer: "b", link: "bj" };
  expect(
    said({ state: "no_port", of: "checkout-api-bj", port: "81" }, { target: balancer })[2],
  ).toBe("in checkout-api-bj");
  expect(said({ state: "taken", privileged: false, proposal: 8082 }, { local: 8080 })).toEqual([
    "danger",
    "Port 8080 is taken",
    "on this computer",
  ]);
  expect(said({ state: "taken", privileged: true, proposal: 8080 }, { local: 80 })[1]).toBe(
    "Port 80 is for administrators",
  );
  const rule = { api_group: "", resource: "pods/portforward", verbs: ["create"] };
  expect(said({ state: "ended", lacks: rule, reason: "" })[2]).toBe(
    "Your identity lacks the right: create pods/portforward",
  );
});

it("opens a page as the port says how, and only where something can come", () => {
  const open: ForwardState = { state: "open", pod: "api-7d9f-w6tkz" };
  expect(pageOf(row(open))).toBe("http://127.0.0.1:18080");
  expect(pageOf(row(open, { port_name: "https" }))).toBe("https://127.0.0.1:18080");
  expect(pageOf(row(open, { port_name: "", port: 8443 }))).toBe("https://127.0.0.1:18080");
  expect(isOpen(row(open))).toBe(true);
  expect(isOpen(row({ state: "taken", privileged: false, proposal: null }))).toBe(false);
});
