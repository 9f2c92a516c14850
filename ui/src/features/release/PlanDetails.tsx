import { useFormat, useText } from "~/i18n";
import { Facts, PodCells, VersionChange, visible } from "~/kit";
import type { PlanView } from "~/wire/types";
import css from "./new.module.css";
import { PlanDiff } from "./PlanDiff";
import { podsOnTheWay, saySizes, sayStrategy } from "./plan";

/** What a plan does: the image, how it moves, the pods on the way, and the change as the server would store it. */
export function PlanDetails({ plan }: { plan: PlanView }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.plan;
  return (
    <>
      <div className={css.facts}>
        <Facts
          labelWidth={88}
          items={[
            {
              label: words.image,
              value: (
                <>
                  <VersionChange from={plan.from_version} to={plan.to_version} moving />{" "}
                  <code className={css.reference}>{visible(plan.image)}</code>
                </>
              ),
            },
            {
              label: words.strategy,
              value: [
                plan.first ? words.first : sayStrategy(plan, text, format),
                !plan.first && plan.from_version === plan.to_version ? words.same : null,
              ]
                .filter(Boolean)
                .join(". "),
            },
            { label: words.pods, value: <Pods plan={plan} /> },
            {
              label: words.cluster,
              value: (
                <>
                  {plan.cluster}{" "}
                  <code className={css.reference}>{`${plan.namespace}/${plan.workload}`}</code>
                </>
              ),
            },
            ...(plan.objects.length > 0
              ? [
                  {
                    label: words.objects,
                    value: <code>{plan.objects.map(visible).join(", ")}</code>,
                  },
                ]
              : []),
          ]}
        />
      </div>
      <PlanDiff plan={plan} />
    </>
  );
}

/** The group before, at its fullest on the way, and after; the words say what the cells can not. */
function Pods({ plan }: { plan: PlanView }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.plan;
  const n = (value: number) => format.number(value);
  if (plan.count === 0) return words.noPods;
  const way = podsOnTheWay(plan, text, format);
  const sizes = plan.first ? null : saySizes(plan, format);
  return (
    <>
      <p>
        {sizes ? <code className={css.sizes}>{sizes}</code> : null}
        {plan.first
          ? words.firstPods(n(plan.count))
          : words.extraAndNever(
              plan.surge > 0 ? words.extra(n(plan.surge)) : words.noExtra,
              words.never(n(plan.count - plan.unavailable)),
            )}
      </p>
      <div className={css.way}>
        {way.map(({ key, pods, caption, next }, index) => (
          <span key={key} className={css.moment}>
            {index > 0 ? (
              <span className={css.arrow} aria-hidden="true">
                →
              </span>
            ) : null}
            <span>
              <PodCells size="large" pods={pods} />
              <span className={css.caption}>
                {caption} <span className={css.subtle}>{next}</span>
              </span>
            </span>
          </span>
        ))}
      </div>
    </>
  );
}
