import { visible } from "~/kit";

/** Bytes that are no UTF-8 stand in a path as these private characters, one a byte. */
const NO_TEXT = /[\uf780-\uf7ff]/g;

/** A name or path as it can be shown on one line. */
export function shown(path: string): string {
  return visible(path.replace(/[\t\n\r]/g, (sign) => visibleBreak(sign))).replace(
    NO_TEXT,
    (sign) => `\\x${(sign.charCodeAt(0) - 0xf700).toString(16)}`,
  );
}

function visibleBreak(sign: string): string {
  return String.fromCharCode(0x2400 + sign.charCodeAt(0));
}

export function joined(folder: string, name: string): string {
  return folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}

/** The folder around, and the name of this one in it. Null at the root. */
export function above(folder: string): { folder: string; name: string } | null {
  const at = folder.lastIndexOf("/");
  const name = folder.slice(at + 1);
  return name === "" ? null : { folder: folder.slice(0, at) || "/", name };
}

/** What is typed, from where one is: `..`, `logs`, `/etc`. */
export function resolved(typed: string, from: string): string {
  const parts = typed.startsWith("/") ? [] : from.split("/");
  for (const part of typed.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return `/${parts.filter(Boolean).join("/")}`;
}
