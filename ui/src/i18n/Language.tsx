import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useState,
} from "react";
import { catalogueOf, loadCatalogue } from "./catalogues";
import type { Catalogue } from "./en";
import { Format } from "./format";
import { type Language, languageOf, localeOf } from "./locale";

interface Spoken {
  language: Language;
  text: Catalogue;
  format: Format;
}

const LanguageContext = createContext<Spoken | null>(null);

/**
 * The language of everything below: as set, or the system's. Nothing is drawn before its messages are there; when
 * another is chosen, the one before is spoken until then.
 */
export function LanguageProvider({
  setting,
  children,
}: {
  /** Undefined while it is not known. */
  setting: "system" | Language | undefined;
  children: ReactNode;
}) {
  const system = navigator.language;
  const wanted = setting === undefined ? undefined : languageOf(setting, system);
  const [loaded, setLoaded] = useState<Language>();
  const language = wanted !== undefined && catalogueOf(wanted) ? wanted : loaded;
  useEffect(() => {
    if (wanted === undefined) return;
    let left = false;
    void loadCatalogue(wanted).then(() => {
      if (!left) setLoaded(wanted);
    });
    return () => {
      left = true;
    };
  }, [wanted]);
  useLayoutEffect(() => {
    if (language) document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const text = language && catalogueOf(language);
  if (!language || !text) return null;
  const format = new Format(localeOf(language, system), text);
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
