import type { ApiError, FieldError } from "~/wire/types";
import type { Catalogue } from "./en";
import { withDashes } from "./params";

export interface SaidError {
  title: string;
  why?: string | undefined;
  hints: string[];
  /** Which fields, and what is wrong with each. */
  fields: { field: string; said: string }[];
  details: string;
  retryable: boolean;
}

/** An error of the core in the person's language: by code and parameters, never its English text. */
export function sayError(error: unknown, text: Catalogue): SaidError {
  const body = error as Partial<ApiError> | null;
  const code =
    typeof body?.code === "string" && body.code in text.error.title ? body.code : "internal";
  const params = withDashes(body?.params ?? {});
  const detail = body?.detail ?? (error instanceof Error ? error.message : String(error));
  const why = text.error.why[code](params);
  return {
    title: text.error.title[code](params),
    why: why === "" ? undefined : why,
    hints: (body?.hints ?? []).map((hint) => text.error.hint[hint]).filter(Boolean),
    fields: (body?.fields ?? []).map((one) => ({
      field: one.field,
      said: sayFieldError(one, text),
    })),
    details: [
      `${code}: ${detail}`,
      ...Object.entries(body?.params ?? {}).map(([name, value]) => `${name}: ${value}`),
      ...(error instanceof Error && error.stack && code === "internal" ? [error.stack] : []),
    ].join("\n"),
    retryable: body?.retryable ?? false,
  };
}

/** The sentence under a field. */
export function sayFieldError(error: FieldError, text: Catalogue): string {
  return text.field[error.code](withDashes(error.params));
}
