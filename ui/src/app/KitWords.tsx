import type { ReactNode } from "react";
import { sayError, useFormat, useText } from "~/i18n";
import { KitProvider, type Words } from "~/kit";
import { copyText } from "~/platform";

/** Gives the kit its words in the chosen language. */
export function KitWords({ children }: { children: ReactNode }) {
  const text = useText();
  const format = useFormat();
  const words: Words = {
    ...text.common,
    staleSince: (at) => text.common.staleSince(format.time(at)),
    unreachedRetrying: (what, seconds) =>
      text.common.unreachedRetrying(what, format.duration(seconds * 1000)),
    readyOf: (ready, desired) => text.common.readyOf(format.number(ready), format.number(desired)),
    relativeTime: (at, now) => format.relative(at, now),
    exactTime: (at) => format.exact(at),
    describeError: (error) => sayError(error, text),
    copyText,
  };
  return <KitProvider words={words}>{children}</KitProvider>;
}
