import { FileSearch, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { useFormat, useText } from "~/i18n";
import {
  Button,
  type Column,
  EmptyState,
  ErrorState,
  type MarkState,
  Skeleton,
  Status,
  Table,
} from "~/kit";
import type { PlanView, Verdict, VerdictLevel } from "~/wire/types";
import css from "./new.module.css";
import { PlanDetails } from "./PlanDetails";
import { sayVerdict } from "./plan";
import { type AskedPlan, PlanMatrix } from "./train/PlanMatrix";
import { VerdictText } from "./VerdictText";

const marks: Record<VerdictLevel, MarkState> = { ok: "ok", warning: "warn", blocks: "danger" };

/** What will happen: the checks, the pods on the way, and the change as the server would store it, group by group. */
export function PlanPane({
  plans,
  onAgain,
  onLeaveOut,
  fix,
}: {
  /** Empty: nothing is asked yet. */
  plans: AskedPlan[];
  onAgain: () => void;
  onLeaveOut: (group: string) => void;
  /** Where what stands in the way can be corrected. */
  fix: ReactNode;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.release.plan;
  const [only] = plans;
  const fetching = plans.some((plan) => plan.fetching);
  const times = plans.flatMap(({ data, error }) => (data && !error ? [data.as_of] : []));
  const oldest = times.toSorted()[0];
  return (
    <div className={css.plan}>
      <div className={css.planHead}>
        <h2 className={css.heading}>
          <span className={css.number} aria-hidden="true">
            3
          </span>
          {words.title}
          <span className={css.at} aria-live="polite">
            {fetching
              ? words.checking
              : oldest
                ? words.checkedAt(format.time(oldest), plans.length)
                : null}
          </span>
        </h2>
        {only ? (
          <Button kind="ghost" icon={RefreshCw} busy={fetching} onClick={onAgain}>
            {words.checkAgain}
          </Button>
        ) : null}
      </div>
      {!only ? (
        <EmptyState icon={FileSearch} title={words.chooseFirst}>
          {words.chooseFirstText}
        </EmptyState>
      ) : plans.length > 1 ? (
        <PlanMatrix plans={plans} onLeaveOut={onLeaveOut} onAgain={onAgain} />
      ) : only.error && !fetching ? (
        <>
          <ErrorState error={only.error} onRetry={onAgain} />
          <div className={css.fix}>{fix}</div>
        </>
      ) : only.data ? (
        <Plan plan={only.data} />
      ) : (
        <Skeleton rows={6} rowHeight={28} />
      )}
    </div>
  );
}

/** The checks of one plan, and what it does. */
export function Plan({ plan }: { plan: PlanView }) {
  const text = useText();
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
        <Status state={marks[verdict.level]}>
          <VerdictText check={verdict.check} group={plan.group}>
            {sayVerdict(verdict, text)}
          </VerdictText>
        </Status>
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
        grows
      />
      <PlanDetails plan={plan} />
    </>
  );
}
