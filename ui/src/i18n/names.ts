import type { EnvironmentName } from "~/wire/types";
import type { Catalogue } from "./en";

/** An environment's word; one that a person named keeps that name in both languages. */
export function environmentWord(name: EnvironmentName, text: Catalogue): string {
  return typeof name === "string" ? text.environment[name] : name.own;
}
