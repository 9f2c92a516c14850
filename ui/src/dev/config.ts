import type { SimulatedCore } from "~/platform/simulate";
import type {
  CellValue,
  ConfigChoose,
  ConfigCreate,
  ConfigFileAsk,
  ConfigSave,
  ConfigSwitch,
  ConfigTree,
  Environment,
  FileInGroup,
  FileRow,
  FileView,
  GroupCard,
  GroupFile,
  GroupVariable,
  KeySet,
  KeyUse,
  KeyValue,
  LineFrom,
  MatrixKey,
  ValueCell,
  ValueMatrix,
  ValueSet,
  Variable,
} from "~/wire/types";
import { defaults, type File, files, pendingCells, values } from "./configFiles";
import { binStory, importStory, versionStory } from "./configHistory";

const APP = "app-checkout";
const DOTS = "••••••••";
const PLACEHOLDER = /\{\{\s*([\w.-]+)\s*(?:\|([^}]*))?\}\}/g;

/** Files, values and variables of checkout-api; what is typed stays until the page is loaded anew. */
export function configStory(
  params: URLSearchParams,
  groups: GroupCard[],
  environments: () => Environment[],
  changed: () => void,
): SimulatedCore {
  const empty = params.has("noconfig") || params.has("empty");
  const all: File[] = empty ? [] : structuredClone(files);
  const set = empty ? new Map<string, KeyValue>() : new Map(values);
  const sensitive = new Set(["db.password", "payment.merchant.key"]);
  const known = new Set(empty ? [] : ["legacy.gateway", ...defaults.keys()]);
  const fallback = empty ? new Map<string, KeyValue>() : new Map(defaults);
  let variables: Variable[] = empty
    ? []
    : [
        { name: "JAVA_OPTS", value: "-Xmx{{jvm.heap}} -XX:+UseZGC", kind: "template" },
        { name: "TZ", value: "Asia/Shanghai" },
      ];

  const environmentOf = (card: GroupCard) =>
    environments().find(({ id }) => id === card.environment) ?? null;
  const keysOf = (file: File) =>
    file.literal ? [] : [...file.text.matchAll(PLACEHOLDER)].map(([, key = ""]) => key);
  const cellValue = (value: KeyValue | undefined): CellValue | null => {
    if (!value) return null;
    return value.kind === "plain"
      ? { kind: "plain", text: value.value }
      : { kind: "sealed", id: value.value, known: value.value !== "elsewhere" };
  };
  const usesOf = (key: string): KeyUse[] => [
    ...all.flatMap((file) =>
      file.text.split("\n").flatMap((text, at) =>
        [...text.matchAll(PLACEHOLDER)]
          .filter(([, found]) => found === key && !file.literal)
          .map(([, , inline]) => ({
            group: file.group,
            file: file.id,
            name: file.path,
            line: at + 1,
            inline: inline ?? null,
          })),
      ),
    ),
    ...variables
      .filter(({ value }) => value.includes(`{{${key}}}`))
      .map(({ name }) => ({ group: null, file: null, name, line: 1, inline: null })),
  ];
  const cellOf = (key: string, group: string): ValueCell => {
    const own = set.get(`${group} ${key}`);
    const pending = pendingCells.has(`${group} ${key}`);
    if (own) return { state: "set", value: cellValue(own), pending };
    if (fallback.has(key)) return { state: "default", value: null, pending };
    const uses = usesOf(key).filter((use) => use.group === null || use.group === group);
    const inline = uses.find((use) => use.inline !== null)?.inline;
    if (inline != null) {
      return { state: "inline", value: { kind: "plain", text: inline }, pending };
    }
    return { state: uses.length > 0 ? "empty" : "none", value: null, pending };
  };
  const unsetOf = (file: File, group: string) =>
    new Set(keysOf(file).filter((key) => cellOf(key, group).state === "empty")).size;

  const row = (file: File): FileRow => ({
    id: file.id,
    path: file.path,
    resolved: file.path.startsWith("/") ? file.path : `/export/app/${file.path}`,
    literal: file.literal ?? false,
    sensitive: file.sensitive ?? false,
    binary: false,
    size: file.text.length,
    keys: new Set(keysOf(file)).size,
    versions: file.versions,
    saved: file.saved,
    errors: /\{\{[^}]*(\n|$)/.test(file.text) && !file.literal ? [unclosed(file.text)] : [],
  });
  const inGroup = (card: GroupCard): GroupFile[] => {
    const own = all.filter(({ group }) => group === card.id);
    const inherited = all
      .filter((file) => file.group === null && !own.some(({ path }) => path === file.path))
      .map(
        (file): GroupFile => ({
          file: row(file),
          choice: keysOf(file).some((key) => set.has(`${card.id} ${key}`)) ? "values" : "inherit",
          app_file: file.id,
          unset: unsetOf(file, card.id),
        }),
      );
    const mine = own.map((file): GroupFile => {
      const over = all.find(({ group, path }) => group === null && path === file.path);
      return {
        file: row(file),
        choice: over ? "override" : "own",
        app_file: over?.id ?? null,
        unset: unsetOf(file, card.id),
      };
    });
    return [...inherited, ...mine].toSorted((one, other) =>
      one.choice === "own" ? 1 : other.choice === "own" ? -1 : 0,
    );
  };
  const find = (id: string): File => {
    const file = all.find((one) => one.id === id);
    if (!file) throw refused("not_found");
    return file;
  };
  const view = ({ id, group }: ConfigFileAsk): FileView => {
    const file = find(id);
    const card = groups.find((one) => one.id === group);
    return {
      file: row(file),
      app: APP,
      owner: file.group === null ? "app" : "group",
      group: file.group,
      content: { kind: "text", text: file.text },
      revision: file.revision,
      saved_by: "Wang Fang",
      in_group: card ? shownIn(file, card) : null,
    };
  };
  const shownIn = (file: File, card: GroupCard): FileInGroup => {
    const listed = inGroup(card).find((one) => one.file.id === file.id);
    const keys = [...new Set(keysOf(file))];
    return {
      group: card.id,
      choice: listed?.choice ?? "inherit",
      app_file: listed?.app_file ?? null,
      effective: effectiveOf(file, (key) => {
        const cell = cellOf(key, card.id);
        const value = cell.value ?? cellValue(fallback.get(key));
        return { state: cell.state, text: value?.kind === "plain" ? value.text : value && DOTS };
      }),
      keys: keys.map((key) => {
        const cell = cellOf(key, card.id);
        const use = usesOf(key).find((one) => one.file === file.id);
        return {
          key,
          line: use?.line ?? 1,
          sensitive: sensitive.has(key),
          state: cell.state,
          value: cell.state === "set" ? cell.value : null,
          default: cellValue(fallback.get(key)),
          inline: use?.inline ?? null,
        };
      }),
    };
  };
  const write = <In, Out>(run: (payload: In) => Out) => {
    return (payload: In) => {
      const out = run(payload);
      changed();
      return out;
    };
  };
  return {
    calls: {
      config_tree: (app: string): ConfigTree => ({
        app,
        deploy_path: "/export/app/",
        files: all.filter(({ group }) => group === null).map(row),
        groups: groups.map((card) => ({
          id: card.id,
          name: card.name,
          environment: environmentOf(card),
          files: inGroup(card),
          unset: new Set(inGroup(card).flatMap(({ unset, file }) => (unset > 0 ? [file.id] : [])))
            .size,
          unused: [],
        })),
      }),
      config_file: view,
      config_create: write(({ group, path, content, literal, sensitive: secret }: ConfigCreate) => {
        if (path.trim() === "") throw refused("invalid", { field: "path", code: "required" });
        const id = `file-${all.length}`;
        all.push({
          id,
          group,
          path,
          text: content.kind === "text" ? content.text : "",
          literal,
          sensitive: secret,
          versions: 0,
          revision: 1,
          saved: new Date().toISOString(),
        });
        return id;
      }),
      config_save: write(({ id, content }: ConfigSave) => {
        const file = find(id);
        if (content.kind === "text") file.text = content.text;
        file.revision += 1;
        file.saved = new Date().toISOString();
        return { revision: file.revision, saved: file.saved };
      }),
      config_switch: write(({ id, literal, sensitive: secret }: ConfigSwitch) => {
        Object.assign(find(id), { literal, sensitive: secret });
        return null;
      }),
      ...binStory(all, empty, write),
      config_choose: write(({ id, group, choice }: ConfigChoose) => {
        const file = find(id);
        const own = all.find((one) => one.group === group && one.path === file.path);
        if (choice === "override" && !own) {
          const made = { ...file, id: `${id}-${group}`, group, versions: 0 };
          all.push(made);
          return made.id;
        }
        if (choice !== "override" && own) all.splice(all.indexOf(own), 1);
        if (choice === "inherit") for (const key of keysOf(file)) set.delete(`${group} ${key}`);
        return null;
      }),
      config_pick: () => {
        throw refused("dismissed");
      },
      ...importStory(all, write),
      ...versionStory(find, write),
      config_matrix: (app: string): ValueMatrix => {
        const keys = new Set([...known, ...all.flatMap(keysOf), "jvm.heap"]);
        return {
          app,
          groups: groups.map((card) => ({
            id: card.id,
            name: card.name,
            environment: environmentOf(card),
          })),
          keys: (empty && all.length === 0 ? [] : [...keys]).map(
            (key): MatrixKey => ({
              key,
              sensitive: sensitive.has(key),
              default: cellValue(fallback.get(key)),
              cells: groups.map(({ id }) => cellOf(key, id)),
              uses: usesOf(key),
            }),
          ),
        };
      },
      config_variables: (group: string): GroupVariable[] => [
        ...variables.map((variable): GroupVariable => {
          const open = [...variable.value.matchAll(PLACEHOLDER)].some(
            ([, key = ""]) => cellOf(key, group).state === "empty",
          );
          return {
            name: variable.name,
            owner: "app",
            kind: variable.kind ?? "plain",
            written: variable.value,
            value: open
              ? null
              : variable.value.replace(PLACEHOLDER, (_, key: string) => {
                  const value = cellOf(key, group).value ?? cellValue(fallback.get(key));
                  return value?.kind === "plain" ? value.text : DOTS;
                }),
            sensitive: false,
            elsewhere: false,
            overrides: false,
          };
        }),
        {
          name: "PAYMENT_TOKEN",
          owner: "group",
          kind: "sensitive",
          written: "",
          value: DOTS,
          sensitive: true,
          elsewhere: group === "group-staging",
          overrides: false,
        },
      ],
      value_set: write(({ key, group, value }: ValueSet) => {
        const map = group === null ? fallback : set;
        const at = group === null ? key : `${group} ${key}`;
        if (value === null) map.delete(at);
        else map.set(at, value);
        return null;
      }),
      key_set: write(({ key, sensitive: secret }: KeySet) => {
        known.add(key);
        if (secret) sensitive.add(key);
        else sensitive.delete(key);
        return null;
      }),
      key_delete: write(({ key }: { key: string }) => {
        known.delete(key);
        return null;
      }),
      app_variables: () => ({ variables, errors: [] }),
      app_variables_set: write(({ variables: next }: { variables: Variable[] }) => {
        variables = next;
        return null;
      }),
      secret_put: () => crypto.randomUUID(),
    },
  };
}

interface Filled {
  state: ValueCell["state"];
  text: string | null;
}

function effectiveOf(file: File, fill: (key: string) => Filled): FileInGroup["effective"] {
  const lines: LineFrom[] = [];
  const marks: NonNullable<FileInGroup["effective"]>["marks"] = [];
  const owner = file.group === null ? "app" : "group";
  let text = "";
  for (const [at, line] of file.text.split("\n").entries()) {
    if (at > 0) text += "\n";
    let from: LineFrom = { kind: owner, key: null };
    let end = 0;
    for (const found of file.literal ? [] : line.matchAll(PLACEHOLDER)) {
      const [written, key = "", inline] = found;
      const { state, text: value } = fill(key);
      text += line.slice(end, found.index);
      const shown = value ?? inline ?? written;
      const kind = state === "set" ? "value" : state === "empty" ? "unset" : "default";
      marks.push({
        from: text.length,
        to: text.length + shown.length,
        kind,
        key,
        sensitive: shown === DOTS,
      });
      text += shown;
      end = found.index + written.length;
      if (from.key === null) from = { kind, key };
    }
    text += line.slice(end);
    lines.push(from);
  }
  return { text, lines, marks, too_large: false };
}

function unclosed(text: string) {
  const line = text.split("\n").findIndex((each) => /\{\{[^}]*$/.test(each)) + 1;
  return {
    field: "content",
    code: "not_a_template" as const,
    params: { line: String(line), column: "1", reason: "unclosed" },
    fix: null,
  };
}

function refused(code: string, field?: { field: string; code: string }) {
  return {
    code,
    params: {},
    detail: code,
    hints: [],
    retryable: false,
    fields: field ? [{ ...field, params: {}, fix: null }] : [],
  };
}
