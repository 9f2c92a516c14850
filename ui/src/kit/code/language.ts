/** What a file is written in, as far as colours go. */
export type CodeLanguage =
  | "yaml"
  | "json"
  | "xml"
  | "properties"
  | "toml"
  | "shell"
  | "nginx"
  | "plain";

const byEnd: Record<string, CodeLanguage> = {
  yaml: "yaml",
  yml: "yaml",
  json: "json",
  json5: "json",
  xml: "xml",
  html: "xml",
  svg: "xml",
  properties: "properties",
  ini: "properties",
  cfg: "properties",
  cnf: "properties",
  env: "properties",
  toml: "toml",
  sh: "shell",
  bash: "shell",
  conf: "nginx",
};

/** The language that a path's ending stands for. */
export function languageOfPath(path: string): CodeLanguage {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return byEnd[name.slice(name.lastIndexOf(".") + 1)] ?? "plain";
}

/** The word for it, the same in every language. */
export const languageNames: Record<CodeLanguage, string> = {
  yaml: "YAML",
  json: "JSON",
  xml: "XML",
  properties: "properties",
  toml: "TOML",
  shell: "Shell",
  nginx: "conf",
  plain: "text",
};

/** A placeholder, or an escaped brace pair that only looks like one. */
export const placeholderPattern = () => /\\?\{\{[^{}\n]*\}\}/g;

/** The key of a placeholder as it is written; undefined for an escaped one. */
export function placeholderKey(written: string): string | undefined {
  if (written.startsWith("\\")) return undefined;
  return written.slice(2, -2).split("|", 1)[0]?.trim();
}
