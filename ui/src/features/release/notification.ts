import type { Catalogue, Format } from "~/i18n";
import { visible } from "~/kit";
import type { News } from "~/wire/types";
import { sayCause } from "./diagnosis";
import { numberOf, tookMs } from "./state";
import { nameOf, sayWhy } from "./train/words";

/** Of a release or a train. */
export interface ReleaseNotification {
  app: string;
  news: Exclude<News, { kind: "transfers" }>;
}

interface Said {
  title: string;
  text: string;
}

/** What has come about, in words for somebody who looks elsewhere; null where there is nothing to tell. */
export function sayNotification(
  { app, news }: ReleaseNotification,
  text: Catalogue,
  format: Format,
): Said | null {
  if (news.kind === "release") return sayRelease(app, news, text, format);
  if (news.stopped === null) {
    return {
      title: text.notification.trainWaits(visible(app), visible(news.row.version)),
      text: text.notification.trainAsks(nameOf(news, news.next)),
    };
  }
  return {
    title: text.notification.trainStopped(visible(app), visible(news.row.version)),
    text: sayWhy(news.stopped.why, news, text, format),
  };
}

function sayRelease(
  app: string,
  { release, batch, batches, by, asks_for_less, diagnosis }: Extract<News, { kind: "release" }>,
  text: Catalogue,
  format: Format,
): Said | null {
  const words = text.notification;
  const place = words.place(visible(app), visible(release.group_name));
  const number = numberOf(release, text);
  const version = visible(release.to_version);
  const person = by === null ? "" : visible(by);
  const why = diagnosis ? sayCause(diagnosis, text, format) : words.by(person);
  if (asks_for_less !== null) {
    const { waits, still } = text.release.below;
    const less = format.number(asks_for_less - 1);
    return {
      title: words.backWaits(place, number),
      text: asks_for_less > 1 ? still(less) : waits,
    };
  }
  switch (release.state) {
    case "resting":
      return {
        title: words.batchDone(place, format.number(batch), format.number(batches)),
        text: words.waits(`${number} · ${version}`),
      };
    case "stopped":
      return { title: words.stopped(place, number), text: why };
    case "failed":
      return { title: words.failed(place, number), text: why };
    case "succeeded":
      return {
        title: words.runs(place, version),
        text: words.succeeded(number, format.duration(tookMs(release, new Date()))),
      };
    case "aborted":
      return { title: words.aborted(place, number), text: words.by(person) };
    case "superseded":
      return { title: words.superseded(place, number), text: words.by(person) };
    default:
      return null;
  }
}
