import type { SimulatedCore } from "~/platform/simulate";
import type {
  ApiError,
  FileSave,
  FileUpload,
  FolderAsk,
  PodFile,
  PodFolder,
  TransferRow,
} from "~/wire/types";
import { ago, snapshot } from "./time";

const MiB = 1024 * 1024;

const folders: Record<string, PodFile[]> = {
  "/": [folder("etc"), folder("export"), folder("tmp")],
  "/etc": [file("hosts", 174, 9_000)],
  "/tmp": [],
  "/export": [folder("app")],
  "/export/app": [folder("logs"), folder("tmp"), file("app.jar", 48 * MiB, 90_000)],
  "/export/app/tmp": [],
  "/export/app/logs": [
    folder("archive", 86_400),
    folder("trace", 4_000),
    file("app.log", 84.2 * MiB, 12),
    file("app.2025-11-20.log.gz", 31.7 * MiB, 36_000),
    file("gc.log", 3.1 * MiB, 30),
    file("heap-1047.hprof", 402 * MiB, 300, "-rw-------"),
    { ...file("current", 7, 80_000, "lrwxrwxrwx"), kind: "link", target: "app.log" },
    file("threads-1051.txt", 48 * 1024, 60),
  ],
  "/export/app/logs/archive": [file("app.2025-11-19.log.gz", 29 * MiB, 100_000)],
  "/export/app/logs/trace": [file("odd\nname\uf7ff", 12, 100)],
};

/** Files of a container: its folders, and transfers in each of their states. */
export function fileStory(params: URLSearchParams): SimulatedCore {
  const rows = new Map<string, TransferRow>();
  let tell = () => {};
  const say = () => tell();
  const change = (id: string, to: Partial<TransferRow>) => {
    const row = rows.get(id);
    if (row) rows.set(id, { ...row, ...to });
    say();
  };
  let number = 0;
  const begin = (row: Partial<TransferRow> & Pick<TransferRow, "place" | "name">): string => {
    const id = `transfer-${++number}`;
    rows.set(id, {
      id,
      upload: false,
      folder: "/export/app/logs",
      local: `/home/lihua/Downloads/${row.name}`,
      state: { state: "moving" },
      bytes: 0,
      total: null,
      files: 0,
      total_files: 1,
      rate: 0,
      left_out: 0,
      begun: ago(-number),
      ended: null,
      error: null,
      ...row,
    });
    return id;
  };
  const tellStory = (place: TransferRow["place"]) => {
    if (rows.size > 0) return;
    begin({
      place,
      name: "gc.log",
      bytes: 3.1 * MiB,
      total: 3.1 * MiB,
      files: 1,
      state: { state: "done", compared: "digest", changed: 0, said: "" },
      ended: ago(120),
    });
    begin({
      place,
      name: "routes.yaml",
      upload: true,
      folder: "/export/app/tmp",
      bytes: 26 * 1024,
      total: 64 * 1024,
      rate: 9_000,
    });
    begin({
      place,
      name: "heap-1047.hprof",
      bytes: 261 * MiB,
      total: 402 * MiB,
      rate: 18 * MiB,
    });
    say();
  };
  return {
    calls: {
      file_list: ({ place, path }: FolderAsk): PodFolder => {
        if (params.has("noshell")) throw refused("no_shell", { container: place.container });
        const files = folders[path || "/export/app/logs"];
        if (!files) throw refused("remote", { what: "missing", path });
        tellStory(place);
        return {
          path: path || "/export/app/logs",
          user: "app",
          tar: !params.has("notar"),
          files,
          more: false,
        };
      },
      file_download: ({ file }: FileSave) =>
        begin({
          place: file.place,
          folder: file.folder,
          name: file.name,
          bytes: file.size,
          total: file.size,
          files: 1,
          state: { state: "done", compared: "digest", changed: 0, said: "" },
          ended: ago(0),
        }),
      file_upload: ({ to }: FileUpload) => {
        const id = begin({
          place: to.place,
          folder: to.path,
          name: "app.log",
          upload: true,
          state: { state: "taken" },
        });
        say();
        return [id];
      },
      file_replace: (id: string) => {
        change(id, {
          state: { state: "done", compared: "digest", changed: 0, said: "" },
          ended: ago(0),
        });
        return null;
      },
      file_stop: (id: string) => {
        change(id, { state: { state: "stopped" }, ended: ago(0) });
        return null;
      },
      file_reveal: () => !params.has("noprogram"),
      file_forget: (id: string) => {
        rows.delete(id);
        say();
        return null;
      },
    },
    feeds: {
      transfers: (_, send) => {
        tell = () => send(snapshot([...rows.values()]));
        tell();
      },
      drag: (_, send) => send(snapshot([{ id: "drag", over: null, drops: 0, dropped: null }])),
    },
  };
}

function file(name: string, size: number, age: number, mode = "-rw-r--r--"): PodFile {
  return {
    name,
    kind: "file",
    size: Math.round(size),
    changed: ago(age),
    mode,
    owner: "app",
    group: "app",
    target: null,
  };
}

function folder(name: string, age = 200_000): PodFile {
  return { ...file(name, 4096, age, "drwxr-xr-x"), kind: "folder" };
}

function refused(code: ApiError["code"], params: Record<string, string>): ApiError {
  return { code, params, detail: code, hints: [], retryable: false, fields: [] };
}
