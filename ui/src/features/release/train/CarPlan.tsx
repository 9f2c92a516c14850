import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { ErrorState, Status, visible } from "~/kit";
import type { CarView, PlanView, TrainView } from "~/wire/types";
import { PlannedBatches } from "../Batches";
import { sayVerdict } from "../plan";
import css from "./page.module.css";

/** What will be done with a group that has not begun, as it is planned now. */
export function CarPlan({ view, car }: { view: TrainView; car: CarView }) {
  const words = useText().release.train;
  const format = useFormat();
  const query = useCall("release_plan", { group: car.group, image: view.image });
  const plan = query.data;
  if (query.error && !query.isFetching) {
    return (
      <>
        <p className={css.carText}>{words.car.waiting}</p>
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  if (!plan) {
    return (
      <p className={css.carText}>
        {words.car.waiting} {words.planning}
      </p>
    );
  }
  const checks = plan.verdicts.length;
  const passed = plan.verdicts.filter(({ level }) => level === "ok").length;
  return (
    <>
      <p className={css.carText}>
        {words.car.waiting}{" "}
        {words.planChecked(format.time(plan.as_of), format.number(passed), format.number(checks))}
      </p>
      <Blocks plan={plan} />
      <PlannedBatches plan={plan} />
      <PlanLine car={car} plan={plan} />
    </>
  );
}

/** What would keep it from beginning, were it its turn now. */
function Blocks({ plan }: { plan: PlanView }) {
  const text = useText();
  const blocks = plan.verdicts.filter(({ level }) => level === "blocks");
  return blocks.map((verdict) => (
    <Status key={`${verdict.check} ${verdict.code}`} state="danger">
      {sayVerdict(verdict, text)}
    </Status>
  ));
}

/** In one line: what changes, and whether there is room for it. */
function PlanLine({ car, plan }: { car: CarView; plan: PlanView }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.train.plan;
  const drafted = useCall("group_diff", {
    from: { group: car.group, side: { kind: "released" } },
    to: { group: car.group, side: { kind: "saved" } },
  });
  const changes = drafted.data?.changes ?? [];
  const files = changes.filter(({ section }) => section === "files");
  const others = changes.length - files.length;
  const parts = [
    plan.from_version === plan.to_version ? null : words.image,
    files.length > 0 ? words.files(files.length, format.number(files.length)) : null,
    others > 0 ? words.settings(others, format.number(others)) : null,
  ].filter((part) => part !== null);
  const quota = plan.verdicts.find(({ check }) => check === "quota");
  return (
    <dl className={css.planLine}>
      <div>
        <dt>{words.title}</dt>
        <dd>{parts.length > 0 ? format.list(parts) : words.nothing}</dd>
      </div>
      {files.slice(0, 2).map(({ field, count }) => (
        <div key={field}>
          <dt>
            <code>{visible(field)}</code>
          </dt>
          <dd>{words.changes(count, format.number(count))}</dd>
        </div>
      ))}
      {plan.diff.added + plan.diff.removed > 0 ? (
        <div>
          <dt>{words.objects}</dt>
          <dd>
            <span className={css.added}>{words.added(format.number(plan.diff.added))}</span>{" "}
            <span className={css.removed}>{words.removed(format.number(plan.diff.removed))}</span>
          </dd>
        </div>
      ) : null}
      {quota ? (
        <div>
          <dt>{text.release.plan.check.quota}</dt>
          <dd>{sayVerdict(quota, text)}</dd>
        </div>
      ) : null}
    </dl>
  );
}
