import type { Catalogue } from "../en";

export const setting: Catalogue["setting"] = {
  title: "设置",
  sections: "设置分类",
  savedAtOnce: "更改后立即保存",
  ofThisComputer: "本机的设置。",

  general: "常规",
  language: "语言",
  languageSystem: "跟随系统",
  languageNote: "立即生效",
  theme: "主题",
  themeSystem: "跟随系统",
  light: "浅色",
  dark: "深色",
  themeNote: "日志和差异视图同步切换",
  displayName: "你的名字",
  displayNameHint: "与集群认证的用户名一起写入发布记录，未经验证。",
  notSaved: "未能保存",

  environments: "环境",
  environmentsNote: "按版本推进的顺序",
  column: { looks: "显示效果", colour: "颜色", protected: "保护" },
  colour: { dev: "灰蓝", test: "蓝色", staging: "紫色", prod: "品红" },
  protectedYes: "部署时再次确认，删除时需输入名称",
  protectedNo: "否",

  data: "数据",
  folder: "数据文件夹",
  folderHint: "包含应用、分组和全部发布的副本，不含令牌。",
  setAsideTitle: "Slipway 启动时发现数据库已损坏。",
  setAside: (name) => `损坏的文件已在数据文件夹中另存为 ${name}，Slipway 使用了新的空数据库。`,
  copyName: "损坏文件的名称",

  keyring: "密钥环",
  keyringState: {
    ready: "已解锁",
    missing: "没有密钥环",
    locked: "已锁定",
    memory_only: "仅保存在内存",
    key_lost: "密钥丢失",
  },
  keyringText: {
    ready: "已关联集群的令牌经过加密，密钥只保存在系统密钥环中。",
    missing:
      "此系统没有可用的密钥环，无法保存令牌。请安装或启动密钥环后重新检查，或只在内存中保存令牌，直到 Slipway 关闭。",
    locked:
      "密钥环解锁后才能使用令牌。请在桌面中解锁后重新检查，或只在内存中保存令牌，直到 Slipway 关闭。",
    memory_only: "Slipway 关闭后令牌即被清除，届时需要重新关联集群。",
    key_lost: "密钥环中已没有此数据文件夹的密钥，无法读取已保存的令牌。请重新关联集群。",
  },
  keyringReason: (reason) => `系统提示：${reason}`,
  checkAgain: "重新检查",
  checking: "正在检查…",
  memoryOnly: "仅保存在内存",
  linkAgain: "K8s 集群",
  neverFile: "令牌绝不会以明文写入文件。",

  about: "关于",
  version: "版本",
  device: "本机",
  deviceHint: "发布记录中的设备名",
  sentOut: "对外发送",
  sentOutText: "只与你关联的集群通信",
};
