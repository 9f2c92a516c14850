import type { Catalogue } from "../en";

export const notification: Catalogue["notification"] = {
  place: (app, group) => `${app} / ${group}`,
  batchDone: (place, number, all) => `${place}：第 ${number} 批已完成，共 ${all} 批`,
  waits: (release) => `${release}，下一批等待你确认。`,
  runs: (place, version) => `${place} 已运行 ${version}`,
  succeeded: (number, duration) => `${number} 成功，用时 ${duration}。`,
  stopped: (place, number) => `${place}：${number} 已停止`,
  failed: (place, number) => `${place}：${number} 失败`,
  aborted: (place, number) => `${place}：${number} 已中止`,
  superseded: (place, number) => `${place}：${number} 已被更新的发布取代`,
  backWaits: (place, number) => `${place}：${number} 的回退正在等待`,
  trainStopped: (app, version) => `${app}：${version} 的发布列车已停止`,
  trainWaits: (app, version) => `${app}：${version} 的发布列车在等您`,
  trainAsks: (group) => `下一个是 ${group}，待有人确认后开始。`,
  by: (person) => (person ? `操作人：${person}。` : ""),
};
