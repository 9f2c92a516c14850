import { useEffect, useState } from "react";
import { ask, useOrder } from "~/data";
import { useSettled } from "~/kit/form";
import type { ImportRow, PickedFile, PickedFiles } from "~/wire/types";

/** So long after the last key of the folder's name the core is asked what would become of the files. */
const LOOK_AFTER_MS = 200;

/** Files chosen from the disk, and what would become of each below a folder of an owner. */
export function useImport(app: string, group: string | null, folder: string, onDone: () => void) {
  const [picked, setPicked] = useState<PickedFiles>({ files: [], not_picked: [] });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [looked, setLooked] = useState<{ of: unknown; rows: ImportRow[] } | null>(null);
  const below = useSettled(folder, LOOK_AFTER_MS);
  const { files } = picked;
  const pick = useOrder("config_pick_files", {
    quiet: true,
    onDone: (found) => {
      // Whoever closed the dialog of the system keeps what they had.
      if (found.files.length + found.not_picked.length === 0) return;
      setPicked(found);
      setLeft(new Set());
    },
  });
  const write = useOrder("config_import", { quiet: true, onDone });
  const of = { app, group, files: placed(files, below), look: true };
  useEffect(() => {
    let gone = false;
    if (files.length === 0) return;
    const payload = { app, group, files: placed(files, below), look: true };
    void ask("config_import", payload)
      .then((rows) => {
        if (!gone) setLooked({ of: files, rows });
      })
      .catch(() => {});
    return () => {
      gone = true;
    };
  }, [app, group, files, below]);

  const rows = looked?.of === files ? looked.rows : [];
  const chosen = files
    .map((file, at) => ({ file, row: rows[at] }))
    .filter(({ file, row }) => row && !row.same && !left.has(file.name));
  return {
    picked,
    rows,
    left,
    pick,
    write,
    /** How many would be written, and whether something is wrong with one of them. */
    count: chosen.length,
    wrong: chosen.some(({ row }) => (row?.errors.length ?? 0) > 0),
    leave: (name: string, out: boolean) => {
      const next = new Set(left);
      if (out) next.add(name);
      else next.delete(name);
      setLeft(next);
    },
    run: () =>
      void write.run({
        ...of,
        look: false,
        files: placed(
          chosen.map(({ file }) => file),
          folder,
        ),
      }),
  };
}

function placed(files: readonly PickedFile[], folder: string) {
  const below = folder.trim();
  const before = below === "" || below.endsWith("/") ? below : `${below}/`;
  return files.map(({ name, content }) => ({ path: `${before}${name}`, content }));
}
