import { useState } from "react";
import { useFormat, useText } from "~/i18n";
import { Button, Timeline } from "~/kit";
import type { TrainView } from "~/wire/types";
import releaseCss from "../release.module.css";
import { eventsOf, type Releases } from "./events";
import css from "./page.module.css";

/** More than these stand behind a button: a train may have many groups, and each of them many batches. */
const SHOWN = 30;

/** Who did what when, of the train and of the batches of its groups. */
export function TrainTimeline({ view, releases }: { view: TrainView; releases: Releases }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.train;
  const [all, setAll] = useState(false);
  const entries = eventsOf(view, releases, text, format);
  const shown = all ? entries : entries.slice(0, SHOWN);
  return (
    <section className={releaseCss.part}>
      <h3>{words.timeline}</h3>
      <Timeline label={words.timeline} entries={shown} />
      {shown.length < entries.length ? (
        <div className={css.showAll}>
          <Button small onClick={() => setAll(true)}>
            {words.event.showAll(format.number(entries.length))}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
