import { ArrowUp, Pause, Play } from "lucide-react";
import { useState } from "react";
import { useFeed, useOrder } from "~/data";
import { useText } from "~/i18n";
import { Button, Dialog, IconButton, visible } from "~/kit";
import type { CarView, TrainView } from "~/wire/types";
import { AbortButton, ContinueButton } from "../actions";
import { nameOf } from "./words";

/** No further group begins until somebody resumes it; one that moves goes on. */
export function PauseButton({ view }: { view: TrainView }) {
  const words = useText().release.train;
  const act = useOrder("train_act");
  return (
    <Button
      icon={Pause}
      busy={act.pending}
      onClick={() => void act.run({ id: view.row.id, action: "pause" })}
    >
      {act.pending ? words.acting : words.pause}
    </Button>
  );
}

/** Goes on after a pause or a stop. It may change what runs at once. */
export function ResumeButton({ view }: { view: TrainView }) {
  const words = useText().release.train;
  const act = useOrder("train_act");
  const coming = view.cars.find(({ group }) => group === view.next);
  return (
    <Button
      kind={coming?.environment.protected ? "production" : "filled"}
      icon={Play}
      busy={act.pending}
      onClick={() => void act.run({ id: view.row.id, action: "resume" })}
    >
      {act.pending
        ? words.acting
        : view.stopped?.why.kind === "rule"
          ? words.resumeRule
          : words.resume}
    </Button>
  );
}

/** What can be decided of the group that is under way: back to what ran before, or the next batch. */
export function CarDecisions({ release }: { release: string }) {
  const view = useFeed({ kind: "release", release }).byId.get(release);
  if (!view) return null;
  return (
    <>
      {view.actions.includes("abort") ? <AbortButton view={view} /> : null}
      {view.row.state === "resting" && view.actions.includes("continue") ? (
        <ContinueButton view={view} />
      ) : null}
    </>
  );
}

/** The word that the next group waits for. It changes what runs at once. */
export function BeginButton({ view }: { view: TrainView }) {
  const words = useText().release.train;
  const act = useOrder("train_act");
  const coming = view.cars.find(({ group }) => group === view.next);
  if (!coming) return null;
  return (
    <Button
      kind={coming.environment.protected ? "production" : "filled"}
      icon={Play}
      busy={act.pending}
      onClick={() => void act.run({ id: view.row.id, action: "begin", group: coming.group })}
    >
      {act.pending ? words.acting : words.begin(nameOf(view, coming.group))}
    </Button>
  );
}

/** Before the group that is planned before it. */
export function EarlierButton({ view, group }: { view: TrainView; group: string }) {
  const words = useText().release.train;
  const edit = useOrder("train_edit");
  const waiting = view.cars.filter(({ state }) => state === "waiting").map((car) => car.group);
  const at = waiting.indexOf(group);
  if (at < 1) return null;
  const groups = waiting.toSpliced(at, 1).toSpliced(at - 1, 0, group);
  return (
    <IconButton
      small
      icon={ArrowUp}
      label={words.earlier(nameOf(view, group))}
      busy={edit.pending}
      onClick={() => void edit.run({ id: view.row.id, change: { kind: "order", groups } })}
    />
  );
}

/** Without a group that has not begun, or past one that has fallen. */
export function SkipButton({ view, car }: { view: TrainView; car: CarView }) {
  const words = useText().release.train;
  const act = useOrder("train_act");
  const name = visible(car.name);
  const waiting = car.state === "waiting";
  return (
    <Button
      small
      kind="ghost"
      busy={act.pending}
      aria-label={waiting ? words.leaveOutOf(name) : words.skipOf(name)}
      onClick={() => void act.run({ id: view.row.id, action: "skip", group: car.group })}
    >
      {waiting ? words.leaveOut : words.skip}
    </Button>
  );
}

/** For good: asked before. */
export function EndButton({ view }: { view: TrainView }) {
  const words = useText().release.train;
  const [asked, setAsked] = useState(false);
  const act = useOrder("train_act", { onDone: () => setAsked(false) });
  return (
    <>
      <Button kind="danger" onClick={() => setAsked(true)}>
        {words.end}
      </Button>
      <Dialog
        open={asked}
        onClose={() => setAsked(false)}
        title={words.endTitle}
        description={words.endText}
        action={{
          label: act.pending ? words.acting : words.endDo,
          kind: "danger",
          busy: act.pending,
          onAction: () => void act.run({ id: view.row.id, action: "end" }),
        }}
      />
    </>
  );
}
