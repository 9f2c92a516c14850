import type { EnvironmentName, Rule } from "~/wire/types";
import type { Catalogue } from "./en";
import { environment as en } from "./en/environment";
import { environment as zh } from "./zh/environment";

/** An environment's word; one that a person named in one language only keeps that name in both. */
export function environmentWord(name: EnvironmentName, text: Catalogue): string {
  if (typeof name === "string") return text.environment[name];
  const { own } = name;
  return text.environment === zh ? own.zh || own.en : own.en || own.zh;
}

/** Its words in both languages. */
export function environmentWords(name: EnvironmentName): { en: string; zh: string } {
  if (typeof name !== "string") return name.own;
  return { en: en[name], zh: zh[name] };
}

/** What a person calls it; words that Slipway has itself are no name of their own. */
export function ownEnvironment(words: { en: string; zh: string }): EnvironmentName {
  const known = Object.keys(en) as Extract<EnvironmentName, string>[];
  const same = known.find((name) => en[name] === words.en && zh[name] === words.zh);
  return same ?? { own: words };
}

/** The status of a pod: our word where there is one, else kubectl's own; of what is not known to be so any more, that it was. */
export function statusWord(status: string, stale: boolean, text: Catalogue): string {
  const own = (text.instance.status as Record<string, string | undefined>)[status];
  if (!stale) return own ?? status;
  return own ? text.instance.was(own) : text.instance.wasAsIs(status);
}

/** `get, list pods.metrics.k8s.io` */
export function ruleWord(rule: Rule): string {
  const resource = rule.api_group ? `${rule.resource}.${rule.api_group}` : rule.resource;
  return `${rule.verbs.join(", ")} ${resource}`;
}
