import { createContext, type ReactNode, useContext, useLayoutEffect } from "react";
import { type Catalogue, en } from "./en";
import { Format } from "./format";
import { type Language, languageOf, localeOf } from "./locale";
import { zh } from "./zh";

const catalogues: Record<Language, Catalogue> = { en, zh };

interface Spoken {
  language: Language;
  text: Catalogue;
  format: Format;
}

const LanguageContext = createContext<Spoken | null>(null);

/** The language of everything below: as set, or the system's. */
export function LanguageProvider({
  setting,
  children,
}: {
  setting: "system" | Language;
  children: ReactNode;
}) {
  const system = navigator.language;
  const language = languageOf(setting, system);
  const text = catalogues[language];
  const format = new Format(localeOf(language, system), text);
  useLayoutEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  return <LanguageContext value={{ language, text, format }}>{children}</LanguageContext>;
}

function useSpoken(): Spoken {
  const spoken = useContext(LanguageContext);
  if (!spoken) throw new Error("text is used outside its LanguageProvider");
  return spoken;
}

/** All messages in the chosen language: `t.group.deploy`. */
export function useText(): Catalogue {
  return useSpoken().text;
}

export function useFormat(): Format {
  return useSpoken().format;
}

export function useLanguage(): Language {
  return useSpoken().language;
}
