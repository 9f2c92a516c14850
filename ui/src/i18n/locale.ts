export type Language = "en" | "zh";

/**
 * The system's locale when Intl takes it. With LANG=C, WebKitGTK says "C", and every Intl constructor would throw.
 */
export function safeLocale(wanted: string | undefined): string {
  if (!wanted) return "en";
  try {
    return Intl.NumberFormat.supportedLocalesOf(wanted)[0] ?? "en";
  } catch {
    return "en";
  }
}

export function languageOf(setting: "system" | Language, system: string | undefined): Language {
  if (setting !== "system") return setting;
  return safeLocale(system).toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Formats follow the system's region where it speaks the chosen language. */
export function localeOf(language: Language, system: string | undefined): string {
  const locale = safeLocale(system);
  if (locale.toLowerCase().startsWith(language)) return locale;
  return language === "zh" ? "zh-CN" : "en";
}
