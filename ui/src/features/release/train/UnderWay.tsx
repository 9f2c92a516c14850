import { Link } from "@tanstack/react-router";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Status, visible } from "~/kit";
import { personOf } from "../state";
import css from "./page.module.css";
import { trainMark } from "./words";

/** Trains that are not over, above the releases that they are made of. */
export function UnderWay({ app }: { app: string }) {
  const words = useText().release.train;
  const format = useFormat();
  const trains = useCall("train_list", app).data ?? [];
  if (trains.length === 0) return null;
  return (
    <ul className={css.underWay} aria-label={words.underWay}>
      {trains.map((train) => (
        <li key={train.id}>
          <Status state={trainMark(train.state)}>{words.state[train.state]}</Status>
          <Link to="/app/$app/releases/trains/$train" params={{ app, train: train.id }}>
            {words.rowOf(visible(train.version))}
          </Link>
          <span className={css.subtle}>
            {words.passed(format.number(train.passed), format.number(train.cars))}
          </span>
          <span className={css.subtle}>{visible(personOf(train.author))}</span>
        </li>
      ))}
    </ul>
  );
}
