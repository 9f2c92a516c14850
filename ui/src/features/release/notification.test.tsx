import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { story } from "~/dev/story";
import { en, Format, zh } from "~/i18n";
import { openWindow } from "~/test/window";
import type { FeedMessage, News, NotificationRow, ReleaseState, TrainView } from "~/wire/types";
import { type ReleaseNotification, sayNotification } from "./notification";

const english = new Format("en", en);
const chinese = new Format("zh-CN", zh);

type ReleaseNews = Extract<News, { kind: "release" }>;

type Told = NotificationRow & ReleaseNotification;

function news(state: ReleaseState, facts: Partial<ReleaseNews> = {}): Told {
  return { id: "r/7", app: "checkout-api", news: { ...released(state), ...facts }, error: null };
}

function released(state: ReleaseState): ReleaseNews {
  return {
    kind: "release",
    release: {
      id: "r",
      app: "a",
      group: "g",
      group_name: "prod-sh-1",
      environment: { id: "p", name: "production", order: 3, colour: "prod", protected: true },
      seq: 28,
      state,
      stage: "move",
      from_version: "2.13.4",
      to_version: "2.14.0",
      back_to: null,
      train: null,
      author: { identity: "li-hua", display: "Li Hua", device: "lihua-mbp" },
      note: "",
      created: "2025-11-20T14:34:00Z",
      ended: "2025-11-20T14:37:00Z",
    },
    batch: 2,
    batches: 3,
    by: null,
    asks_for_less: null,
    diagnosis: null,
  };
}

const stopped = news("stopped", {
  diagnosis: {
    cause: { kind: "gone", what: "Deployment checkout-api-prod-sh-1" },
    at: "2025-11-20T14:43:00Z",
    evidence: {
      last_exit: null,
      events: [],
      log: [],
      log_pod: "",
      log_container: "",
      log_previous: false,
      ruled_out: [],
    },
  },
});
const colleague = { by: "Chen\u202e Wei" };

it.each([
  [
    news("resting"),
    "checkout-api / prod-sh-1: batch 2 of 3 is done",
    "r28 · 2.14.0. The next batch waits for your approval.",
    "checkout-api / prod-sh-1：第 2 批已完成，共 3 批",
    "r28 · 2.14.0，下一批等待你确认。",
  ],
  [
    news("succeeded"),
    "checkout-api / prod-sh-1 runs 2.14.0",
    "r28 succeeded, it took 3 min.",
    "checkout-api / prod-sh-1 已运行 2.14.0",
    "r28 成功，用时 3 分钟。",
  ],
  [
    stopped,
    "checkout-api / prod-sh-1: r28 stopped",
    "Deployment checkout-api-prod-sh-1 is gone from the cluster.",
    "checkout-api / prod-sh-1：r28 已停止",
    "集群中已没有 Deployment checkout-api-prod-sh-1。",
  ],
  [
    news("moving", { asks_for_less: 1 }),
    "checkout-api / prod-sh-1: the way back of r28 waits",
    "The way back waits: the quota of the namespace allows no further pod.",
    "checkout-api / prod-sh-1：r28 的回退正在等待",
    "回退正在等待：命名空间的配额不允许再创建 Pod。",
  ],
  [
    news("failed"),
    "checkout-api / prod-sh-1: r28 failed",
    "",
    "checkout-api / prod-sh-1：r28 失败",
    "",
  ],
  [
    news("aborted", colleague),
    "checkout-api / prod-sh-1: r28 was aborted",
    "By Chen<202E> Wei.",
    "checkout-api / prod-sh-1：r28 已中止",
    "操作人：Chen<202E> Wei。",
  ],
  [
    news("superseded", colleague),
    "checkout-api / prod-sh-1: r28 was replaced by a newer release",
    "By Chen<202E> Wei.",
    "checkout-api / prod-sh-1：r28 已被更新的发布取代",
    "操作人：Chen<202E> Wei。",
  ],
])("%o is said in both languages", (one, title, text, titleZh, textZh) => {
  expect(sayNotification(one, en, english)).toEqual({ title, text });
  expect(sayNotification(one, zh, chinese)).toEqual({ title: titleZh, text: textZh });
});

it("says nothing of what nobody waits for", () => {
  expect(sayNotification(news("moving"), en, english)).toBeNull();
});

/** The window on the story, told of things when the test likes. */
function open(clicked: boolean) {
  const core = story(new URLSearchParams("lang=en"));
  const shown: unknown[] = [];
  let tell: (message: FeedMessage) => void = () => {};
  const window = openWindow(
    {
      ...core,
      calls: {
        ...core.calls,
        notification_show: (show: unknown) => {
          shown.push(show);
          return clicked;
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
    "/settings",
  );
  const about = (one: NotificationRow, seq: number) =>
    act(() =>
      tell({
        kind: "delta",
        seq,
        upserts: [one],
        removes: [],
        as_of: "",
        state: { state: "live" },
      }),
    );
  return { ...window, shown, about };
}

it("hands on what it is told, once, and stays where it is while nobody clicks", async () => {
  const { shown, about, address } = open(false);
  await screen.findByRole("heading", { name: "Settings" });
  about(news("resting"), 1);
  about(stopped, 2);
  await waitFor(() => expect(shown).toHaveLength(2));
  expect(shown[0]).toEqual(sayNotification(news("resting"), en, english));
  expect(address()).toBe("/settings");
});

it("goes to the release when somebody clicked", async () => {
  const { about, address } = open(true);
  await screen.findByRole("heading", { name: "Settings" });
  const one = released("succeeded").release;
  about(news("succeeded", { release: { ...one, app: "app-checkout", id: "release-28" } }), 1);
  await waitFor(() => expect(address()).toBe("/app/app-checkout/releases/release-28"));
});

it("tells why a train stopped, and leads to it", async () => {
  const core = story(new URLSearchParams("lang=en&train=rule"));
  const view = core.calls?.train_get?.("train-1" as never) as TrainView;
  const stop: Told = {
    id: "t/1",
    app: "checkout-api",
    news: { kind: "train", ...view },
    error: null,
  };
  const pod = "checkout-api-prod-bj-1-6c9fd7b4c8-hv7qd";
  expect(sayNotification(stop, en, english)).toEqual({
    title: "checkout-api: the train of 2.14.0 stopped",
    text: `Containers restarted 2 times on prod-bj-1, most of all in pod ${pod}; the rule allows none.`,
  });
  expect(sayNotification(stop, zh, chinese)?.title).toBe("checkout-api：2.14.0 的发布列车已停止");
  const { about, address } = open(true);
  await screen.findByRole("heading", { name: "Settings" });
  about(stop, 1);
  await waitFor(() => expect(address()).toBe("/app/app-checkout/releases/trains/train-1"));
});
