import { type Catalogue, type Format, sayError } from "~/i18n";
import { visible } from "~/kit";
import type { News, NotificationRow } from "~/wire/types";
import { shown } from "./names";

type TransferNews = Extract<News, { kind: "transfers" }>;

/** What has become of files that were on their way, in words for somebody who looks elsewhere. */
export function sayTransfers(
  news: TransferNews,
  error: NotificationRow["error"],
  text: Catalogue,
  format: Format,
): { title: string; text: string } {
  const words = text.notification;
  const { first, count, failed, taken } = news;
  const what = count > 1 ? words.files(format.number(count)) : shown(first.name);
  const pod = visible(first.place.pod).slice(-5);
  const where = first.upload
    ? words.putTo(pod, shown(first.folder))
    : words.broughtTo(shown(first.local));
  if (failed > 0) {
    const some = count > 1 ? words.someOf(format.number(failed), what) : what;
    const said = sayError(error, text);
    const why = [said.title, said.why].filter(Boolean).join(": ");
    return {
      title: first.upload ? words.notUploaded(some) : words.notDownloaded(some),
      text: count > 1 ? `${shown(first.name)}: ${why}` : why,
    };
  }
  if (taken > 0) {
    const some = count > 1 ? words.someOf(format.number(taken), what) : what;
    return { title: words.uploadWaits(some), text: text.file.state.taken };
  }
  return { title: first.upload ? words.uploaded(what) : words.downloaded(what), text: where };
}
