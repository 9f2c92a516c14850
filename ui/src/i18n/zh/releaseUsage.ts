import type { Catalogue } from "../en";

export const usage: Catalogue["release"]["usage"] = {
  title: "CPU 与内存",
  figures: "两个版本的指标",
  part: { usage: "CPU 与内存", network: "网络", requests: "请求" },
  cpu: "单个 Pod 的 CPU",
  memory: "单个 Pod 的内存",
  request: (amount) => `请求 ${amount}`,
  limit: (amount) => `上限 ${amount}`,
  before: "发布前",
  after: "本次发布",
  less: (share) => `减少 ${share}`,
  more: (share) => `增加 ${share}`,
  together: "同一分钟内新版本与旧版本相比",
  apart: "发布后与发布前相比",
  soon: "每 15 秒采样一次，首批数据即将到达。",
  never: "此次发布期间没有采样数据。",
  none: "没有 CPU 与内存数据，以下是 Pod 的情况：",
  missing: {
    missing: (cluster) =>
      `${cluster} 没有 metrics API，因此无法得知 CPU 与内存。以下是 Pod 的情况：`,
    forbidden: (cluster) =>
      `您在 ${cluster} 的角色无权读取指标（metrics.k8s.io 的 get pods）。以下是 Pod 的情况：`,
    silent: (cluster) => `${cluster} 的 metrics API 没有响应。以下是 Pod 的情况：`,
  },
  traffic: {
    receive: "单个 Pod 接收",
    transmit: "单个 Pod 发送",
    requests: "请求数",
    ofVersion: "每个版本的所有 Pod 合计",
    errors: "错误率",
    errorsNote: "5xx 响应",
    perSecond: (amount) => `${amount}/s`,
    source: (place, counter) =>
      counter
        ? `数据来自 ${place} 的 Prometheus：${counter}。`
        : `数据来自 ${place} 的 Prometheus。`,
    ofRecord: "数据来自发布记录。",
    noNetwork: "Prometheus 没有这些 Pod 的 container_network_receive_bytes_total。",
    noRequests: (names) => `Prometheus 没有这些 Pod 的请求计数器。已查找：${names}。`,
    noStatus: "该计数器没有状态码标签，因此无法得知错误率。",
    settings: "此集群的 Prometheus",
    missing: {
      unknown: (cluster) =>
        `在 ${cluster} 中没有找到 Prometheus，因此无法得知网络与请求。如果有，请指明位置。`,
      missing: (cluster) => `${cluster} 的 Prometheus 所在位置没有 Pod 响应。`,
      forbidden: (cluster) => `您在 ${cluster} 的角色无权访问其 Prometheus（get services/proxy）。`,
      foreign: (cluster) => `${cluster} 的 Prometheus 所在位置响应的不是 Prometheus。`,
      silent: (cluster) => `${cluster} 的 Prometheus 没有响应。`,
      no_series: (cluster) =>
        `${cluster} 的 Prometheus 没有这些 Pod 在该时段的数据：既没有 container_network_receive_bytes_total，也没有请求计数器。`,
    },
  },
  pods: "Pod",
  ready: "就绪",
  restarts: "重启",
  oomKills: "内存不足被终止",
};
