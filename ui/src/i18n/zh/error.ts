import type { ReleaseState } from "~/wire/types";
import type { Catalogue } from "../en";
import { has, moment, type Params, sentences, subject } from "../params";
import { release } from "./release";

const nouns: Record<string, string> = {
  app: "应用",
  group: "分组",
  environment: "环境",
  cluster: "集群",
  release: "发布任务",
};

/** kubeconfig 上下文引用的部分 */
const parts: Record<string, string> = { user: "用户", cluster: "集群" };

/** 容器中的文件遇到了什么 */
const remote: Record<string, (path: string) => string> = {
  missing: (path) => `${path} 不存在`,
  no_folder: (path) => `${path} 不是文件夹`,
  denied: (path) => `容器的用户无权对 ${path} 这样做`,
  read_only: () => "容器的文件系统是只读的",
  full: () => "容器的磁盘已满",
  taken: (path) => `${path} 已存在`,
  differs: (path) => `${path} 到达后与发送的不一致`,
  outside: (path) => `容器发来的 ${path} 指向所选文件夹之外`,
  special: (path) => `${path} 不是文件`,
};

const remoteWhy: Record<string, string> = {
  missing: "列出文件夹之后，它可能已被删除。",
  no_folder: "只有文件夹才能打开，或放入文件。",
  denied: "它的权限不允许。",
  taken: "未替换任何内容。",
  differs: "未替换任何内容。",
  outside: "未保留任何内容。",
  special: "它是设备、管道或套接字。",
};

function stateOf(p: Params): string {
  return release.state[p.state as ReleaseState] ?? p.state ?? "–";
}

const title = sentences({
  internal: () => "Slipway 出现程序错误",
  invalid: () => "有些字段需要修正",
  not_found: (p) =>
    p.what === "context"
      ? `没有上下文 ${p.name}`
      : `${subject(p, nouns)}${has(p, "name") ? " " : ""}已不存在`,
  taken: (p) => (has(p, "name") ? `名称 ${p.name} 已被占用` : `${subject(p, nouns)}已存在`),
  in_use: (p) =>
    p.what === "environment"
      ? "此环境中还有分组"
      : has(p, "name")
        ? `${p.name} 仍在使用中`
        : "仍在使用中",
  bad_call: () => "窗口与核心不一致",
  kubeconfig_not_yaml: () => "kubeconfig 不是有效的 YAML",
  kubeconfig_no_contexts: () => "kubeconfig 中没有上下文",
  kubeconfig_missing: () => "找不到 kubeconfig",
  kubeconfig_dangling: (p) => `上下文 ${p.context} 不完整`,
  kubeconfig_unsupported: (p) =>
    has(p, "context") ? `上下文 ${p.context} 无法使用` : "上下文无法使用",
  certificate_expired: () => "证书已过期",
  exec_not_installed: (p) => `未安装 ${p.program}`,
  exec_failed: (p) => `${p.program} 登录失败`,
  exec_timeout: (p) => `${p.program} 没有响应`,
  oidc_failed: () => "登录失败",
  code_empty: () => "没有授权码",
  code_unknown: () => "这不是授权码",
  code_cut_off: () => "授权码不完整",
  code_typo: () => "授权码有误",
  code_newer: () => "授权码格式较新",
  code_expired: () => "授权码已过期",
  unreachable: () => "无法连接集群",
  wrong_ca: () => "服务器的证书不符",
  nonsense: () => "应答的不是集群",
  unauthorized: () => "集群不接受此凭证",
  forbidden: () => "你的角色不允许此操作",
  timeout: () => "超时未响应",
  link_forgotten: () => "预览已失效",
  unlinked: () => "集群已取消关联",
  no_shell: ({ container }) => `${container} 的镜像中没有 Shell`,
  no_tool: ({ container, tool }) => `${container} 的镜像中没有 ${tool}`,
  remote: ({ what, path }) => remote[what ?? ""]?.(path ?? "–") ?? `无法读写 ${path}`,
  sign_in: (p) => (has(p, "name") ? `${p.name} 需要登录` : "集群需要登录"),
  namespace_gone: (p) =>
    has(p, "namespace") ? `命名空间 ${p.namespace} 已不存在` : "命名空间已不存在",
  changed_elsewhere: (p) => `${has(p, "name") ? p.name : "它"} 已被另一台电脑修改`,
  conflict: () => "有字段由他人管理",
  quota: () => "超出配额",
  rejected: () => "集群拒绝了此操作",
  group_gone: (p) => (has(p, "name") ? `集群中已没有 ${p.name}` : "分组已不存在"),
  release_running: () => "已有发布正在进行",
  elsewhere: () => "此处没有该值",
  file_moved: () => "文件已在别处保存",
  field_moved: () => "集群在此期间有变化",
  merge_moved: () => "其中一方在此期间有变化",
  plan_moved: () => "计划之后集群有变化",
  made_sensitive: (p) => `${p.what} 现在是敏感内容`,
  tag_moved: (p) => `标签 ${p.tag} 在计划之后被移动`,
  registry_missing: (p) => `${p.host} 中没有此内容`,
  registry_refused: (p) => `${p.host} 拒绝访问`,
  registry_limited: (p) => `对 ${p.host} 的请求过于频繁`,
  registry_unreachable: (p) => `无法连接 ${p.host}`,
  registry_plain: (p) => `${p.host} 使用明文 HTTP`,
  registry_broken: (p) => `${p.host} 的应答不符合镜像仓库规范`,
  credential_helper: (p) => `${p.program} 未提供登录信息`,
  docker_config: () => "无法读取 Docker 配置",
  plan_forgotten: () => "计划已失效",
  plan_blocked: () => "计划被阻止",
  not_now: () => "现在无法执行",
  log_gone: () => "日志已不存在",
  deleting: (p) => `正在删除 ${p.name}`,
  import_unknown: () => "这不是导出文件",
  import_broken: () => "导出文件已损坏",
  import_newer: () => "导出文件来自更新版本的 Slipway",
  import_too_large: () => "导出文件过大",
  import_name: () => "已拒绝该导出文件",
  file: () => "无法读取文件",
  held: () => "Deployment 已暂停",
  budget: (p) =>
    has(p, "budget")
      ? `${p.budget} 不允许驱逐这个 Pod`
      : "多个 PodDisruptionBudget 不允许驱逐这个 Pod",
  busy: () => "集群繁忙",
  dismissed: () => "未执行任何操作",
  not_writable: () => "文件夹不可写",
  disk_full: () => "磁盘已满",
  database_newer: () => "数据由更新版本的 Slipway 写入",
  database: () => "无法读取数据",
  keyring_missing: () => "没有密钥环",
  keyring_locked: () => "密钥环已锁定",
  key_lost: () => "密钥环丢失了此数据文件夹的密钥",
});

