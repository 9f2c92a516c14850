import type { Catalogue } from "../en";
import { digest, moment } from "../params";
import { template } from "./field";

export const plan: Catalogue["release"]["plan"] = {
  group: "分组",
  image: "镜像",
  imagePlaceholder: "标签或完整引用",
  imageHint: "应用仓库中的标签或摘要，或完整的镜像引用。",
  runsHere: (version) => `当前运行：${version}`,
  runsNothing: "这里还没有运行任何版本",
  runsOn: (groups) => `运行于 ${groups}`,
  use: "使用",
  taken: "已选择",
  takeVersion: (version) => `使用 ${version}`,
  running: "当前运行的版本",
  readOnly: "已取消关联",
  wrongFields: (count) => `${count} 个字段需修正`,

  title: "发布计划",
  checkedAt: (time) => `${time} 已与集群核对`,
  checking: "正在与集群核对…",
  checkAgain: "重新检查",
  chooseFirst: "请选择分组和镜像",
  chooseFirstText: "随后显示与集群核对过的发布计划。",
  preflight: "发布前检查",
  check: {
    permissions: "权限",
    dry_run: "服务端试运行",
    ownership: "字段由谁管理",
    alone: "其他发布",
    meanwhile: "期间的发布",
    replica_owner: "副本数由谁管理",
    deployment: "Deployment 现状",
    quota: "配额",
    room: "节点余量",
    budget: "中断预算",
    ports: "健康检查端口",
    config: "配置",
    image: "镜像存在",
    platform: "架构匹配",
    pull_secret: "拉取密钥可用",
    balancers: "负载均衡",
    gpu: "GPU",
    helper: "辅助镜像",
  },
  found: {
    permissions: {
      ok: () => "齐全",
      missing: (p) => `缺少：${p.rules}`,
    },
    dry_run: {
      ok: () => "已接受",
      refused: (p) => `被拒绝：${p.message}`,
    },
    ownership: {
      ok: () => "本分组",
      ours: (p) => `由 Slipway 以其他方式写入，将接管：${p.fields}`,
      conflict: (p) =>
        p.count === "1"
          ? `${p.manager} 设置了 ${p.field}`
          : `${p.manager} 设置了 ${p.field}，共 ${p.count} 个字段`,
    },
    alone: {
      ok: () => "没有进行中的发布",
      running: (p) => `${p.by} 的 ${p.seq} 正在进行`,
      held: (p) => `${p.by} 正在变更此分组`,
      newer: (p) => `有一个记录版本为 ${p.version} 的发布未结束，请更新 Slipway`,
      buried: (p) => `${p.by} 已于 ${moment(p.at, "zh-CN")} 删除此分组，发布会将其恢复`,
    },
    meanwhile: {
      takes_back: (p) => `会改回 ${p.by} 在 ${p.seq} 中改动的 ${p.count} 个字段：${p.fields}`,
    },
    replica_owner: {
      ok: () => "本分组",
      hpa: (p) => `自动伸缩（${p.min}–${p.max}），发布不改变副本数`,
      hpa_batches: (p) => `自动伸缩 ${p.name}（${p.min}–${p.max}）：副本数变化时会重新划分批次`,
      unseen: () => "你的角色不能读取自动伸缩，无法确认副本数是否会变化",
    },
    deployment: {
      ok: () => "没有其他变更",
      paused: () => "有人将其暂停：请询问对方，或用 kubectl rollout resume 恢复后重新检查",
      recreate: () => "类型为 Recreate：本次发布会改为滚动，两个版本将同时运行",
      mixed: (p) =>
        `${p.versions} 个版本同时在运行，且没有进行中的 Slipway 发布：请等其结束，或将其撤销`,
      unseen: () => "你的角色不能读取 ReplicaSet，无法确认是否有两个版本在运行",
    },
    quota: {
      ok: () => "足够",
      none: () => "命名空间没有配额",
      tight: (p) =>
        `${p.quota} 的 ${p.resource} 还剩 ${p.free}，发布还想要 ${p.need}：可能会停在那里，直到有余量`,
      full: (p) =>
        `${p.quota} 允许 ${p.resource} ${p.hard}，已用 ${p.used}，还需 ${p.need}：请释放、提高配额，或允许期间少一个 Pod`,
      objects: (p) =>
        `${p.quota} 允许 ${p.hard} 个 ${p.resource}，已用 ${p.used}，还需 ${p.need}：请删除一些，或提高配额`,
      unsaid: (p) =>
        `${p.quota} 统计 ${p.resource}，而分组未填写：除非命名空间有默认值，Pod 会被拒绝`,
      unseen: () => "你的角色不能读取配额，无法确认是否足够",
    },
    room: {
      ok: (p) => (p.pods === "0" ? "不需要更多 Pod" : `还可容纳 ${p.fits} 个 Pod`),
      tight: (p) =>
        `额外 ${p.pods} 个 Pod 中可容纳 ${p.fits} 个（每个 ${p.need}）：可能会停在那里，直到有余量`,
      full: (p) =>
        `还需 ${p.pods} 个 Pod，可容纳 ${p.fits} 个（每个 ${p.need}）：请释放、增加节点，或允许期间少一个 Pod`,
      large: (p) => `可用的节点都小于一个 Pod：${p.need}`,
      unseen: () => "你的角色不能查看节点及其 Pod，无法确认余量",
    },
    budget: {
      ok: (p) => `${p.name} 要求 ${p.wanted} 个就绪，发布保持 ${p.ready} 个`,
      none: () => "这些 Pod 没有中断预算",
      below: (p) => `${p.name} 要求 ${p.wanted} 个就绪，发布保持 ${p.ready} 个：期间无法排空节点`,
      several: (p) => `${p.names} 针对相同的 Pod：Kubernetes 将无法驱逐它们`,
      unseen: () => "你的角色不能读取中断预算，无法确认是否受影响",
    },
    ports: {
      ok: () => "容器已声明",
      unnamed: (p) => `${p.probe} 访问端口 ${p.port}，而容器没有此名称的端口：将始终失败`,
      undeclared: (p) => `${p.probe} 访问端口 ${p.port}，没有容器声明它：仅当有容器监听时才有效`,
    },
    config: {
      ok: () => "所有占位符都有值",
      unset: (p) => `${p.file} 第 ${p.line} 行：${p.key} 没有值，也没有默认值`,
      template: (p) =>
        `${p.file} 第 ${p.line} 行第 ${p.column} 列：${template[p.reason ?? ""] ?? p.reason}`,
      path: (p) =>
        p.other ? `${p.file} 与 ${p.other} 不能同时存在` : `${p.file} 不是有效的文件路径`,
      too_large: (p) => `${p.file} 将有 ${p.size} 字节，最多 ${p.max}`,
      variables: (p) => `变量合计将有 ${p.size} 字节，最多 ${p.max}，最大的是 ${p.file}`,
      elsewhere: (p) => `此处没有这些值，集群中也没有：${p.keys}`,
      gone: (p) =>
        `集群中已没有当时的 Secret，本机也没有 ${p.keys} 的值：请仅回滚镜像，或重新设置后再发布`,
      newer: (p) =>
        `该记录由更新版本的 Slipway 写入（版本 ${p.version}）：请更新 Slipway，或仅回滚镜像`,
      made_sensitive: (p) => `${p.what} 当时为明文，现已设为敏感：请仅回滚镜像，或重新发布`,
      unused: (p) => `没有被使用的值：${p.keys}`,
    },
    image: {
      ok: (p) => digest(p.digest),
      missing: (p) => `镜像仓库中没有 ${p.image}：请推送，或选择其他标签`,
      other: (p) => `${p.image} 不是镜像，而是 ${p.kind}：请选择其他标签`,
      refused: (p) => `镜像仓库未告知本机是否有 ${p.image}：请在“制品列表”页面登录`,
      limited: (p) =>
        p.seconds
          ? `对镜像仓库的请求过于频繁：请在 ${p.seconds} 秒后重新检查`
          : "对镜像仓库的请求过于频繁：请稍后重新检查",
      plain: () => "镜像仓库使用明文 HTTP：如果确实如此，请在“制品列表”页面允许",
      silent: (p) => `无法确认 ${p.image} 是否存在：${p.reason}`,
    },
    platform: {
      ok: (p) => p.need ?? "",
      unseen: (p) => `镜像适用于 ${p.has}；你的角色不能查看节点架构`,
      none: (p) => `镜像适用于 ${p.has}，节点为 ${p.need}：请为节点架构构建`,
      some: (p) =>
        `镜像适用于 ${p.has}，${p.all} 个节点中 ${p.fits} 个匹配（${p.need}）：请按标签选择节点，或为所有架构构建`,
    },
    pull_secret: {
      ok: (p) => `${p.name} 存在；你的角色不能读取，无法确认是否可用`,
      login: (p) =>
        `${p.name} 存在，且本机在 ${p.host} 的登录可用；你的角色不能读取，无法确认是否相同`,
      works: (p) => `已用 ${p.name} 在 ${p.host} 试过`,
      missing: (p) => `命名空间中没有 ${p.name}，无法拉取非公开镜像`,
      other_host: (p) => `${p.name} 中没有 ${p.host} 的登录：请创建包含它的密钥`,
      unreadable: (p) => `${p.name} 不是镜像拉取密钥：请另建一个`,
      refused: (p) => `${p.host} 不接受 ${p.name} 中的登录：请重新创建`,
      untried: (p) => `无法试用 ${p.name}：${p.host} 没有应答`,
      needed: (p) => `${p.host} 需要登录，而分组没有拉取密钥：请选择一个，除非节点自带登录`,
    },
    balancers: {
      ok: () => "端口均存在",
      target: (p) => `${p.balancer} 指向端口 ${p.port}，此分组没有该端口`,
    },
    gpu: {
      ok: (p) => `${p.nodes} 个节点提供`,
      none: (p) => `没有节点提供 ${p.resource}，也没有其他 GPU`,
      other: (p) => `没有节点提供 ${p.resource}；现有 ${p.others}`,
      product: (p) => `带有 ${p.labels} 的节点均不提供 ${p.resource}`,
      most: (p) => `每个 Pod 需要 ${p.count} 个，单个节点最多 ${p.most} 个`,
      cordoned: (p) => `提供 ${p.resource} 的节点目前不接受新的 Pod`,
      unknown: (p) => `你的角色不能列出节点，无法确认是否有节点提供 ${p.resource}`,
    },
    helper: {
      ok: () => "镜像仓库中存在",
      missing: (p) => `镜像仓库中没有 ${p.image}`,
      refused: (p) => `镜像仓库未告知是否有 ${p.image}`,
      silent: (p) => `无法确认 ${p.image} 是否存在：${p.reason}`,
    },
  },
  level: {
    ok: "通过",
    warning: "需要留意",
    blocks: "阻止发布",
  },
  blocked: (count) => `有 ${count} 项检查阻止发布。`,
  blockedWhy: "发布计划被阻止",

  strategy: "策略",
  rolling: "滚动部署，由集群自行完成",
  from: (from, to) => `${from} → ${to}`,
  first: "此分组的首次发布",
  same: "镜像不变，仅修改设置",
  pods: "Pod",
  cluster: "集群",
  workload: "Deployment",
  extra: (count) => `最多多出 ${count} 个`,
  noExtra: "不多出 Pod",
  never: (count) => `始终不少于 ${count} 个`,
  extraAndNever: (extra, never) => `${extra}，${never}`,
  firstPods: (count) => `将创建 ${count} 个 Pod`,
  noPods: "没有 Pod：副本数为 0，仅更新模板",
  now: "现在",
  between: "过程中最多",
  after: "完成后",
  afterBatch: (number) => `第 ${number} 批后`,
  waitsApproval: "等待确认",
  waitsFor: (time) => `等待 ${time}`,
  thenDone: "随后完成",
  more: (count) => `… 还有 ${count} 批`,
  objects: "配置",

  changes: "改动内容",
  added: (count) => `+${count}`,
  removed: (count) => `−${count}`,
  noChanges: "与集群中的对象相比没有变化。",
  live: "当前 → 服务端将保存的内容",
  unchanged: (count) => `${count} 行未变`,

  note: "备注",
  notePlaceholder: "发布原因，写入历史",
  deploy: (group) => `部署到 ${group}`,
  deployDialog: (group) => `部署到 ${group}…`,
  deployBare: "部署",
  deploying: "正在部署…",
  confirmTitle: (group) => `部署到 ${group}？`,
  confirmText: (environment, cluster) =>
    `${environment}环境受保护。此操作将替换 ${cluster} 上的 Pod。`,
  confirmAction: (environment, group) => `部署到${environment} · ${group}`,
  planAgain: "重新生成计划",
  openRunning: "打开进行中的发布",
  noGroups: "没有可发布的分组",
  noGroupsText: "一次发布将一个分组更新到一个镜像。请先创建分组。",
};
