import { useState } from "react";
import { ask, useFeed } from "~/data";
import { CallError } from "~/platform";
import type { Instance, ProbeTried } from "~/wire/types";
import { type ProbeKey, probes } from "./probes";
import type { GroupForm } from "./useGroupForm";

/** What came of one check. */
export type Trial =
  | { kind: "running" }
  | { kind: "tried"; tried: ProbeTried }
  | { kind: "failed"; error: CallError };

export interface TryNow {
  /** Pods that have an address, ready ones first; null while that is not known. */
  pods: Instance[] | null;
  /** Where it is tried. */
  pod: Instance | undefined;
  choose: (pod: string) => void;
  /** When the results were asked for. */
  at: Date | null;
  trials: Partial<Record<ProbeKey, Trial>>;
  pending: boolean;
  run: () => void;
}

/** Tries the checks of a group, as they are typed, against one of its running pods. */
export function useTryNow(form: GroupForm, group: string): TryNow {
  const feed = useFeed({ kind: "instances", group });
  const [chosen, choose] = useState<string>();
  const [at, setAt] = useState<Date | null>(null);
  const [trials, setTrials] = useState<TryNow["trials"]>({});
  const running = feed.rows
    .filter((pod) => pod.ip !== "")
    .sort((a, b) => Number(b.ready) - Number(a.ready) || a.name.localeCompare(b.name));
  const pod = running.find(({ name }) => name === chosen) ?? running[0];
  const pending = Object.values(trials).some((trial) => trial.kind === "running");

  const run = () => {
    if (!pod || pending) return;
    const { draft } = form;
    const asked = probes.filter((probe) => draft[probe].kind !== "none");
    setAt(new Date());
    setTrials(Object.fromEntries(asked.map((probe) => [probe, { kind: "running" }])));
    for (const probe of asked) {
      const settle = (trial: Trial) => setTrials((known) => ({ ...known, [probe]: trial }));
      ask("probe_try", {
        group,
        pod: pod.name,
        container: pod.container,
        probe: draft[probe],
        ports: draft.ports,
      }).then(
        (tried) => settle({ kind: "tried", tried }),
        (thrown) => settle({ kind: "failed", error: CallError.from(thrown) }),
      );
    }
  };
  return {
    pods: feed.state.state === "loading" || feed.state.state === "error" ? null : running,
    pod,
    choose,
    at,
    trials,
    pending,
    run,
  };
}
