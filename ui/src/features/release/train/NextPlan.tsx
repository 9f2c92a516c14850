import { useEach, useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, ErrorState, Skeleton } from "~/kit";
import type { TrainAction, TrainView } from "~/wire/types";
import { Plan } from "../PlanPane";
import css from "./page.module.css";
import { nameOf } from "./words";

/** The plan of the next group as it is now, and the button that confirms it with those of the groups after it. */
export function NextPlan({
  view,
  groups,
  title,
  said,
  heading,
  action,
  label,
  onBack,
}: {
  view: TrainView;
  /** The next one first. */
  groups: string[];
  title?: string;
  said?: string;
  heading: string;
  action: TrainAction;
  label: string;
  onBack?: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.release.train;
  const queries = useEach(
    "release_plan",
    groups.map((group) => ({ group, image: view.image })),
  );
  const act = useOrder("train_act", { onDone: () => onBack?.() });
  const [next] = queries;
  // Those that cannot be planned now are asked again when it is their turn.
  const plans = queries.flatMap(({ data, error }) => (data && !error ? [data] : []));
  const blocked = next?.data?.verdicts.filter(({ level }) => level === "blocks").length ?? 0;
  const others = plans.filter(({ group }) => group !== groups[0]);
  const asking = queries.some(({ isFetching }) => isFetching);
  const coming = view.cars.find(({ group }) => group === groups[0]);
  return (
    <section className={css.plan} aria-label={heading || title}>
      <div className={css.planHead}>
        <div className={css.planTitles}>
          {title ? <h3>{title}</h3> : null}
          {said ? <p>{said}</p> : null}
          {heading ? <h3>{heading}</h3> : null}
        </div>
        {onBack ? (
          <Button kind="ghost" onClick={onBack}>
            {words.back}
          </Button>
        ) : null}
        <Button
          kind={coming?.environment.protected ? "production" : "filled"}
          busy={act.pending}
          disabled={asking || (groups.length > 0 && !next?.data)}
          notYet={blocked > 0 ? text.release.plan.blocked(String(blocked)) : false}
          lockedTitle={text.release.plan.blockedWhy}
          onClick={() =>
            void act.run({ id: view.row.id, action, plans: plans.map(({ hash }) => hash) })
          }
        >
          {act.pending ? words.acting : label}
        </Button>
      </div>
      {next?.error ? (
        <ErrorState compact error={next.error} onRetry={() => void next.refetch()} />
      ) : next?.data ? (
        <Plan plan={next.data} />
      ) : next ? (
        <Skeleton rows={5} rowHeight={28} />
      ) : null}
      {others.length > 0 ? (
        <p className={css.others}>
          {words.otherPlans(format.list(others.map(({ group }) => nameOf(view, group))))}
        </p>
      ) : null}
    </section>
  );
}
