import { useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { cx, ProgressBar, Select, StatusMark, visible } from "~/kit";
import type { CarView, Soak, SoakDraft, TrainView } from "~/wire/types";
import css from "./page.module.css";
import { isOver, SOAKS, saySeconds } from "./words";

/** What lies between a group and the one before it; before one that has not begun it can be changed. */
export function SoakRow({ view, at, now }: { view: TrainView; at: number; now: Date }) {
  const car = view.cars[at];
  const before = view.cars.slice(0, at).findLast(({ release }) => release?.state === "succeeded");
  if (!car?.soak || car.state === "skipped") return null;
  const over = isOver(view.row.state);
  if (car.state === "begun" || over) {
    if (car.soak.seconds === 0) return null;
    return <Soaked soak={car.soak} car={car} before={before} />;
  }
  return <Soaking view={view} soak={car.soak} car={car} now={now} />;
}

/** Over, with when it was. */
function Soaked({ soak, car, before }: { soak: Soak; car: CarView; before: CarView | undefined }) {
  const format = useFormat();
  const words = useText().release.train;
  const said = saySeconds(soak.seconds, format);
  const begun = car.release?.created;
  const from = before?.release?.ended;
  return (
    <div className={cx(css.soak, begun && css.went)}>
      <StatusMark state={begun ? "ok" : "idle"} />
      <span className={css.soakText}>
        <strong>{begun && from ? words.soaked(said) : words.soakRow(said)}</strong>{" "}
        {begun && from ? words.soakedBetween(format.time(from), format.time(begun)) : null}
      </span>
    </div>
  );
}

function Soaking({
  view,
  soak,
  car,
  now,
}: {
  view: TrainView;
  soak: Soak;
  car: CarView;
  now: Date;
}) {
  const format = useFormat();
  const words = useText().release.train;
  const name = visible(car.name);
  const whole = soak.seconds * 1000;
  const here = view.next === car.group && view.earliest !== null;
  const end = new Date(view.earliest ?? 0).getTime();
  const left = Math.max(0, end - now.getTime());
  const said = () => {
    if (here && (view.paused !== null || view.stopped !== null)) return words.soakHeld(name);
    if (here && left > 0) {
      return soak.ask
        ? words.soakLeftAsks(name, format.time(end), format.duration(left))
        : words.soakLeft(name, format.time(end), format.duration(left));
    }
    if (view.next === car.group && view.asks) return words.soakAsks(name);
    if (here) return words.soakOver(name);
    return soak.ask ? words.thenAsks(name) : words.thenBegins(name);
  };
  return (
    <div className={cx(css.soak, here && css.went)}>
      <StatusMark
        state={here ? (left > 0 || !view.asks ? "rolling" : "resting") : "idle"}
        still={left === 0}
      />
      <span className={css.soakText}>
        <strong>
          {whole > 0 ? words.soakRow(saySeconds(soak.seconds, format)) : words.soakNone}
        </strong>{" "}
        {said()}
      </span>
      {here && whole > 0 ? (
        <span className={css.soakBar}>
          <ProgressBar label={words.soakProgress} value={Math.max(0, whole - left)} of={whole} />
        </span>
      ) : null}
      <Between view={view} soak={soak} car={car} />
    </div>
  );
}

/** How long it is, and whether a person is asked: changed here, it holds for whoever goes on with the train. */
function Between({ view, soak, car }: { view: TrainView; soak: Soak; car: CarView }) {
  const format = useFormat();
  const words = useText().release.train;
  const edit = useOrder("train_edit");
  const name = visible(car.name);
  const seconds = String(soak.seconds);
  const set = (part: Partial<SoakDraft>) =>
    void edit.run({
      id: view.row.id,
      change: { kind: "soak", group: car.group, soak: { soak: seconds, ask: soak.ask, ...part } },
    });
  const times = SOAKS.includes(seconds) ? SOAKS : [...SOAKS, seconds];
  return (
    <span className={css.between}>
      <Select
        small
        label={words.soakBefore(name)}
        value={seconds}
        disabled={edit.pending}
        onChange={(chosen) => set({ soak: chosen })}
        options={times
          .toSorted((one, other) => Number(one) - Number(other))
          .map((value) => ({
            value,
            label: value === "0" ? words.noSoak : saySeconds(value, format),
          }))}
      />
      <Select
        small
        label={words.askBefore(name)}
        value={soak.ask ? "ask" : "begin"}
        disabled={edit.pending}
        onChange={(chosen) => set({ ask: chosen === "ask" })}
        options={[
          { value: "begin", label: words.beginItself },
          { value: "ask", label: words.askFirst },
        ]}
      />
    </span>
  );
}
