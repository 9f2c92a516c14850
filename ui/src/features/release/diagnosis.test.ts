import { describe, expect, it } from "vitest";
import { en, Format, zh } from "~/i18n";
import type { Cause, Diagnosis, FieldChange } from "~/wire/types";
import { diagnosisText, lastLine, newestEvents, sayCause, sayMore, shortPod } from "./diagnosis";

const pod = "checkout-api-prod-sh-1-6c9fd7b4c8-hv7qd";
const english = { text: en, format: new Format("en", en) };
const chinese = { text: zh, format: new Format("zh-CN", zh) };

function diagnosis(cause: Cause, log: string[] = []): Diagnosis {
  return {
    cause,
    at: "2025-11-20T14:43:00Z",
    evidence: {
      last_exit: null,
      events: [],
      log,
      log_pod: "",
      log_container: "",
      log_previous: false,
      ruled_out: [],
    },
  };
}

/** One of every kind, and the sentence in both languages. The compiler asks for a row when a kind is added. */
const sentences: Record<Cause["kind"], { cause: Cause; log?: string[]; en: string; zh: string }> = {
  image: {
    cause: { kind: "image", pod, image: "shop/api:9", reason: "ErrImagePull", message: "denied" },
    en: "Pod hv7qd does not get its image shop/api:9: ErrImagePull.",
    zh: "Pod hv7qd 无法获取镜像 shop/api:9：ErrImagePull。",
  },
  config: {
    cause: { kind: "config", pod, container: "app", message: 'configmap "c" not found' },
    en: 'Container app of pod hv7qd can not be created: configmap "c" not found',
    zh: 'Pod hv7qd 的容器 app 无法创建：configmap "c" not found',
  },
  crash: {
    cause: { kind: "crash", pod, container: "app", code: 1, restarts: 4 },
    log: ["2025-11-20T14:45:42.263Z ERROR fatal: too many connections", "", "  "],
    en: "Pod hv7qd exits with code 1; its last line: “fatal: too many connections”",
    zh: "Pod hv7qd 以退出码 1 退出，最后一行日志为“fatal: too many connections”",
  },
  out_of_memory: {
    cause: { kind: "out_of_memory", pod, container: "app", limit: "512Mi", restarts: 2 },
    en: "Pod hv7qd was ended because container app went over its memory limit of 512Mi.",
    zh: "Pod hv7qd 的容器 app 超出内存上限 512Mi，已被终止。",
  },
  probe: {
    cause: { kind: "probe", pod, container: "app", probe: "readiness", message: "statuscode: 503" },
    en: "Pod hv7qd started, but its readiness probe keeps failing.",
    zh: "Pod hv7qd 已启动，但就绪检查持续失败。",
  },
  unschedulable: {
    cause: { kind: "unschedulable", pod, message: "0/5 nodes are available" },
    en: "No node takes pod hv7qd.",
    zh: "没有节点可以运行 Pod hv7qd。",
  },
  quota: {
    cause: { kind: "quota", message: "exceeded quota: compute" },
    en: "The quota of the namespace allows no further pod.",
    zh: "命名空间的配额不允许再创建 Pod。",
  },
  admission: {
    cause: { kind: "admission", message: "denied by policy" },
    en: "The cluster refuses to make new pods.",
    zh: "集群拒绝创建新的 Pod。",
  },
  node_lost: {
    cause: { kind: "node_lost", pod, node: "sh-node-11" },
    en: "Node sh-node-11 does not answer any more; pod hv7qd was on it.",
    zh: "节点 sh-node-11 失去响应，Pod hv7qd 位于该节点。",
  },
  deadline: {
    cause: { kind: "deadline", seconds: 600 },
    en: "The new pods did not become ready within 10 min.",
    zh: "新的 Pod 在 10 分钟内没有就绪。",
  },
  foreign: {
    cause: { kind: "foreign", manager: "kubectl", what: "template" },
    en: "kubectl changed the pod template while the release was moving.",
    zh: "发布进行中，kubectl 修改了 Pod 模板。",
  },
  gone: {
    cause: { kind: "gone", what: "Deployment checkout-api-prod-sh-1" },
    en: "Deployment checkout-api-prod-sh-1 is gone from the cluster.",
    zh: "集群中已没有 Deployment checkout-api-prod-sh-1。",
  },
  refused: {
    cause: { kind: "refused", operation: "create record", message: "forbidden" },
    en: "The cluster refused the beginning: create record.",
    zh: "集群拒绝了发布的第一步：create record。",
  },
};

