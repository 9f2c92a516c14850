import type { ReactNode } from "react";
import { sayError, useFormat, useText } from "~/i18n";
import { Bar, Button } from "~/kit";
import type { CallError } from "~/platform";

/** The registry could not be asked: why, since when the list is what it is, and what to do. */
export function Trouble({
  error,
  read,
  onRetry,
  children,
}: {
  error: CallError;
  read: string | null;
  onRetry: () => void;
  children?: ReactNode;
}) {
  const text = useText();
  const format = useFormat();
  const said = sayError(error, text);
  return (
    <Bar
      kind="stale"
      title={
        read ? `${text.common.staleSince(format.time(read))} ${said.title}.` : `${said.title}.`
      }
      actions={
        <>
          {children}
          <Button small onClick={onRetry}>
            {text.common.tryAgain}
          </Button>
        </>
      }
    >
      {said.why} · {text.artifact.kept}
    </Bar>
  );
}
