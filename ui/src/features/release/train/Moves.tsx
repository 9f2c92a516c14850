import { useCall } from "~/data";
import { sayChange, useFormat, useText } from "~/i18n";
import { Copyable, Facts, TruncateMiddle, visible } from "~/kit";
import type { CarView, FieldChange, PlanView, ReleaseView, TrainView } from "~/wire/types";
import releaseCss from "../release.module.css";
import { Strategy } from "../Strategy";
import type { Releases } from "./events";
import css from "./page.module.css";
import { isOver } from "./words";

/** More changes than these are counted: each group's own page tells them all. */
const CHANGES_SHOWN = 4;

/** What the train brings: the image to all of its groups, and to each how it moves and which configuration is another. */
export function Moves({ view, releases }: { view: TrainView; releases: Releases }) {
  const text = useText();
  const words = text.release.train;
  const over = isOver(view.row.state);
  return (
    <section className={releaseCss.part}>
      <h3>{words.moves}</h3>
      <Facts
        labelWidth={56}
        items={[
          {
            label: text.release.image,
            value: <Copyable text={visible(view.image)} label={text.release.image} />,
          },
          ...(view.row.note ? [{ label: text.release.notes, value: visible(view.row.note) }] : []),
        ]}
      />
      {view.cars.map((car) => {
        const release = car.release ? releases.get(car.release.id) : undefined;
        if (release) return <BegunMoves key={car.group} car={car} release={release} />;
        const planned = car.state === "waiting" && car.cluster !== null && !over;
        return planned ? <PlannedMoves key={car.group} car={car} image={view.image} /> : null;
      })}
    </section>
  );
}

/** Of a group that has begun: as it was confirmed. */
function BegunMoves({ car, release }: { car: CarView; release: ReleaseView }) {
  const { row, image, changes } = release;
  return (
    <OfGroup
      car={car}
      way={release}
      first={row.from_version === null}
      changes={changes.filter((change) => !isImage(change, image))}
    />
  );
}

/** Of a group that has not: as it would be now. */
function PlannedMoves({ car, image }: { car: CarView; image: string }) {
  const plan = useCall("release_plan", { group: car.group, image }).data;
  const diff = useCall("group_diff", {
    from: { group: car.group, side: { kind: "released" } },
    to: { group: car.group, side: { kind: "saved" } },
  }).data;
  if (!plan) return null;
  const changes = diff?.changes.filter((change) => !isImage(change, plan.image));
  return <OfGroup car={car} way={plan} first={plan.first} changes={changes} />;
}

/** The image that the train brings is told once, for all of them. */
function isImage({ section, field, after }: FieldChange, image: string): boolean {
  const own = field === "image";
  return section === "container" && (own || (field.endsWith(".image") && after === image));
}

function OfGroup({
  car,
  way,
  first,
  changes,
}: {
  car: CarView;
  way: Pick<PlanView, "batches" | "count">;
  first: boolean;
  /** Nothing while it is not known. */
  changes: FieldChange[] | undefined;
}) {
  const text = useText();
  const words = text.release.train;
  const name = visible(car.name);
  return (
    <section className={css.ofGroup} aria-label={words.movesOf(name)}>
      <h4>{name}</h4>
      <Facts
        labelWidth={56}
        items={[
          {
            label: text.release.plan.strategy,
            value: <Strategy way={way} first={first} />,
          },
          ...(changes
            ? [{ label: text.release.objects, value: <Changes changes={changes} /> }]
            : []),
        ]}
      />
    </section>
  );
}

/** Each with what it was and is; of a file, how many of its places. */
function Changes({ changes }: { changes: FieldChange[] }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.train;
  if (changes.length === 0) return words.noConfig;
  const left = changes.length - CHANGES_SHOWN;
  return (
    <ul className={css.changes}>
      {changes.slice(0, CHANGES_SHOWN).map((change) => {
        const said = sayChange(change, text, format);
        const { unset } = text.release;
        return (
          <li key={`${change.section} ${change.field}`}>
            <code>
              <TruncateMiddle text={change.field.replace(/^variables\./, "")} tail={20} />
            </code>
            {said.word === undefined ? (
              <span className={css.change}>
                {said.before === null ? null : `${visible(said.before)} → `}
                {visible(said.after ?? unset)}
              </span>
            ) : (
              <span className={css.change}>{said.word}</span>
            )}
          </li>
        );
      })}
      {left > 0 ? <li>{words.moreChanges(format.number(left))}</li> : null}
    </ul>
  );
}