describe("the sentence of a diagnosis", () => {
  it("of a refusal once pods have moved does not say that nothing has", () => {
    const refused = diagnosis({ kind: "refused", operation: "move", message: "forbidden" });
    expect(sayCause(refused, english.text, english.format)).toBe(
      "The cluster refused the next step of the release.",
    );
    expect(sayCause(refused, chinese.text, chinese.format)).toBe("集群拒绝了发布的下一步。");
    expect(sayMore(refused, [], english.text, english.format)).toEqual([
      "forbidden",
      "What was written last stays in the cluster.",
    ]);
  });

  it.each(Object.entries(sentences))("%s", (_, { cause, log, ...said }) => {
    const found = diagnosis(cause, log);
    expect(sayCause(found, english.text, english.format)).toBe(said.en);
    expect(sayCause(found, chinese.text, chinese.format)).toBe(said.zh);
  });

  it("a crash without a line says so, and never makes one up", () => {
    const found = diagnosis({ kind: "crash", pod, container: "app", code: 137, restarts: 0 });
    expect(sayCause(found, en, english.format)).toContain("left no line in its log");
  });

  it("shows control characters of foreign text instead of obeying them", () => {
    const found = diagnosis({ kind: "gone", what: "a\u001b[31mb" });
    expect(sayCause(found, en, english.format)).toContain("a␛[31mb");
  });

  it("quotes a very long line only in part", () => {
    expect(lastLine([`x${"y".repeat(2000)}`])).toHaveLength(160);
  });
});

describe("what belongs to the sentence", () => {
  const change: FieldChange = {
    section: "variables",
    field: "variables.POOL",
    before: "20",
    after: "60",
    hidden: false,
    count: 1,
  };
  const crash: Cause = { kind: "crash", pod, container: "app", code: 1, restarts: 4 };

  it("how long, how often, and what this release changed", () => {
    const found = diagnosis(crash);
    found.evidence.last_exit = {
      code: 1,
      reason: "Error",
      message: "",
      started: "2025-11-20T14:45:40Z",
      finished: "2025-11-20T14:45:42Z",
    };
    expect(sayMore(found, [change], en, english.format)).toEqual([
      "ran 2 sec before it exited",
      "restarted 4 times so far",
      "This release changes variables.POOL from 20 to 60.",
    ]);
  });

  it("a field that was not there before is named so", () => {
    const [more] = sayMore(
      diagnosis({ ...crash, restarts: 0 }),
      [{ ...change, before: null }],
      en,
      english.format,
    );
    expect(more).toBe("This release changes variables.POOL from not set to 60.");
  });

  it("the cluster's own message, and nothing about pods where no pod is the cause", () => {
    const found = diagnosis({ kind: "quota", message: "exceeded quota" });
    expect(sayMore(found, [change], en, english.format)).toEqual(["exceeded quota"]);
  });

  it("everything as text for a ticket, with the log", () => {
    const text = diagnosisText(diagnosis(crash, ["last words"]), [change], en, english.format);
    expect(text).toContain("its last line: “last words”");
    expect(text).toContain("variables.POOL 20 → 60");
    expect(text.endsWith("last words")).toBe(true);
  });
});

it("a pod is called by its last part", () => {
  expect(shortPod(pod)).toBe("hv7qd");
});

it("events stand newest first, each once", () => {
  const event = (id: string, at: string) => ({
    id,
    at,
    kind: "Normal",
    reason: "",
    message: "",
    object: "",
    count: 1,
  });
  const events = [event("a", "2025-01-01"), event("b", "2025-01-03"), event("a", "2025-01-02")];
  expect(newestEvents(events, 5).map(({ id, at }) => `${id} ${at}`)).toEqual([
    "b 2025-01-03",
    "a 2025-01-02",
  ]);
  expect(newestEvents(events, 1)).toHaveLength(1);
});
