import type { FieldChange } from "~/wire/types";
import type { Catalogue } from "./en";
import type { Format } from "./format";
import { digest } from "./params";

type Fields = Record<string, unknown>;

/** What becomes of a field: from one value to another, or a word that stands for both. */
export type SaidChange =
  | { word: string }
  | { word?: undefined; before: string | null; after: string | null };

interface Spoken {
  text: Catalogue;
  format: Format;
}

/** A change in words. Of a file only how much changed is told, of what is sensitive not even that. */
export function sayChange(change: FieldChange, text: Catalogue, format: Format): SaidChange {
  const { section, field, before, after, hidden, count } = change;
  if (hidden) return { word: before === null ? text.value.hidden : text.diff.hidden };
  if (section === "files") {
    if (before === null) return { word: text.value.added };
    if (after === null) return { word: text.value.removed };
    return { word: text.diff.fileChanges(count, format.number(count)) };
  }
  if (/(^|\.)image$/.test(field) && typeof before === "string" && typeof after === "string") {
    return sayImages(before, after);
  }
  const value = (one: unknown) => sayValue(field, one, text, format);
  return { before: value(before), after: value(after) };
}

/** Two images by what tells them apart: tags of one repository, else digests of one tag, else all but the digest. */
function sayImages(before: string, after: string): SaidChange {
  const [old, fresh] = [partsOf(before), partsOf(after)];
  const near = old.repository === fresh.repository;
  const short = ({ repository, tag, hash }: typeof old) => {
    if (!near) return tag ? `${repository}:${tag}` : repository;
    return tag && old.tag !== fresh.tag ? tag : [tag, digest(hash)].filter(Boolean).join("@");
  };
  return { before: short(old), after: short(fresh) };
}

function partsOf(image: string) {
  const [name = "", hash = ""] = image.split("@");
  // A colon before the last slash is a port's.
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  return colon < 0
    ? { repository: name, tag: "", hash }
    : { repository: name.slice(0, colon), tag: name.slice(colon + 1), hash };
}

/**
 * A field's value in words: of a group's form, or of a Deployment. Null where nothing is set. What the window does not
 * know is said key by key, and never as code.
 */
export function sayValue(
  field: string,
  value: unknown,
  text: Catalogue,
  format: Format,
): string | null {
  const spoken = { text, format };
  if (field === "strategy.batches") {
    return isFields(value) ? batches(value, spoken) : text.groupForm.rolling;
  }
  if (value === null || value === undefined) return null;
  if (field === "strategy.max_surge") return text.value.more(share(value, spoken));
  if (field === "strategy.max_unavailable") return text.value.fewer(share(value, spoken));
  return say(field.split(".").at(-1) ?? "", value, spoken);
}

function say(key: string, value: unknown, spoken: Spoken): string {
  const { text, format } = spoken;
  if (typeof value === "number" && /(^|_)seconds$/.test(key)) return format.duration(value * 1000);
  if (Array.isArray(value)) {
    const apart = value.every((item) => typeof item === "string") ? " " : ", ";
    return value.map((item) => say("", item, spoken)).join(apart) || text.value.empty;
  }
  return isFields(value) ? object(value, spoken) : String(value);
}

function object(value: Fields, spoken: Spoken): string {
  const { text } = spoken;
  const only = Object.keys(value).length === 1 ? Object.keys(value)[0] : undefined;
  if ("max_surge" in value) return strategy(value, spoken);
  if ("check" in value) {
    const { check, ...timing } = value;
    return `${say("", check, spoken)}; ${pairs(timing, spoken)}`;
  }
  if (only === "http") return request(value.http as Fields, spoken);
  if (only === "tcp") return `TCP ${say("", value.tcp, spoken)}`;
  if (only === "command") return say("", value.command, spoken);
  if (only === "wait")
    return `${text.groupForm.waitForUrl}: ${pairs(value.wait as Fields, spoken)}`;
  if (value.kind === "approval" || value.kind === "wait") return pace(value, spoken);
  if ("resource" in value && "count" in value) return `${value.count} × ${value.resource}`;
  if ("port" in value && "protocol" in value) {
    return [value.name, value.port, value.protocol].filter(Boolean).join(" ");
  }
  return pairs(value, spoken) || text.value.empty;
}

/** Each key that says something, by the word of the form where it has one. */
function pairs(value: Fields, spoken: Spoken): string {
  const labels: Record<string, string> = spoken.text.value.label;
  return Object.entries(value)
    .filter(([, each]) => says(each))
    .map(([key, each]) => `${labels[key] ?? key} ${say(key, each, spoken)}`)
    .join(", ");
}

function says(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return false;
  return typeof value !== "object" || Object.values(value).some(says);
}

function request({ scheme, path, port, headers }: Fields, spoken: Spoken): string {
  const asked = `${scheme} ${path}, ${spoken.text.groupForm.port} ${port}`;
  const sent = Array.isArray(headers) ? headers.map(({ name, value }) => `${name}: ${value}`) : [];
  return [asked, ...sent].join(", ");
}

function strategy(value: Fields, spoken: Spoken): string {
  const { text } = spoken;
  const { max_surge, max_unavailable, batches: split, ...timing } = value;
  const limits = text.value.limits(share(max_surge, spoken), share(max_unavailable, spoken));
  const how = isFields(split) ? batches(split, spoken) : text.groupForm.rolling;
  return [text.value.moves(how, limits), pairs(timing, spoken)].filter(Boolean).join("; ");
}

function batches(value: Fields, spoken: Spoken): string {
  const { text, format } = spoken;
  const words = text.value;
  if (value.kind === "even") {
    const number = Number(value.number);
    return [
      words.batches(number, format.number(number)),
      ...(says(value.canary) ? [words.first(share(value.canary, spoken))] : []),
      ...(isFields(value.pace) ? [words.afterEach(pace(value.pace, spoken))] : []),
    ].join(words.comma);
  }
  const steps = Array.isArray(value.steps) ? (value.steps as Fields[]) : [];
  const paces = steps.map((step) => (isFields(step.pace) ? pace(step.pace, spoken) : ""));
  const alike = paces.every((one) => one === paces[0]);
  const sizes = steps.map((step, at) => {
    const size = share(step.size, spoken);
    return alike ? size : words.followed(size, paces[at] ?? "");
  });
  const split = words.explicit([...sizes, text.groupForm.rest].join(" · "));
  return alike && paces[0] ? [split, words.afterEach(paces[0])].join(words.comma) : split;
}

function pace(value: Fields, { text, format }: Spoken): string {
  return value.kind === "approval"
    ? text.value.approval
    : text.value.wait(format.duration(Number(value.seconds) * 1000));
}

/** `3` or `25%`, as people type it. */
function share(value: unknown, { format }: Spoken): string {
  const [, digits = "", percent] = /^(\d+)(%?)$/.exec(String(value)) ?? [];
  if (digits === "") return String(value);
  return percent ? format.percent(Number(digits) / 100) : format.number(Number(digits));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
