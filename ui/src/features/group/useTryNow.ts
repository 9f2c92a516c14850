import { useRef, useState } from "react";
import { ask, useFeed } from "~/data";
import { CallError } from "~/platform";
import type { Instance, PortDraft, ProbeDraft, ProbeTried } from "~/wire/types";
import { equal } from "./draft";
import { type ProbeKey, probes } from "./probes";
import type { GroupForm } from "./useGroupForm";

/** What came of one check. */
export type Trial = { asked: Asked } & (
  | { kind: "running" }
  | { kind: "tried"; tried: ProbeTried }
  | { kind: "failed"; error: CallError }
);

/** The check as it was when it was tried: of another one the answer says nothing. */
interface Asked {
  probe: ProbeDraft;
  ports: PortDraft[];
}

export interface TryNow {
  /** Pods that have an address, ready ones first; null while that is not known, or their cluster can not be reached. */
  pods: Instance[] | null;
  /** Where it is tried. */
  pod: Instance | undefined;
  choose: (pod: string) => void;
  /** When the results were asked for. */
  at: Date | null;
  /** The last answer about this very check. */
  of: (probe: ProbeKey) => Trial | undefined;
  pending: boolean;
  run: () => void;
  /** Nobody waits any more; what runs in the pod ends by itself. */
  stop: () => void;
}

/** Tries the checks of a group, as they are typed, against one of its running pods. */
export function useTryNow(form: GroupForm, group: string): TryNow {
  const feed = useFeed({ kind: "instances", group });
  const [chosen, choose] = useState<string>();
  const [at, setAt] = useState<Date | null>(null);
  const [trials, setTrials] = useState<Partial<Record<ProbeKey, Trial>>>({});
  // Answers that nobody waits for any more are dropped.
  const round = useRef(0);
  const running = feed.rows
    .filter((pod) => pod.ip !== "")
    .sort((a, b) => Number(b.ready) - Number(a.ready) || a.name.localeCompare(b.name));
  const pod = running.find(({ name }) => name === chosen) ?? running[0];
  const pending = Object.values(trials).some((trial) => trial.kind === "running");

  const run = () => {
    if (!pod || pending) return;
    const { draft } = form;
    // What is wrong in the form is said there; a pod can not be asked for it.
    const on = probes.filter((probe) => draft[probe].kind !== "none" && !form.wrongOf(probe));
    const mine = ++round.current;
    setAt(new Date());
    setTrials({});
    for (const probe of on) {
      const asked = { probe: draft[probe], ports: draft.ports };
      const settle = (trial: Trial) => {
        if (round.current === mine) setTrials((known) => ({ ...known, [probe]: trial }));
      };
      settle({ kind: "running", asked });
      ask("probe_try", {
        group,
        pod: pod.name,
        container: pod.container,
        ...asked,
      }).then(
        (tried) => settle({ kind: "tried", tried, asked }),
        (thrown) => settle({ kind: "failed", error: CallError.from(thrown), asked }),
      );
    }
  };
  return {
    pods: feed.state.state === "live" ? running : null,
    pod,
    choose,
    at,
    of: (probe) => {
      const trial = trials[probe];
      const { draft } = form;
      const now = { probe: draft[probe], ports: draft.ports };
      return trial && equal(trial.asked, now) ? trial : undefined;
    },
    pending,
    run,
    stop: () => {
      round.current += 1;
      setTrials({});
    },
  };
}
