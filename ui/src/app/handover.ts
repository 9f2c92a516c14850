let code: string | null = null;

/**
 * Hands an authorization code from the first run to the dialog that lets the core look at it. It stands in no URL and in
 * no storage on the way.
 */
export function handCode(handed: string): void {
  code = handed;
}

/** The code that was handed over, once. */
export function takeCode(): string | null {
  const taken = code;
  code = null;
  return taken;
}
