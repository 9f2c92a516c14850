import type { Catalogue } from "../en";

export const terminal: Catalogue["terminal"] = {
  open: "登录终端",
  tab: (pod) => `终端 ${pod}`,
  of: (pod) => `${pod} 的终端`,
  leave: "Shift F6 离开终端",
  find: "在屏幕中查找",
  next: "下一个",
  previous: "上一个",
  notFound: (text) => `屏幕中没有“${text}”`,
  smaller: "缩小文字",
  larger: "放大文字",
  ended: "Shell 已结束。",
  endedText: "已有的内容仍可阅读、查找和复制。",
  reconnect: "重新连接",
  again: "新的 Shell",
  debug: "调试容器",
  debugTitle: (container) => `要在 ${container} 旁添加调试容器吗？`,
  debugText:
    "一个带工具的容器会加入正在运行的 Pod 并能看到其进程。不会重启任何东西。它无法单独移除，只会随 Pod 一起消失。",
  debugAdd: "添加并打开",
  debugImage: "镜像",
  debugImageHelp: "留空则使用 busybox。镜像中必须有 sh。",
  pasteTitle: (lines) => `要粘贴 ${lines} 行到 Shell 吗？`,
  pasteText: "每一行结束时 Shell 会立即执行。",
  paste: "粘贴",
  more: (lines) => `… 还有 ${lines} 行`,
};
