export type { Catalogue } from "./en";
export { en } from "./en";
export { type SaidError, sayError, sayFieldError } from "./errors";
export { Format } from "./format";
export { LanguageProvider, useFormat, useLanguage, useText } from "./Language";
export { type Language, languageOf, localeOf, safeLocale } from "./locale";
export { environmentWord, environmentWords, ownEnvironment } from "./names";
export { type SaidChange, sayChange, sayValue } from "./values";
export { zh } from "./zh";
