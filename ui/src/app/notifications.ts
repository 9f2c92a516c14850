import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";
import { ask, followNotifications } from "~/data";
import { useFormat, useText } from "~/i18n";
import type { NotificationRow } from "~/wire/types";
import { showFiles } from "./file/open";

/**
 * Says in the language of the window what the core has to tell; the shell shows it unless the window is in front. A
 * click on it leads to the release, to the train, or to the files.
 */
export function useNotifications(): void {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const tell = useEffectEvent(async ({ app, news, error }: NotificationRow) => {
    if (news.kind === "transfers") {
      const { sayTransfers } = await import("./file/notification");
      if (await ask("notification_show", sayTransfers(news, error, text, format))) {
        showFiles(news.first.place);
      }
      return;
    }
    const { sayNotification } = await import("~/features/release/notification");
    const said = sayNotification({ app, news }, text, format);
    if (said === null || !(await ask("notification_show", said))) return;
    const { app: of, id } = news.kind === "release" ? news.release : news.row;
    await (news.kind === "release"
      ? navigate({ to: "/app/$app/releases/$release", params: { app: of, release: id } })
      : navigate({ to: "/app/$app/releases/trains/$train", params: { app: of, train: id } }));
  });
  // That somebody could not be told changes nothing of what happened.
  useEffect(() => followNotifications((one) => void tell(one).catch(() => {})), []);
}
