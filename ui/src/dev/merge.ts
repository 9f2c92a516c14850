import type { SimulatedCore } from "~/platform/simulate";
import type { GroupMerge, MergedField, MergedFile } from "~/wire/types";
import { ago } from "./time";

const field = (part: Pick<MergedField, "of" | "section" | "field" | "how">): MergedField => ({
  id: `${part.of}:${part.field}`,
  base: null,
  ours: null,
  theirs: null,
  hidden: false,
  ...part,
});

const file = (path: string, how: MergedFile["how"]): MergedFile => ({
  id: `file:app:${path}`,
  owner: "app",
  path,
  how,
  base: "text",
  ours: "text",
  theirs: "text",
  merge: null,
});

/** A colleague gave it more memory and a larger pool, while the draft got another pool. */
const story = (group: string): GroupMerge => ({
  group,
  group_name: "test",
  hash: "9c41",
  base: { id: "release-test-203", seq: 203, by: "Li Hua", at: ago(26 * 60) },
  theirs: { id: "release-test-204", seq: 204, by: "Chen Wei", at: ago(95) },
  fields: [
    {
      ...field({ of: "group", section: "container", field: "cpu.limit", how: "conflict" }),
      base: "500m",
      ours: "1",
      theirs: "750m",
    },
    {
      ...field({ of: "group", section: "container", field: "memory.limit", how: "theirs" }),
      base: "512Mi",
      ours: "512Mi",
      theirs: "768Mi",
    },
    {
      ...field({ of: "group", section: "variables", field: "variables.GC_LOG", how: "theirs" }),
      theirs: "on",
    },
    {
      ...field({ of: "group", section: "variables", field: "variables.PROFILE", how: "ours" }),
      base: "test",
      ours: "test-2",
      theirs: "test",
    },
    {
      ...field({ of: "default", section: "files", field: "db.password", how: "theirs" }),
      base: "5c1f7e02",
      ours: "5c1f7e02",
      theirs: "d20b9e6f",
      hidden: true,
    },
  ],
  files: [
    {
      ...file("conf/application.yaml", "conflict"),
      merge: {
        parts: [
          { kind: "same", text: "spring:\n  datasource:\n    hikari:\n" },
          {
            kind: "conflict",
            base: "      maximum-pool-size: 20\n",
            ours: "      maximum-pool-size: 26\n",
            theirs: "      maximum-pool-size: 60\n",
          },
          { kind: "theirs", text: "      minimum-idle: 10\n" },
          { kind: "same", text: "server:\n  port: 8080\n" },
        ],
      },
    },
    {
      ...file("conf/logback.xml", "merged"),
      merge: {
        parts: [
          { kind: "theirs", text: '<logger name="shop.pay" level="info"/>\n' },
          { kind: "same", text: "<appender/>\n" },
          { kind: "ours", text: '<root level="warn"/>\n' },
        ],
      },
    },
    { ...file("conf/merchant.key", "conflict"), ours: "sensitive", theirs: "missing" },
  ],
});

/** The group whose plan warns of it, until the draft has it. */
export function mergeStory(params: URLSearchParams): SimulatedCore {
  let taken = params.has("empty") || params.has("nothing");
  return {
    calls: {
      group_merge: (group: string): GroupMerge | null =>
        group === "group-test" && !taken ? story(group) : null,
      group_merge_take: () => {
        taken = true;
        return null;
      },
    },
  };
}
