import type { Catalogue } from "../en";

export const variable: Catalogue["variable"] = {
  noun: "环境变量",
  plural: "环境变量",
  kind: { plain: "明文", template: "占位符", sensitive: "敏感" },
  kindOf: (row) => `环境变量 ${row} 的类型`,
  secret: {
    type: "只需输入一次，之后不再显示",
    kept: "在系统钥匙串中",
    keeping: "正在保存…",
    unknown: "已在集群中设置，本机没有",
  },
  inherited: "Pod 最终得到的",
  pasteNote: "可在名称中粘贴多行 KEY=VALUE",
  plainNote: "有集群访问权限的人都能看到明文，密码等请设为敏感。",
  name: "名称",
  value: "值",
  partOf: (row, part) => `环境变量 ${row}：${part}`,
  none: "无",
  add: "添加环境变量",
  remove: (row) => `移除环境变量 ${row}`,
  pasted: (count) => `已填入 ${count} 个环境变量`,
  pastedSkipped: (lines) => `不是 KEY=VALUE，已略过：${lines}`,
};
