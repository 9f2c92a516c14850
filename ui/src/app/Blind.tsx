import { useFeed } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Status } from "~/kit";

/** Since when nothing is known of a cluster, and when it is asked again; nothing while it answers. */
export function Blind({ link, name }: { link: string; name: string }) {
  const format = useFormat();
  const words = useText().diff;
  const clusters = useFeed({ kind: "clusters" });
  const session = clusters.rows.find(({ id }) => id === link)?.session;
  if (!session || !("since" in session)) return null;
  const again = "retry_at" in session ? session.retry_at : null;
  return (
    <Status state="stale">
      {again
        ? words.blindRetrying(name, format.dateTime(session.since), format.time(again))
        : words.blind(name, format.dateTime(session.since))}
    </Status>
  );
}
