import { useState } from "react";
import { type Catalogue, useFormat, useText } from "~/i18n";
import {
  Button,
  type Column,
  cx,
  ErrorState,
  type MarkState,
  Skeleton,
  Status,
  Table,
  Tabs,
} from "~/kit";
import type { CallError } from "~/platform";
import type { Check, PlanView, Verdict, VerdictLevel } from "~/wire/types";
import { PlanDetails } from "../PlanDetails";
import { sayVerdict } from "../plan";
import { VerdictText } from "../VerdictText";
import css from "./train.module.css";

/** What is known of the plan of one of several groups. */
export interface AskedPlan {
  group: string;
  name: string;
  data: PlanView | undefined;
  error: CallError | null;
  fetching: boolean;
}

const marks: Record<VerdictLevel, MarkState> = { ok: "ok", warning: "warn", blocks: "danger" };
const GRAVITY: VerdictLevel[] = ["ok", "warning", "blocks"];

interface CheckRow {
  check: Check;
  /** Of each group, by its id. */
  found: Map<string, Verdict[]>;
}

/** Checks down, groups across; below it what the plan of the chosen group will do. */
export function PlanMatrix({
  plans,
  onLeaveOut,
  onAgain,
}: {
  plans: AskedPlan[];
  onLeaveOut: (group: string) => void;
  onAgain: () => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.release.train;
  const [open, setOpen] = useState<string | null>(null);
  const known = plans.filter(({ data, error }) => data !== undefined && !error);
  const chosen = known.find(({ group }) => group === open) ?? known[0];
  const columns: Column<CheckRow>[] = [
    {
      key: "check",
      header: text.release.plan.preflight,
      width: "minmax(180px, 1fr)",
      cell: ({ check }) => text.release.plan.check[check],
    },
    ...plans.map(
      ({ group, name }): Column<CheckRow> => ({
        key: group,
        header: <strong className={css.group}>{name}</strong>,
        width: "minmax(140px, 1.2fr)",
        cell: ({ found }) => <Found verdicts={found.get(group) ?? []} />,
      }),
    ),
  ];
  return (
    <>
      <div className={css.matrix}>
        <Table
          flow
          label={text.release.plan.preflight}
          rows={rowsOf(known)}
          columns={columns}
          rowKey={({ check }) => check}
          rowHeight={28}
        />
      </div>
      {plans
        .filter(({ data, error }) => data === undefined && !error)
        .map(({ group }) => (
          <Skeleton key={group} rows={1} rowHeight={28} />
        ))}
      {plans.map(({ group, name, data, error, fetching }) => {
        if (error && !fetching) {
          return (
            <div key={group} className={css.blocked}>
              <div className={css.reason}>
                <strong>{name}</strong>
                <ErrorState compact error={error} onRetry={onAgain} />
              </div>
              <LeaveOut name={name} onLeaveOut={() => onLeaveOut(group)} />
            </div>
          );
        }
        const blocks = data?.verdicts.filter(({ level }) => level === "blocks") ?? [];
        if (blocks.length === 0) return null;
        return (
          <div key={group} className={css.blocked}>
            <p className={css.reason}>
              <strong>{words.blocked(name)}</strong>{" "}
              {format.list(blocks.map((verdict) => sayVerdict(verdict, text)))}
            </p>
            <LeaveOut name={name} onLeaveOut={() => onLeaveOut(group)} />
          </div>
        );
      })}
      {warningsOf(known, text).map(({ key, check, group, names, said }) => (
        <div key={key} className={cx(css.blocked, css.warned)}>
          <p className={css.reason}>
            <strong>
              {words.ofGroups(
                names.length === plans.length ? text.release.list.allGroups : format.list(names),
              )}
            </strong>{" "}
            <VerdictText check={check} group={group}>
              {said}
            </VerdictText>
          </p>
        </div>
      ))}
      {chosen?.data ? (
        <>
          <div className={css.tabs}>
            <Tabs
              label={words.planOf}
              value={chosen.group}
              onChange={setOpen}
              items={known.map(({ group, name, data }) => ({
                value: group,
                label: name,
                count: (data?.diff.added ?? 0) + (data?.diff.removed ?? 0),
              }))}
            />
          </div>
          <PlanDetails plan={chosen.data} />
        </>
      ) : null}
    </>
  );
}

function LeaveOut({ name, onLeaveOut }: { name: string; onLeaveOut: () => void }) {
  const words = useText().release.train;
  return (
    <Button small aria-label={words.leaveOutOf(name)} onClick={onLeaveOut}>
      {words.leaveOut}
    </Button>
  );
}

/** In one line; what is to be looked at is told as a whole below. */
function Found({ verdicts }: { verdicts: Verdict[] }) {
  const text = useText();
  const format = useFormat();
  if (verdicts.length === 0) return <span className={css.subtle}>–</span>;
  const level =
    GRAVITY.findLast((one) => verdicts.some((verdict) => verdict.level === one)) ?? "ok";
  const said = format.list(
    verdicts.filter((one) => one.level === level).map((one) => sayVerdict(one, text)),
  );
  return (
    <Status state={marks[level]}>
      <span title={said}>{said}</span>
    </Status>
  );
}

interface Warning {
  key: string;
  check: Check;
  group: string;
  /** All groups of which it is said in these words. */
  names: string[];
  said: string;
}

/** What is to be looked at, once for all groups of which it is said alike. A merge is of one group. */
function warningsOf(plans: AskedPlan[], text: Catalogue): Warning[] {
  const warnings = new Map<string, Warning>();
  for (const { group, name, data } of plans) {
    for (const verdict of data?.verdicts ?? []) {
      if (verdict.level !== "warning") continue;
      const { check } = verdict;
      const said = sayVerdict(verdict, text);
      const key = [check, said, check === "meanwhile" ? group : ""].join(" ");
      const warning = warnings.get(key) ?? { key, check, group, names: [], said };
      warnings.set(key, { ...warning, names: [...warning.names, name] });
    }
  }
  return [...warnings.values()];
}

/** Every check that any of them has, in the order of the first. */
function rowsOf(plans: AskedPlan[]): CheckRow[] {
  const rows = new Map<Check, CheckRow>();
  for (const { group, data } of plans) {
    for (const verdict of data?.verdicts ?? []) {
      const row = rows.get(verdict.check) ?? { check: verdict.check, found: new Map() };
      row.found.set(group, [...(row.found.get(group) ?? []), verdict]);
      rows.set(verdict.check, row);
    }
  }
  return [...rows.values()];
}
