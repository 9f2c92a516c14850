import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { useLayout } from "~/app/page";
import { story } from "~/dev/story";
import { en, Format, zh } from "~/i18n";
import { openWindow } from "~/test/window";
import type { FeedMessage, FileTransfer, News, NotificationRow } from "~/wire/types";
import { sayTransfers } from "./notification";

const english = new Format("en", en);
const chinese = new Format("zh-CN", zh);

type TransferNews = Extract<News, { kind: "transfers" }>;

function news(facts: Partial<TransferNews> = {}, of: Partial<FileTransfer> = {}): TransferNews {
  const first: FileTransfer = {
    id: "t-1",
    place: { group: "group-prod-bj-1", pod: "checkout-api-58d4c9c7f6-w6tkz", container: "app" },
    upload: false,
    folder: "/export/app/logs",
    name: "gc.log",
    local: "/home/lihua/Downloads/gc.log",
    state: { state: "done", compared: "digest", changed: 0, said: "" },
    bytes: 1,
    total: 1,
    files: 1,
    total_files: 1,
    rate: 0,
    left_out: 0,
    begun: "2025-11-20T14:43:00Z",
    ended: "2025-11-20T14:44:00Z",
    ...of,
  };
  return { kind: "transfers", count: 1, failed: 0, taken: 0, first, ...facts };
}

const full: NotificationRow["error"] = {
  code: "disk_full",
  params: { path: "/home/lihua" },
  detail: "",
  hints: [],
  retryable: false,
  fields: [],
};
const why = `${en.error.title.disk_full(full.params)}: ${en.error.why.disk_full(full.params)}`;

it.each([
  [news(), null, "Downloaded gc.log", "It is in /home/lihua/Downloads/gc.log.", "已下载 gc.log"],
  [
    news({ count: 12 }, { upload: true }),
    null,
    "Uploaded 12 files",
    "Into /export/app/logs of w6tkz.",
    "已上传 12 个文件",
  ],
  [news({ failed: 1 }), full, "Could not download gc.log", why, "无法下载 gc.log"],
  [
    news({ count: 12, failed: 2, taken: 1 }, { upload: true }),
    full,
    "Could not upload 2 of 12 files",
    `gc.log: ${why}`,
    "无法上传 12 个文件中的 2 个",
  ],
  [
    news({ taken: 1 }, { upload: true, name: "odd\u202e" }),
    null,
    "The upload of odd<202E> waits for you",
    "Something of this name is there already",
    "odd<202E> 的上传在等您",
  ],
])("%o is said in both languages", (one, error, title, text, titleZh) => {
  expect(sayTransfers(one, error, en, english)).toEqual({ title, text });
  expect(sayTransfers(one, error, zh, chinese).title).toBe(titleZh);
});

beforeEach(() => useLayout.setState(useLayout.getInitialState()));

it("tells of it on the desktop, and a click brings the files to the front", async () => {
  const user = userEvent.setup();
  const core = story(new URLSearchParams("lang=en"));
  const asked: unknown[] = [];
  let tell: (message: FeedMessage) => void = () => {};
  openWindow(
    {
      ...core,
      calls: {
        ...core.calls,
        notification_show: (show: unknown) => {
          asked.push(show);
          return true;
        },
      },
      feeds: {
        ...core.feeds,
        notifications: (_, send) => {
          tell = send;
          send({ kind: "snapshot", seq: 0, rows: [], as_of: "", state: { state: "live" } });
        },
      },
    },
    "/app/app-checkout/running/group-prod-bj-1",
  );
  await user.click(await screen.findByRole("button", { name: "Files of w6tkz" }));
  const tab = await screen.findByRole("tab", { name: "Files · w6tkz" });
  await user.click(await screen.findByRole("button", { name: "Files of b8xqn" }));
  await waitFor(() => expect(tab.getAttribute("aria-selected")).toBe("false"));
  const open = useLayout.getState().tabs.find(({ id }) => id === tab.dataset.tab);
  const pod = open?.kind === "file" ? open.of.pod : "";
  const one = news({}, { place: { group: "group-prod-bj-1", pod, container: "app" } });
  const row: NotificationRow = { id: "t-1/0", app: "checkout-api", news: one, error: null };
  const state = { state: "live" as const };
  act(() => tell({ kind: "delta", seq: 1, upserts: [row], removes: [], as_of: "", state }));
  await waitFor(() => expect(tab.getAttribute("aria-selected")).toBe("true"));
  expect(asked).toEqual([sayTransfers(one, null, en, english)]);
});
