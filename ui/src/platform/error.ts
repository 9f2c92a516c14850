import type { ApiError, Code, FieldError, Hint } from "~/wire/types";

/** What the core answers when something failed or is not allowed now, as an Error. `detail` is the message. */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly code: Code;
  readonly params: Record<string, string>;
  readonly hints: Hint[];
  readonly retryable: boolean;
  /** For `invalid`: which fields, and why. */
  readonly fields: FieldError[];

  constructor(body: ApiError) {
    super(body.detail);
    this.code = body.code;
    this.params = body.params;
    this.hints = body.hints;
    this.retryable = body.retryable;
    this.fields = body.fields;
  }

  get detail(): string {
    return this.message;
  }

  /** Whatever was thrown, as a CallError; what is not the core's own answer becomes `internal`. */
  static from(thrown: unknown): CallError {
    if (thrown instanceof CallError) return thrown;
    if (isBody(thrown)) {
      return new CallError({ ...thrown, params: thrown.params ?? {}, fields: thrown.fields ?? [] });
    }
    const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return new CallError({
      code: "internal",
      params: {},
      detail,
      hints: ["report_bug"],
      retryable: false,
      fields: [],
    });
  }
}

function isBody(thrown: unknown): thrown is ApiError {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    "code" in thrown &&
    typeof thrown.code === "string" &&
    "detail" in thrown &&
    typeof thrown.detail === "string" &&
    "hints" in thrown &&
    Array.isArray(thrown.hints)
  );
}
