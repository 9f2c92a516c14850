import { expect, it } from "vitest";
import type { FieldChange } from "~/wire/types";
import { en, Format, sayChange, sayValue, zh } from ".";

const formats = { en: new Format("en", en), zh: new Format("zh-CN", zh) };
const said = (field: string, value: unknown) => [
  sayValue(field, value, en, formats.en),
  sayValue(field, value, zh, formats.zh),
];

const approval = { kind: "approval" };
const wait = { kind: "wait", seconds: 600 };
const limits = { max_surge: "25%", max_unavailable: "0" };

it.each<[string, unknown, string, string]>([
  ["strategy.max_surge", "25%", "25% more", "最多超出 25%"],
  ["strategy.max_unavailable", "0", "0 fewer", "最多减少 0"],
  ["strategy.batches", null, "Rolling", "滚动部署"],
  [
    "strategy.batches",
    { kind: "even", number: 3, canary: "1", pace: approval },
    "3 batches, first 1, approval after each",
    "3 批，首批 1，每批之后等待确认",
  ],
  [
    "strategy.batches",
    {
      kind: "explicit",
      steps: [
        { size: "1", pace: approval },
        { size: "40%", pace: wait },
      ],
    },
    "Batches of 1, then approval · 40%, then a wait of 10 min · the rest",
    "分批 1（之后等待确认） · 40%（之后等待 10 分钟） · 其余全部",
  ],
  ["strategy.batches.pace", wait, "a wait of 10 min", "等待 10 分钟"],
  [
    "strategy",
    { ...limits, min_ready_seconds: 5, batches: null },
    "Rolling: 25% more, 0 fewer; ready for 5 sec",
    "滚动部署：最多超出 25%，最多减少 0; 持续就绪 5 秒",
  ],
  [
    "readiness",
    {
      check: { http: { path: "/healthz", port: "http", scheme: "HTTP", headers: [] } },
      period_seconds: 5,
      failure_threshold: 3,
    },
    "HTTP /healthz, port http; every 5 sec, fails after 3",
    "HTTP /healthz, 端口 http; 间隔 5 秒, 失败次数 3",
  ],
  ["liveness.check", { tcp: 8080 }, "TCP 8080", "TCP 8080"],
  ["command", ["java", "-jar", "app.jar"], "java -jar app.jar", "java -jar app.jar"],
  [
    "ports",
    [
      { name: "http", port: 8080, protocol: "TCP" },
      { name: "", port: 53, protocol: "UDP" },
    ],
    "http 8080 TCP, 53 UDP",
    "http 8080 TCP, 53 UDP",
  ],
  ["memory", { request: "384Mi", limit: null }, "request 384Mi", "请求 384Mi"],
  ["gpu", { resource: "nvidia.com/gpu", count: 2 }, "2 × nvidia.com/gpu", "2 × nvidia.com/gpu"],
  [
    "lifecycle",
    { before_stop: { command: ["sleep", "5"] } },
    "before stop sleep 5",
    "停止前 sleep 5",
  ],
  [
    "containers.app.env",
    [{ name: "A", valueFrom: { fieldRef: { fieldPath: "x" } } }],
    "name A, valueFrom fieldRef fieldPath x",
    "name A, valueFrom fieldRef fieldPath x",
  ],
  ["volumes.tmp.emptyDir", {}, "empty", "空"],
  ["ports.http.port", 8080, "8080", "8080"],
])("%s", (field, value, english, chinese) => {
  expect(said(field, value)).toEqual([english, chinese]);
});

it("says nothing of what is not set", () => {
  expect(said("readiness", null)).toEqual([null, null]);
});

it("tells of a file how much changed, and of what is sensitive not even that", () => {
  const change: FieldChange = {
    section: "files",
    field: "/a.yaml",
    before: "a-1",
    after: "a-2",
    hidden: false,
    count: 2,
  };
  const word = (part: Partial<FieldChange>) =>
    sayChange({ ...change, ...part }, en, formats.en).word;
  expect(word({})).toBe("2 changes");
  expect(word({ before: null })).toBe("added");
  expect(word({ after: null })).toBe("removed");
  expect(word({ hidden: true })).toBe("changed; sensitive, not shown");
  expect(word({ hidden: true, before: null })).toBe("sensitive, not shown");
});

it("tells images apart by their tags, their digests, or where they are from", () => {
  const said = (before: string, after: string) =>
    Object.values(
      sayChange(
        {
          section: "container",
          field: "containers.app.image",
          before,
          after,
          hidden: false,
          count: 1,
        },
        en,
        formats.en,
      ),
    );
  const at = (sign: string) => `@sha256:${sign.repeat(64)}`;
  const api = "registry.example.com:5000/shop/api";
  expect(said(`${api}:1${at("a")}`, `${api}:2${at("b")}`)).toEqual(["1", "2"]);
  expect(said(`${api}:1`, `${api}:1${at("b")}`)).toEqual(["1", "1@sha256:bbbbbbbb…bbbb"]);
  expect(said(`${api}${at("a")}`, `${api}:2`)).toEqual(["sha256:aaaaaaaa…aaaa", "2"]);
  expect(said(`other/api:1${at("a")}`, `${api}:1${at("a")}`)).toEqual(["other/api:1", `${api}:1`]);
});
