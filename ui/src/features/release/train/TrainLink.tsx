import { Link } from "@tanstack/react-router";
import { useFormat, useText } from "~/i18n";
import type { ReleaseRow } from "~/wire/types";

/** That a release is part of a train, and the way there. */
export function TrainLink({
  row: { app, train },
  className,
}: {
  row: ReleaseRow;
  className?: string | undefined;
}) {
  const words = useText().release.train;
  const format = useFormat();
  if (train === null) return null;
  return (
    <Link
      className={className}
      to="/app/$app/releases/trains/$train"
      params={{ app, train: train.id }}
    >
      {words.partOf(format.number(train.car), format.number(train.cars))}
    </Link>
  );
}
