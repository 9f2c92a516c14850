import type { Catalogue } from "../en";
import type { CauseOf, CauseSentences } from "../en/releaseDiagnosis";

const cause: CauseSentences = {
  image: (c, f) => `Pod ${f.pod} 无法获取镜像 ${c.image}：${c.reason}。`,
  config: (c, f) => `Pod ${f.pod} 的容器 ${c.container} 无法创建：${c.message}`,
  crash: (c, f) =>
    f.lastLine
      ? `Pod ${f.pod} 以退出码 ${c.code} 退出，最后一行日志为“${f.lastLine}”`
      : `Pod ${f.pod} 以退出码 ${c.code} 退出，未留下任何日志。`,
  out_of_memory: (c, f) =>
    c.limit
      ? `Pod ${f.pod} 的容器 ${c.container} 超出内存上限 ${c.limit}，已被终止。`
      : `Pod ${f.pod} 的容器 ${c.container} 用尽了节点内存，已被终止。`,
  probe: (c, f) => `Pod ${f.pod} 已启动，但${probe[c.probe]}检查持续失败。`,
  unschedulable: (_, f) => `没有节点可以运行 Pod ${f.pod}。`,
  quota: () => "命名空间的配额不允许再创建 Pod。",
  admission: () => "集群拒绝创建新的 Pod。",
  node_lost: (c, f) => `节点 ${c.node} 失去响应，Pod ${f.pod} 位于该节点。`,
  deadline: (_, f) => `新的 Pod 在 ${f.duration}内没有就绪。`,
  foreign: (c) => `发布进行中，${c.manager} ${foreign[c.what]}。`,
  gone: (c) => `集群中已没有 ${c.what}。`,
  refused: (c) =>
    c.operation in refused
      ? `集群拒绝了${refused[c.operation]}。`
      : `集群拒绝了发布的第一步：${c.operation}。`,
};

const refused: Record<string, string> = {
  move: "发布的下一步",
  abort: "回退",
};

const probe: Record<CauseOf<"probe">["probe"], string> = {
  liveness: "存活",
  readiness: "就绪",
  startup: "启动",
};

const foreign: Record<CauseOf<"foreign">["what"], string> = {
  template: "修改了 Pod 模板",
  paused: "暂停了 Deployment",
  resumed: "恢复了 Deployment",
  strategy: "修改了批次之间控制 Deployment 的更新策略",
};

export const diagnosis: Catalogue["release"]["diagnosis"] = {
  cause,
  restarts: (count) => `已重启 ${count} 次`,
  ran: (duration) => `退出前运行了 ${duration}`,
  changesOne: (path, before, after) => `本次发布将 ${path} 由 ${before} 调整为 ${after}。`,
  changesIn: (path, how) => `本次发布修改了 ${path}：${how}。`,
  changesMany: (count) => `本次发布修改了 ${count} 个字段，列在下方。`,
  changesNothing: "本次发布没有修改 Pod 的任何字段。",
  foundNothing: "没有 Pod 或事件报告失败。",
  nothingMoved: "集群中没有任何改动。",
  staysThere: "集群保持最后一次写入的状态。",

  evidence: "证据",
  copyAll: "全部复制",
  openInLogs: "在日志中打开",
  lastExit: "上次退出",
  event: "事件",
  message: "信息",
  changed: (release) => `${release} 的改动`,
  changedHere: "改动",
  ruledOut: "已排除",
  exit: (code, reason) => (reason ? `退出码 ${code}（${reason}）` : `退出码 ${code}`),
  container: (name) => `容器 ${name}`,
  times: (count) => `${count} 次`,
  ruled: {
    image_pulled: "镜像已拉取",
    node_ready: "节点正常",
    no_oom: "没有内存溢出",
    scheduled: "已调度到节点",
    config_present: "配置对象齐全",
    quota: "配额充足",
    probes: "健康检查没有失败",
  },
  lastLines: (container, pod) => `${pod} 中 ${container} 的最后几行`,
  previousRun: "上次运行",
  kept: "随发布保存",
  noLog: "容器退出前没有输出任何日志。",
  lastLineMark: "最后一行",

  whatToDo: "可以怎么做",
  abortTitle: (version) => `回到 ${version}`,
  abortTitleFirst: "撤回发布",
  abortText: (version) =>
    `新 Pod 换回 ${version} 及其原有配置；仍在运行的 ${version} Pod 保持不动。`,
  abortTextFirst: "此前没有版本：Deployment 保留，Pod 数为 0。",
  againTitle: "修正后重新发布",
  againText: "换一个镜像或修改设置，作为新的发布，并取代本次发布。",
  againButton: "新建发布…",
  continueTitle: "继续",
  continueText: "如果原因已经消除，集群会从停止处继续替换 Pod。",
  belowTitle: (less) => `少 ${less} 个 Pod 回退`,
  belowText: (version, less) =>
    less === "1"
      ? `先结束一个新 Pod，再由 ${version} 的 Pod 顶上，这样配额就够用；期间缺少一个 Pod。`
      : `再多结束一个新 Pod，由 ${version} 的 Pod 顶上；期间最多缺少 ${less} 个 Pod。`,
  roomTitle: "腾出配额",
  roomText: "配额可再容纳一个 Pod 后，回退会自动继续，不会缺少 Pod。",
  roomTextLess: "配额允许再多一个 Pod 后，回退会自动继续。",
  nothingTitle: "暂不处理",
  nothingText: (ready, count) => `${ready}/${count} 个 Pod 保持就绪，关闭本机也不受影响。`,
  nothingTextBare: "发布在集群中保持暂停，关闭本机也不受影响。",
};
