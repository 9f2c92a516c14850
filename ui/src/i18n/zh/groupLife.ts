import type { Catalogue } from "../en";

export const groupLife: Catalogue["groupLife"] = {
  stop: "停止…",
  stopTitle: (group) => `停止 ${group}？`,
  stopText: "副本数调整为 0，其余保持不变，一键即可恢复。",
  stopPods: (pods) => `${pods} 个 Pod 将终止。`,
  stopAction: (group) => `停止 ${group}`,
  stopping: "正在停止…",
  stopped: (group) => `${group} 的副本数已调整为 0`,
  start: "启动",
  started: (group) => `${group} 正在重新启动`,

  clone: "克隆到…",
  cloneTitle: (group) => `克隆 ${group} 到…`,
  cloneText: "复制本机保存的内容。新分组是草稿，首次发布前不会运行任何内容。",
  cloneName: "名称",
  cloneAction: "克隆",
  cloning: "正在克隆…",
  cloned: (group) => `已保存 ${group}`,
};
