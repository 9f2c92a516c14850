import { useRef, useState } from "react";
import { ask } from "~/data";
import { CallError } from "~/platform";
import { LOOK, PAGE } from "./artifacts";

/** Reads what every tag leads to, as long as nobody stops it: a list by age needs all of them. */
export function useAges(app: string) {
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<CallError | null>(null);
  const going = useRef(false);

  const start = async () => {
    if (going.current) return;
    going.current = true;
    setDone(0);
    setError(null);
    try {
      let read = 0;
      for (let offset = 0; going.current; offset += PAGE) {
        const list = await ask("artifact_list", {
          app,
          text: "",
          sort: "version",
          only: { kind: "all" },
          offset,
          limit: PAGE,
        });
        if (list.rows.length === 0) break;
        const tags = list.rows.filter(({ gone, looked }) => !gone && looked === null);
        for (let from = 0; from < tags.length && going.current; from += LOOK) {
          const some = tags.slice(from, from + LOOK).map(({ tag }) => tag);
          await ask("artifact_look", { app, tags: some });
        }
        read += list.rows.length;
        setDone(read);
      }
    } catch (thrown) {
      setError(CallError.from(thrown));
    } finally {
      going.current = false;
      setDone(null);
    }
  };
  const stop = () => {
    going.current = false;
  };
  return { done, error, start, stop };
}
