import { Pause, Play } from "lucide-react";
import { useState } from "react";
import { useFeed, useOrder } from "~/data";
import { useText } from "~/i18n";
import { Button, Dialog } from "~/kit";
import type { TrainView } from "~/wire/types";
import { ContinueButton } from "../actions";

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

/** The next batch of the group that rests. */
export function ContinueCarButton({ release }: { release: string }) {
  const view = useFeed({ kind: "release", release }).byId.get(release);
  return view?.actions.includes("continue") ? <ContinueButton view={view} /> : null;
}

export function SkipButton({
  view,
  group,
  name,
}: {
  view: TrainView;
  group: string;
  name: string;
}) {
  const words = useText().release.train;
  const act = useOrder("train_act");
  return (
    <Button
      small
      kind="ghost"
      busy={act.pending}
      aria-label={words.skipOf(name)}
      onClick={() => void act.run({ id: view.row.id, action: "skip", group })}
    >
      {words.skip}
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
