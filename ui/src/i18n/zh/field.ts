import type { Catalogue } from "../en";

const image: Record<string, string> = {
  repository: "镜像无效：仓库只能用小写字母和数字，各部分以“/”分隔，不含标签",
  tag: "镜像无效：标签只能用字母、数字、“_”、“.”和“-”，最多 128 个字符",
  digest: "镜像无效：摘要为 sha256: 加 64 位十六进制数字",
  no_tag: "镜像需要标签或摘要，例如 name:2.14.0",
};

export const template: Record<string, string> = {
  unclosed: "“{{”在本行没有对应的“}}”；若要写花括号本身，请用“\\{{”",
  bad_key: "不是有效的键：只能用字母、数字、“_”、“-”和“.”",
  empty_key: "花括号之间没有键",
};

export const field: Catalogue["field"] = {
  required: () => "请填写",
  not_a_label: () => "只能用小写字母、数字和“-”，并以字母开头",
  too_long: (p) => `最多 ${p.max} 个字符`,
  names_too_long: (p) => `最多 ${p.max} 个字符：其余长度已被应用名 ${p.app} 占用`,
  taken: () => "名称已被占用",
  not_a_number: () => "请输入整数",
  out_of_range: (p) => `范围为 ${p.min} 到 ${p.max}`,
  not_a_quantity: () => "数字加单位：200m、1.5、512Mi、1Gi",
  not_a_size: () => "数字加单位：512 MiB、2 GiB",
  limit_below_request: (p) => `上限低于请求值 ${p.request}`,
  not_an_image: (p) => image[p.reason ?? ""] ?? `镜像无效：${p.reason}`,
  not_a_deploy_path: () => "以“/”开头和结尾，不含“//”和“..”",
  not_a_path: () => "以“/”开头",
  not_a_file_path: () => "应为类似 conf/app.yml 的路径：不含“//”、“.”、“..”和“:”",
  relative_without_deploy_path: () => "应用没有部署路径：请以“/”开头，或先填写应用的部署路径",
  path_too_long: (p) => `连同部署路径最多 ${p.max} 字节，现为 ${p.length}`,
  path_taken: (p) => `${p.path} 已有另一个文件`,
  file_as_folder: (p) => `${p.path} 是文件，不能同时作为文件夹`,
  not_a_key: () => "只能用字母、数字、“_”、“-”和“.”",
  not_a_template: (p) =>
    `第 ${p.line} 行第 ${p.column} 列：${template[p.reason ?? ""] ?? p.reason}`,
  not_text: () => "不是 UTF-8 文本",
  too_many: (p) => `最多 ${p.max} 个`,
  not_a_variable_name: () => "不是有效的变量名：字母、数字、“_”、“-”和“.”，不能以数字开头",
  too_large: (p) => `最多 ${p.max} 字节`,
  duplicate: () => "重复",
  not_a_share: () => "Pod 数或百分比，例如 2、25%",
  both_zero: () => "最大超出数与最大不可用数不能同时为 0，否则无法替换任何 Pod",
  unknown_port: (p) => `没有名为 ${p.port} 的端口`,
  not_a_service_place: () => "请写成 命名空间/服务:端口。",
  not_a_header: () => "只能用字母、数字和“-”",
  not_a_url: () => "以 http:// 或 https:// 开头，后跟主机名",
  not_a_label_key: () => "不是有效的标签键，例如 disk 或 gpu.example.com/product",
  not_a_label_value: () => "最多 63 个字母、数字、“-”、“_”和“.”，首尾须为字母或数字",
  not_a_resource: () => "域名加“/”加名称，例如 nvidia.com/gpu",
  not_an_object_name: () => "只能用小写字母、数字、“-”和“.”，首尾须为字母或数字",
  not_a_host: () => "主机名，或主机名加端口：registry.example.com:5000",
  not_yaml: (p) =>
    p.reason === "map"
      ? "不是补丁：应为含 metadata 和 spec 的 YAML，与 Deployment 相同"
      : `第 ${p.line} 行第 ${p.column} 列：不是 YAML`,
  not_in_patch: (p) => `补丁不能修改 ${p.path}：它由 Slipway 或表单设置`,
  open_quote: () => "引号未闭合，或行尾有“\\”",
  not_a_port_name: () => "最多 15 个字符：a–z、0–9 和“-”，至少一个字母",
  unknown: () => "请选择已有的项",
  control_characters: () => "包含控制字符",
  fixed: () => "不可再更改",
  not_a_target: () => "请输入端口号或端口名称",
  no_node_port: () => "此类型没有节点端口",
  node_port_taken: () => "集群中的另一个 Service 已占用此节点端口",
  other_name: (p) => `请准确输入 ${p.name}`,
};