const why = sentences({
  internal: () => "其他部分不受影响，详情中写明了位置。",
  invalid: (p) => (has(p, "group") ? `分组 ${p.group} 的草稿尚不完整。` : "问题写在各字段下方。"),
  not_found: (p) => (p.what === "context" ? "kubeconfig 中没有它。" : "它在此期间被删除了。"),
  taken: (p) =>
    p.what === "Deployment"
      ? "集群中已有同名的 Deployment，且不是 Slipway 创建的。"
      : p.what === "Service"
        ? "集群中已有同名的 Service，不属于此负载均衡，将保持不变。"
        : "已有同名的对象。",
  in_use: (p) =>
    p.what === "app.balancers"
      ? "它的负载均衡在集群中有 Service，请先删除负载均衡。"
      : p.what === "environment"
        ? `${p.count} 个分组：${p.name}。`
        : `有 ${p.count} 个分组依赖它。`,
  bad_call: () => "安装不完整，或混用了两个版本。",
  kubeconfig_not_yaml: (p) =>
    `${has(p, "file") ? p.file : "粘贴的内容"}，第 ${p.line} 行第 ${p.column} 列${has(p, "reason") ? `：${p.reason}` : ""}`,
  kubeconfig_no_contexts: (p) =>
    has(p, "file") ? `${p.file} 中没有上下文。` : "粘贴的内容中没有上下文。",
  kubeconfig_missing: (p) => `查找位置：${p.file}。`,
  kubeconfig_dangling: (p) => `它引用的${parts[p.what ?? ""] ?? p.what} ${p.name} 不在文件中。`,
  kubeconfig_unsupported: (p) => (has(p, "reason") ? (p.reason ?? "") : `不支持 ${p.what}。`),
  certificate_expired: (p) => `有效期至 ${moment(p.at, "zh-CN")}。`,
  exec_not_installed: (p) => `集群用此程序登录；查找位置：${p.path}。`,
  exec_failed: (p) => p.message ?? "",
  exec_timeout: (p) => `已等待 ${p.seconds} 秒。`,
  oidc_failed: (p) => `${p.issuer}：${p.message}`,
  code_empty: () => "字段或文件为空。",
  code_unknown: () => "授权码以 slw1. 开头。",
  code_cut_off: (p) =>
    has(p, "expected")
      ? `约 ${p.expected} 个字符，只有 ${p.have} 个；聊天软件常会截断长行。`
      : `只有 ${p.have} 个字符，不完整；聊天软件常会截断长行。`,
  code_typo: () => "校验和不符。",
  code_newer: (p) => `格式为 ${p.format}，当前版本不支持。`,
  code_expired: (p) => `有效期至 ${moment(p.at, "zh-CN")}。`,
  unreachable: (p) => `${p.server}：${p.reason}`,
  wrong_ca: (p) =>
    has(p, "reason")
      ? `${p.server}：${p.reason}`
      : `${p.server} 不是关联时的服务器，或其签发机构已更换。`,
  nonsense: (p) =>
    `${p.server} 的应答不符合 Kubernetes API（${p.reason}）。中间可能有代理或登录页面。`,
  unauthorized: (p) =>
    has(p, "reason") ? `${p.server}：${p.reason}` : `${p.server} 返回 401：凭证已过期或被收回。`,
  forbidden: (p) =>
    has(p, "verb")
      ? `集群返回 403：缺少${has(p, "namespace") ? `在 ${p.namespace} 中` : ""}对 ${p.resource} 的 ${p.verb} 权限。`
      : "集群返回 403，未说明缺少哪项权限。",
  timeout: (p) => (has(p, "reason") ? (p.reason ?? "") : `已等待 ${p.seconds} 秒。`),
  link_forgotten: () => "预览只保留十分钟。",
  unlinked: () => "分组在此仍可查看。",
  no_shell: () => "没有程序可以接收输入。",
  no_tool: () => "读取和传输文件需要它。",
  remote: (p) => (has(p, "message") ? `容器提示：${p.message}` : (remoteWhy[p.what ?? ""] ?? "")),
  sign_in: () => "那里的会话已结束。",
  namespace_gone: () => "有人在集群中删除了它。",
  changed_elsewhere: () => "那里的修改与此处待应用的不同。应用将采用此处的定义，覆盖那里的修改。",
  conflict: (p) =>
    !has(p, "manager")
      ? "将要更改的字段由其他程序设置。"
      : has(p, "more") && p.more !== "0"
        ? `${p.manager} 设置了 ${p.field}；另有 ${p.more} 项。`
        : `${p.manager} 设置了 ${p.field}。`,
  quota: (p) => p.message ?? "",
  rejected: (p) => p.message ?? "",
  group_gone: () => "在此期间有人删除了它。",
  // 记录写入之前，发布还没有编号
  release_running: (p) =>
    `${has(p, "by") ? `${p.by} 的 ` : ""}${has(p, "seq") ? p.seq : "发布"} 正在变更此分组。`,
  elsewhere: (p) => `${p.keys} 在另一台电脑上设置，集群中也没有相应的对象。请在此处设置。`,
  field_moved: (p) => `${p.field} 的值已与显示的不同，没有写入任何内容。`,
  file_moved: (p) => `${p.path} 在此处打开之后已由 ${p.by} 保存，没有覆盖任何内容。`,
  merge_moved: () => "草稿或最新的发布已与显示的不同，没有写入任何内容。",
  plan_moved: (p) =>
    has(p, "what") ? `${p.what} 与计划时不同。` : "在此期间有人在集群中更改了它。",
  made_sensitive: () => "计划中仍是明文，因此没有开始。",
  tag_moved: (p) => `计划时指向 ${p.planned}，现在指向 ${p.now}。`,
  registry_missing: (p) => `其中没有 ${p.repository}，或该标签下没有内容。`,
  registry_refused: (p) =>
    [
      p.signed_in === "true"
        ? `当前登录无权访问 ${p.repository}。`
        : `${p.repository} 需要登录后才能查看。`,
      has(p, "message") ? p.message : "",
    ]
      .filter(Boolean)
      .join(" "),
  registry_limited: (p) =>
    has(p, "seconds")
      ? `${p.seconds} 秒后恢复。在您重试之前不会再次请求。`
      : "未说明何时恢复。在您重试之前不会再次请求。",
  registry_unreachable: (p) => p.reason ?? "",
  registry_plain: () => "已按 TLS 请求，但对方没有 TLS。明文下登录信息可能被窃听。",
  registry_broken: (p) => p.reason ?? "",
  credential_helper: (p) => `Docker 将此登录保存在独立程序中：${p.reason}`,
  docker_config: (p) => `${p.path}：${p.reason}`,
  plan_forgotten: () => "计划只保留到 Slipway 关闭。",
  plan_blocked: () => "有检查未通过。",
  not_now: (p) => (has(p, "state") ? `发布状态为“${stateOf(p)}”。` : "有其他操作正在进行。"),
  log_gone: (p) => `集群不再保留 ${p.pod} 的日志。`,
  deleting: () => "请等待删除完成，之后可以恢复。",
  import_unknown: (p) => `它不是由 Slipway 写入的：${p.reason}`,
  import_broken: (p) => `${p.part}：${p.reason}`,
  import_newer: (p) => `格式为 ${p.format}，当前版本支持 ${p.known}。`,
  import_too_large: (p) => `${p.part} 超过 ${p.max} 字节。`,
  import_name: (p) => `其中的名称 ${p.name} 指向文件之外。`,
  file: (p) => `${p.path}：${p.reason}`,
  held: () => "它已暂停，或停在两个批次之间：不会替换任何 Pod。",
  budget: (p) => p.message ?? "",
  busy: (p) => (has(p, "message") ? (p.message ?? "") : "集群要求稍后再试。"),
  dismissed: () => "已关闭或取消。",
  not_writable: (p) => `${p.path}：${p.reason}`,
  disk_full: (p) => p.path ?? "",
  database_newer: (p) => `${p.path} 的版本为 ${p.found}，当前支持 ${p.known}。未做任何改动。`,
  database: (p) => `${p.path}：${p.reason}`,
  keyring_missing: (p) => p.reason ?? "",
  keyring_locked: () => "解锁后才能使用令牌。",
  key_lost: () => "已保存的令牌无法读取，请重新关联集群。",
});

