import { useFormat, useText } from "~/i18n";
import type { PlanView } from "~/wire/types";
import css from "./batches.module.css";
import { saySizes, sayStrategy } from "./plan";

/** How a release moves: the pods of its batches, and what it waits for between them. */
export function Strategy({
  way,
  first,
}: {
  way: Pick<PlanView, "batches" | "count">;
  /** Nothing ran before. */
  first: boolean;
}) {
  const text = useText();
  const format = useFormat();
  const sizes = saySizes(way, format);
  return (
    <>
      {sizes ? <code className={css.sizes}>{sizes}</code> : null}
      {first ? text.release.plan.first : sayStrategy(way, text, format)}
    </>
  );
}
