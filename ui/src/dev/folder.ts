import type { SimulatedCore } from "~/platform/simulate";
import type { FolderSettle, FolderView } from "~/wire/types";
import { ago } from "./time";

const place = {
  file: "file-app",
  group: null,
  path: "conf/application.yaml",
  place: "config/conf/application.yaml",
};

const opened = (app: string, troubled: boolean): FolderView => ({
  app,
  path: "/home/li-hua/deploy/checkout-api",
  gone: false,
  unwatched: null,
  files: 7,
  left_out: [{ file: "file-secret", group: null, path: "conf/merchant.key", why: "sensitive" }],
  changes: [
    {
      ...place,
      at: ago(120),
      merged: troubled,
      diff: {
        added: 1,
        removed: 1,
        lines: [
          { kind: "fold", old: 1, new: 1, text: "", folded: 14 },
          {
            kind: "del",
            old: 15,
            text: "      maximum-pool-size: 20",
            words: [[25, 27]],
          },
          {
            kind: "add",
            new: 15,
            text: "      maximum-pool-size: 26",
            words: [[25, 27]],
          },
        ],
      },
    },
  ],
  conflicts: troubled
    ? [
        {
          ...place,
          file: "file-flags",
          path: "conf/feature-flags.json",
          place: "config/conf/feature-flags.json",
          merge: {
            parts: [
              { kind: "same", text: "{\n" },
              {
                kind: "conflict",
                base: '  "newCheckout": 10\n',
                ours: '  "newCheckout": 50\n',
                theirs: '  "newCheckout": 100\n',
              },
              { kind: "same", text: "}\n" },
            ],
          },
        },
      ]
    : [],
  problems: troubled
    ? [
        {
          ...place,
          file: "file-logback",
          path: "conf/logback.xml",
          place: "config/conf/logback.xml",
          what: "missing",
          reason: "",
        },
      ]
    : [],
  strangers: troubled ? ["prod-sh-1/conf/routes-new.yaml"] : [],
});

/** The folder of an app: closed at first, open with `?folder`, in trouble with `?folder=trouble`. */
export function folderStory(params: URLSearchParams, changed: () => void): SimulatedCore {
  let view: FolderView | null = null;
  let asked = params.has("folder");
  const write = <In, Out>(run: (payload: In) => Out) => {
    return (payload: In) => {
      const out = run(payload);
      changed();
      return out;
    };
  };
  return {
    calls: {
      folder_get: (app: string) => {
        if (asked) view = opened(app, params.get("folder") === "trouble");
        asked = false;
        return view;
      },
      folder_open: write((app: string) => {
        view = opened(app, false);
        return view;
      }),
      folder_close: write(() => {
        view = null;
        return null;
      }),
      folder_write: write(() => {
        if (view) view = { ...view, gone: false, problems: [] };
        return null;
      }),
      folder_settle: write(({ file }: FolderSettle) => {
        if (view)
          view = {
            ...view,
            conflicts: view.conflicts.filter((conflict) => conflict.file !== file),
          };
        return null;
      }),
      folder_add: write(({ place: at }: { place: string }) => {
        if (view) view = { ...view, strangers: view.strangers.filter((other) => other !== at) };
        return crypto.randomUUID();
      }),
    },
  };
}
