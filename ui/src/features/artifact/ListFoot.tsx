import { useFormat, useText } from "~/i18n";
import { Button } from "~/kit";
import type { ArtifactPage } from "~/wire/types";
import css from "./artifact.module.css";
import { Trouble } from "./Trouble";
import { useAges } from "./useAges";

/** How much of the list this is, and what is not known of it. */
export function ListFoot({
  app,
  list,
  byTime,
}: {
  app: string;
  list: ArtifactPage;
  byTime: boolean;
}) {
  const format = useFormat();
  const words = useText().artifact;
  const ages = useAges(app);
  const unknown = byTime && list.looked < list.total;
  return (
    <>
      {ages.error ? (
        <Trouble error={ages.error} read={list.read} onRetry={() => void ages.start()} />
      ) : null}
      <div className={css.foot}>
        <span>
          {words.foot(
            format.number(list.matching),
            // What is gone stands in the list, too.
            format.number(Math.max(list.matching, list.total)),
          )}
        </span>
        {list.more ? <span>{words.cut(format.number(list.total))}</span> : null}
        {list.rows.some(({ gone }) => gone) ? <span>{words.goneText}</span> : null}
        {ages.done !== null ? (
          <>
            <span role="status">
              {words.readingAges(format.number(ages.done), format.number(list.total))}
            </span>
            <Button small onClick={ages.stop}>
              {words.stop}
            </Button>
          </>
        ) : unknown ? (
          <>
            <span>{words.timesKnown(format.number(list.looked), format.number(list.total))}</span>
            <Button small onClick={() => void ages.start()}>
              {words.readAges}
            </Button>
          </>
        ) : null}
      </div>
    </>
  );
}
