import { useEffect, useEffectEvent, useRef, useState } from "react";
import { ask } from "~/data";
import { CallError } from "~/platform";
import type { PodFile, PodFolder, PodPlace } from "~/wire/types";

export interface OpenFolder {
  /** As it was listed last; undefined before the first. */
  listed: PodFolder | undefined;
  loading: boolean;
  /** Why the last question was not answered. What was listed before stays. */
  error: CallError | null;
  /** Lists another folder, or the same one again. Answers whether it was listed. */
  go: (path: string) => Promise<boolean>;
  again: () => Promise<boolean>;
}

/** A folder of a container, as it was at the moment it was listed. */
export function useFolder(place: PodPlace, begin: string): OpenFolder {
  const [listed, setListed] = useState<PodFolder>();
  const [error, setError] = useState<CallError | null>(null);
  const [loading, setLoading] = useState(false);
  const wanted = useRef({ path: begin, number: 0 });

  const go = async (path: string): Promise<boolean> => {
    const number = wanted.current.number + 1;
    wanted.current = { path, number };
    setLoading(true);
    try {
      const folder = await ask("file_list", { place, path });
      // Who went on meanwhile waits for another folder.
      if (wanted.current.number !== number) return false;
      setListed(folder);
      setError(null);
      return true;
    } catch (thrown) {
      if (wanted.current.number === number) setError(CallError.from(thrown));
      return false;
    } finally {
      if (wanted.current.number === number) setLoading(false);
    }
  };
  const onBegin = useEffectEvent(() => void go(begin));
  const key = `${place.group}/${place.pod}/${place.container}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another container is another beginning
  useEffect(() => onBegin(), [key]);
  return { listed, loading, error, go, again: () => go(listed?.path ?? wanted.current.path) };
}

export type FileOrder = { key: string; descending: boolean };

export function isFolder(file: PodFile): boolean {
  return file.kind === "folder" || file.kind === "folder_link";
}

const keys: Record<string, (file: PodFile) => string | number> = {
  name: (file) => file.name,
  size: (file) => (isFolder(file) ? -1 : file.size),
  changed: (file) => Date.parse(file.changed),
  mode: (file) => file.mode,
  owner: (file) => `${file.owner}:${file.group}`,
};

/** Folders first, then by the order; what is the same in it stands by name. */
export function sortedFiles(files: PodFile[], order: FileOrder): PodFile[] {
  const key = keys[order.key] ?? keys.name;
  const names = new Intl.Collator("en", { numeric: true });
  const compare = (a: PodFile, b: PodFile): number => {
    const [x, y] = [key?.(a) ?? 0, key?.(b) ?? 0];
    const by = typeof x === "string" ? names.compare(x, String(y)) : x - Number(y);
    return (order.descending ? -by : by) || names.compare(a.name, b.name);
  };
  return files.toSorted((a, b) => Number(isFolder(b)) - Number(isFolder(a)) || compare(a, b));
}
