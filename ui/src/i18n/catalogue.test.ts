import { expect, it } from "vitest";
import { en, zh } from ".";

function entries(value: unknown, path = ""): [string, unknown][] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => entries(inner, `${path}.${key}`));
  }
  return [[path, value]];
}

/** Stands for any parameter: as text it is a mark, and every field of it is one too. */
const anything = new Proxy(Object("{value}"), {
  get: (target, key) => {
    const own = Reflect.get(target, key);
    if (own !== undefined) return typeof own === "function" ? own.bind(target) : own;
    return typeof key === "string" ? `{${key}}` : undefined;
  },
});

function said(value: unknown): string {
  return typeof value === "function"
    ? String(value(anything, anything, anything, anything, anything))
    : String(value);
}

it("both catalogues hold the same messages", () => {
  const paths = (catalogue: unknown) =>
    entries(catalogue)
      .map(([path, value]) => `${path}:${typeof value}`)
      .sort();
  expect(paths(zh)).toEqual(paths(en));
});

it.each([
  ["en", en],
  ["zh", zh],
])("no message of %s is blank", (_, catalogue) => {
  for (const [path, value] of entries(catalogue)) {
    const text = said(value);
    expect(text.trim(), path).not.toBe("");
  }
});

it("uses the words of the glossary", () => {
  const glossary: [string, string, string][] = [
    [".app.noun", "App", "应用"],
    [".group.noun", "Group", "分组"],
    [".group.environment", "Environment", "环境"],
    [".cluster.noun", "Cluster", "集群"],
    [".cluster.link", "Link cluster", "关联集群"],
    [".cluster.code", "Authorization code", "授权码"],
    [".group.pending", "Pending changes", "待发布"],
    [".group.variable", "Variable", "环境变量"],
    [".release.artifact", "Artifact", "制品"],
    [".group.healthCheck", "Health check", "健康检查"],
    [".group.lifecycle", "Lifecycle", "生命周期"],
    [".group.deploy", "Deploy", "部署"],
    [".release.noun", "Release", "发布任务"],
    [".frame.page.releases", "Releases", "发布历史"],
    [".release.batch", "Batch", "批次"],
    [".release.batches", "Batches", "多批次部署"],
    [".release.rolling", "Rolling", "滚动部署"],
    [".release.continue", "Continue", "继续"],
    [".release.abort", "Abort", "中止"],
    [".release.takeOver", "Take over", "接管"],
    [".release.rollBack", "Roll back to this version", "回滚到此版本"],
    [".frame.page.running", "Running state", "运行状态"],
    [".instance.noun", "Instances", "容器状态"],
    [".instance.deploymentInfo", "Deployment info", "部署信息"],
    [".instance.history", "History", "部署历史"],
    [".instance.monitoring", "Monitoring", "监控信息"],
    [".instance.statusAndEvents", "Status and events", "状态和事件"],
    [".instance.logs", "Logs", "查看日志"],
    [".instance.evict", "Evict", "驱逐"],
    [".instance.restart", "Restart", "重启"],
    [".instance.scale", "Scale", "调整副本"],
  ];
  const english = new Map(entries(en));
  const chinese = new Map(entries(zh));
  for (const [path, inEnglish, inChinese] of glossary) {
    expect([english.get(path), chinese.get(path)], path).toEqual([inEnglish, inChinese]);
  }
});
