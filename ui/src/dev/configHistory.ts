import type {
  ConfigDiffAsk,
  ConfigImport,
  DeletedFile,
  DiffLine,
  FileDiff,
  FileVersion,
  ImportRow,
  PickedFiles,
} from "~/wire/types";
import type { File } from "./configFiles";
import { ago } from "./time";

/** As the story wraps what changes something. */
type Write = <In, Out>(run: (payload: In) => Out) => (payload: In) => Out;

/** Deleted files: one is in the bin when the story begins. */
export function binStory(all: File[], empty: boolean, write: Write) {
  const bin: { file: File; deleted: string }[] = empty
    ? []
    : [
        {
          deleted: ago(86_400 * 3),
          file: {
            id: "file-legacy",
            group: null,
            path: "conf/legacy.properties",
            text: "gateway={{legacy.gateway}}\n",
            versions: 5,
            revision: 5,
            saved: ago(86_400 * 9),
          },
        },
      ];
  return {
    config_deleted: (): DeletedFile[] =>
      bin.map(({ file: { id, group, path }, deleted }) => ({ id, group, path, deleted })),
    config_delete: write((id: string) => {
      const [file] = all.splice(
        all.findIndex((one) => one.id === id),
        1,
      );
      if (file) bin.unshift({ file, deleted: new Date().toISOString() });
      return null;
    }),
    config_undelete: write((id: string) => {
      const [back] = bin.splice(
        bin.findIndex(({ file }) => file.id === id),
        1,
      );
      if (back) all.push(back.file);
      return null;
    }),
  };
}

/** What is chosen is always the same three files. */
export function importStory(all: File[], write: Write) {
  const rowOf = (group: string | null, path: string, text: string): ImportRow => {
    const there = all.find((file) => file.group === group && file.path === path);
    const wrong = path.includes("..");
    return {
      path,
      replaces: there?.id ?? null,
      same: there?.text === text,
      errors: wrong ? [{ field: "path", code: "not_a_file_path", params: {}, fix: null }] : [],
    };
  };
  return {
    config_pick_files: (): PickedFiles => ({
      files: [
        {
          name: "feature-flags.json",
          content: { kind: "text", text: '{\n  "newCheckout": false\n}\n' },
          size: 27,
        },
        {
          name: "limits.yaml",
          content: { kind: "text", text: "orders:\n  a-minute: {{limit}}\n" },
          size: 31,
        },
        { name: "truststore.p12", content: { kind: "binary", base64: "/v8A" }, size: 2180 },
      ],
      not_picked: [
        {
          name: "heap.hprof",
          error: { field: "content", code: "too_large", params: { max: "921600" }, fix: null },
          reason: "",
        },
      ],
    }),
    config_import: write(({ group, files, look }: ConfigImport): ImportRow[] => {
      const textOf = (at: number) => {
        const content = files[at]?.content;
        return content?.kind === "text" ? content.text : "";
      };
      const rows = files.map(({ path }, at) => rowOf(group, path, textOf(at)));
      if (look) return rows;
      for (const [at, { path, replaces }] of rows.entries()) {
        const there = all.find(({ id }) => id === replaces);
        const saved = new Date().toISOString();
        if (there) Object.assign(there, { text: textOf(at), revision: there.revision + 1, saved });
        else {
          const id = `file-${path}`;
          all.push({ id, group, path, text: textOf(at), versions: 1, revision: 1, saved });
        }
      }
      return rows;
    }),
  };
}

/** Versions of a file, each of a line more than the one before. */
export function versionStory(find: (id: string) => File, write: Write) {
  const textOf = (id: string, number: number | null): string[] => {
    const { text, versions } = find(id);
    const lines = text.split("\n");
    const less = number === null ? 0 : versions - number + 1;
    return lines.filter((_, at) => at < 4 || at >= 4 + less);
  };
  return {
    config_versions: (id: string): FileVersion[] =>
      Array.from({ length: Math.min(6, find(id).versions) }, (_, at) => ({
        number: find(id).versions - at,
        why: at === 0 ? "release" : at === 5 ? "created" : "idle",
        by: at % 2 === 0 ? "Li Hua" : "Wang Fang",
        at: ago(3600 * (12 + at * 30)),
        size: 1200,
        release: null,
      })),
    config_restore: write(() => null),
    config_diff: ({ from, to }: ConfigDiffAsk): FileDiff => {
      const [before, after] = [textOf(from.file, from.number), textOf(to.file, to.number)];
      const turned = before.length > after.length;
      const lines = turned ? longer(after, before, "del") : longer(before, after, "add");
      const count = Math.abs(before.length - after.length);
      return {
        changed: count > 0,
        diff: { lines, added: turned ? 0 : count, removed: turned ? count : 0 },
      };
    },
  };
}

/** The lines of a text and of one that has some more in one place. */
function longer(short: string[], long: string[], kind: "add" | "del"): DiffLine[] {
  const found = short.findIndex((line, index) => long[index] !== line);
  const at = found < 0 ? short.length : found;
  const more = long.length - short.length;
  return long.map((text, index): DiffLine => {
    const here = index + 1;
    if (index >= at && index < at + more) {
      return kind === "add" ? { kind, new: here, text } : { kind, old: here, text };
    }
    const there = index < at ? here : here - more;
    return kind === "add"
      ? { kind: "same", old: there, new: here, text }
      : { kind: "same", old: here, new: there, text };
  });
}
