import { describe, expect, it } from "vitest";
import { en, Format, ruleWord } from "~/i18n";
import type { ContextRow, Grant } from "~/wire/types";
import { commandLine, expiryOf, grantMark, saySignIn, shortFingerprint } from "./access";

const now = new Date("2025-11-20T12:00:00Z");
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString();

describe("how long an access lasts", () => {
  it.each<[string | null, ReturnType<typeof expiryOf>["kind"]]>([
    [null, "none"],
    ["not a time", "none"],
    [inDays(-1), "ended"],
    [inDays(0), "ended"],
    [inDays(0.5), "soon"],
    [inDays(13), "soon"],
    [inDays(14), "later"],
    [inDays(90), "later"],
  ])("%s is %s", (expires, kind) => {
    expect(expiryOf(expires, now).kind).toBe(kind);
  });

  it("counts the last day as one", () => {
    expect(expiryOf(inDays(0.1), now)).toMatchObject({ days: 1 });
  });
});

it("a rule reads as in kubectl", () => {
  const verbs = ["get", "list"];
  expect(ruleWord({ api_group: "metrics.k8s.io", resource: "pods", verbs })).toBe(
    "get, list pods.metrics.k8s.io",
  );
  expect(ruleWord({ api_group: "", resource: "pods/log", verbs: ["get"] })).toBe("get pods/log");
});

it("what is not meant for everybody is no warning", () => {
  const grant = (feature: Grant["feature"], allowed: boolean): Grant => ({
    feature,
    allowed,
    missing: [],
    yaml: "",
  });
  expect(grantMark(grant("deploy", true))).toBe("ok");
  expect(grantMark(grant("deploy", false))).toBe("warn");
  expect(grantMark(grant("nodes", false))).toBe("aborted");
  expect(grantMark(grant("members", false))).toBe("aborted");
});

it("a program is shown as it would be run, and nothing in it acts on the page", () => {
  expect(commandLine("aws", ["eks", "get-token", "--name", "my cluster"])).toBe(
    "aws eks get-token --name 'my cluster'",
  );
  expect(commandLine("sh", ["-c", "it's; rm"])).toBe("sh -c 'it'\\''s; rm'");
  expect(commandLine("a\u202eb", [])).toBe("'a<202E>b'");
});

it("says how a context signs in", () => {
  const context = (sign_in: ContextRow["sign_in"]) => ({ sign_in }) as ContextRow;
  const format = new Format("en", en);
  const say = (sign_in: ContextRow["sign_in"]) => saySignIn(context(sign_in), en, format);
  expect(say({ kind: "token" })).toBe("token");
  expect(say({ kind: "exec", command: "aws", args: [], found: null })).toBe("runs aws");
  expect(say({ kind: "certificate", expires: null })).toBe("client certificate");
  expect(say({ kind: "certificate", expires: "2026-02-18T12:00:00Z" })).toContain("2026");
});

it("a fingerprint keeps both ends", () => {
  const pairs = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, "0"));
  expect(shortFingerprint(pairs.join(":"))).toBe("00:01:02:03:04 … 1d:1e:1f");
  expect(shortFingerprint("AA:BB")).toBe("AA:BB");
});
