import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";
import { ask, followNotifications } from "~/data";
import { useFormat, useText } from "~/i18n";
import type { Notification } from "~/wire/types";

/**
 * Says in the language of the window what the core has to tell; the shell shows it unless the window is in front. A
 * click on it leads to the release, or to the train.
 */
export function useNotifications(): void {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const tell = useEffectEvent(async (notification: Notification) => {
    const { sayNotification } = await import("~/features/release/notification");
    const { news } = notification;
    const said = sayNotification(notification, text, format);
    if (said === null || !(await ask("notification_show", said))) return;
    const { app, id } = news.kind === "release" ? news.release : news.row;
    await (news.kind === "release"
      ? navigate({ to: "/app/$app/releases/$release", params: { app, release: id } })
      : navigate({ to: "/app/$app/releases/trains/$train", params: { app, train: id } }));
  });
  // That somebody could not be told changes nothing of what happened.
  useEffect(() => followNotifications((one) => void tell(one).catch(() => {})), []);
}
