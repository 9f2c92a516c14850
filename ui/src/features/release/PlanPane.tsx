import { FileSearch, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  type Column,
  EmptyState,
  ErrorState,
  Facts,
  type MarkState,
  PodCells,
  Skeleton,
  Status,
  Table,
  VersionChange,
  visible,
} from "~/kit";
import type { PlanView, Verdict, VerdictLevel } from "~/wire/types";
import css from "./new.module.css";
import { PlanDiff } from "./PlanDiff";
import { podsOnTheWay, sayStrategy, sayVerdict } from "./plan";

const marks: Record<VerdictLevel, MarkState> = { ok: "ok", warning: "warn", blocks: "danger" };

/** What will happen: the checks, the pods on the way, and the change as the server would store it. */
export function PlanPane({
  asked,
  query,
  onAgain,
  fix,
}: {
  asked: boolean;
  query: { data: PlanView | undefined; error: unknown; isFetching: boolean };
  onAgain: () => void;
  /** Where what stands in the way can be corrected. */
  fix: ReactNode;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.release.plan;
  const { data: plan, error, isFetching } = query;
  return (
    <div className={css.plan}>
      <div className={css.planHead}>
        <h2 className={css.heading}>
          <span className={css.number} aria-hidden="true">
            3
          </span>
          {words.title}
          <span className={css.at} aria-live="polite">
            {isFetching
              ? words.checking
              : plan && !error
                ? words.checkedAt(format.time(plan.as_of))
                : null}
          </span>
        </h2>
        {asked ? (
          <Button kind="ghost" icon={RefreshCw} busy={isFetching} onClick={onAgain}>
            {words.checkAgain}
          </Button>
        ) : null}
      </div>
      {!asked ? (
        <EmptyState icon={FileSearch} title={words.chooseFirst}>
          {words.chooseFirstText}
        </EmptyState>
      ) : error && !isFetching ? (
        <>
          <ErrorState error={error} onRetry={onAgain} />
          <div className={css.fix}>{fix}</div>
        </>
      ) : plan ? (
        <Plan plan={plan} />
      ) : (
        <Skeleton rows={6} rowHeight={28} />
      )}
    </div>
  );
}

function Plan({ plan }: { plan: PlanView }) {
  const text = useText();
  const format = useFormat();
  const words = text.release.plan;
  const columns: Column<Verdict>[] = [
    {
      key: "check",
      header: words.preflight,
      width: "minmax(160px, 1fr)",
      cell: (verdict) => words.check[verdict.check],
    },
    {
      key: "found",
      header: <strong className={css.groupName}>{plan.group_name}</strong>,
      width: "minmax(200px, 2fr)",
      cell: (verdict) => (
        <span className={css.found} title={sayVerdict(verdict, text)}>
          <Status state={marks[verdict.level]}>{sayVerdict(verdict, text)}</Status>
        </span>
      ),
    },
  ];
  return (
    <>
      <Table
        flow
        label={words.preflight}
        rows={plan.verdicts}
        columns={columns}
        rowKey={(verdict) => `${verdict.check}/${verdict.code}`}
        rowHeight={28}
      />
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
  const way = podsOnTheWay(plan);
  return (
    <>
      <p>
        {plan.first
          ? words.firstPods(n(plan.count))
          : words.extraAndNever(
              plan.surge > 0 ? words.extra(n(plan.surge)) : words.noExtra,
              words.never(n(plan.count - plan.unavailable)),
            )}
      </p>
      <div className={css.way}>
        {way.map(({ key, pods }, index) => (
          <span key={key} className={css.moment}>
            {index > 0 ? (
              <span className={css.arrow} aria-hidden="true">
                →
              </span>
            ) : null}
            <span>
              <PodCells size="large" pods={pods} />
              <span className={css.caption}>{words[key]}</span>
            </span>
          </span>
        ))}
      </div>
    </>
  );
}