const hint: Catalogue["error"]["hint"] = {
  try_again: "请重试。",
  copy_code_whole: "请完整地重新复制授权码，或从文件读取。",
  ask_owner_for_code: "请向拥有者索取新的授权码。",
  ask_owner_for_role: "请向拥有者申请允许此操作的角色。",
  ask_cluster_admin: "请联系集群管理员。",
  update_slipway: "请更新 Slipway。",
  check_address: "请检查服务器地址。",
  check_vpn: "请检查网络和 VPN。",
  check_ca: "请向集群管理员确认证书是否更换。",
  sign_in_again: "请重新登录。",
  install_program: "请安装该程序，或将其加入 PATH。",
  run_program_in_terminal: "请在终端中运行该程序一次，并按提示操作。",
  choose_another_file: "请选择其他文件。",
  choose_another_name: "请换一个名称。",
  choose_another_group: "请选择其他分组。",
  delete_groups_first: "请先删除其分组。",
  plan_again: "请重新生成发布计划。",
  open_running_release: "请打开正在进行的发布。",
  wait_or_continue: "请等待，或从停止处继续。",
  lower_amounts: "请降低 CPU、内存或副本数，或申请更多配额。",
  free_space: "请释放磁盘空间。",
  choose_another_folder: "请选择其他文件夹。",
  unlock_keyring: "请解锁桌面密钥环，然后重新检查。",
  use_memory_only: "或只在内存中保存令牌，直到 Slipway 关闭。",
  link_again: "请重新关联集群。",
  report_bug: "请复制详情并反馈。",
  check_clock: "请检查本机时钟。",
  compare_versions: "请比较两者后再保存。",
  set_value_here: "请在本机设置该值。",
  registry_sign_in: "请在“制品列表”页面登录镜像仓库。",
  allow_plain: "如果它确实没有 TLS，请在“制品列表”页面允许明文 HTTP。",
  correct_draft: "请打开该分组的编辑页修正。",
  check_repository: "请检查应用的镜像仓库地址。",
  list_again: "请重新列出文件夹。",
  debug_container: "请在旁边添加调试容器，并选用含有它的镜像。",
};

export const error: Catalogue["error"] = { title, why, hint };
