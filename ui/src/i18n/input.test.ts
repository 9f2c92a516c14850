import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sayVerdict } from "~/features/release/plan";
import { visible } from "~/kit";
import type { ApiError, Code, FolderTrouble, Hint, Verdict } from "~/wire/types";
import { type Catalogue, en, sayError, sayFieldError, zh } from ".";

/** One bad input: what the core answers to it is tested on a real cluster, in `tests/input`; here is what people read. */
interface Row {
  id: string;
  input: string;
  meets: {
    error?: Omit<ApiError, "detail">;
    verdict?: Verdict;
    answer?: Record<string, string>;
    /** The folder of an app is gone, or a file of it is in trouble. */
    folder?: "gone" | FolderTrouble;
  };
  en: unknown;
  zh: unknown;
}

// Moments are said in the person's own zone; the table has those of Greenwich.
process.env.TZ = "UTC";

const table = join(import.meta.dirname, "../../../tests/input/table.json");
const rows: Row[] = JSON.parse(readFileSync(table, "utf8"));

/** What the window says of a row, as the page that meets it does. */
function say({ meets }: Row, text: Catalogue): unknown {
  const { error, verdict, answer, folder } = meets;
  if (error) {
    const { title, why, hints } = sayError({ ...error, detail: "x" }, text);
    const fields = error.fields.map((one) => `${one.field}: ${sayFieldError(one, text)}`);
    return {
      title,
      ...(why === undefined ? {} : { why }),
      ...(hints.length > 0 ? { hints } : {}),
      ...(fields.length > 0 ? { fields } : {}),
    };
  }
  if (verdict) return { [text.release.plan.check[verdict.check]]: sayVerdict(verdict, text) };
  if (folder === "gone") return { title: text.folder.gone, why: text.folder.goneText };
  if (folder) return { [text.folder.problems]: text.folder.trouble[folder] };
  if (answer?.replaces) return { notice: text.cluster.dialog.replaces(answer.replaces) };
  if (answer?.set_aside) {
    return {
      title: text.setting.setAsideTitle,
      why: text.setting.setAside(visible(answer.set_aside)),
    };
  }
  return Object.fromEntries(
    Object.entries(answer ?? {}).map(([key, text]) => [key, visible(text)]),
  );
}

describe.each(rows)("$id", (row) => {
  it("is said in both languages as the table has it", () => {
    expect(row.input).not.toBe("");
    expect({ en: say(row, en), zh: say(row, zh) }).toEqual({ en: row.en, zh: row.zh });
  });

  it("says what a person can do, or stands under the field that is wrong", () => {
    const error = row.meets.error;
    if (!error) return;
    const helped = error.hints.length > 0 || error.fields.length > 0;
    expect(helped || without.has(row.id)).toBe(true);
    expect(new Set<Hint>(error.hints).size).toBe(error.hints.length);
    expect(error.code).not.toBe<Code>("internal");
  });
});

/** Nothing is wrong here that a person could mend. */
const without = new Set(["code/no_file_chosen", "exec/ended_by_the_person"]);
