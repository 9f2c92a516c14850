import type { Catalogue } from "./en";
import type { Language } from "./locale";

const loads: Record<Language, () => Promise<Catalogue>> = {
  en: async () => (await import("./en")).en,
  zh: async () => (await import("./zh")).zh,
};

const loaded = new Map<Language, Catalogue>();

/** All messages of a language, once they are loaded. */
export function catalogueOf(language: Language): Catalogue | undefined {
  return loaded.get(language);
}

/** Only the language that is spoken is loaded: the messages are a large part of the window's code. */
export async function loadCatalogue(language: Language): Promise<void> {
  if (!loaded.has(language)) loaded.set(language, await loads[language]());
}
