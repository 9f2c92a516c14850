import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Field, Input, NumberStepper, PodCells, Row, Section, Segment, Select } from "~/kit";
import type { Split, StrategyKind, StrategyPreview } from "~/wire/types";
import { numberOf } from "./draft";
import css from "./fields.module.css";
import type { DraftPath } from "./path";
import { Steps } from "./Steps";
import { cellsAfter, firstSteps, inUnit, type Unit, unitOf } from "./strategy";
import type { GroupForm } from "./useGroupForm";

const BATCHES_MAX = 100;
const nothing: StrategyPreview = { batches: [], least: 0, most: 0 };

/** How a release replaces the pods, with a drawing of what that means for this count. */
export function StrategySection({ form }: { form: GroupForm }) {
  const text = useText();
  const format = useFormat();
  const words = text.groupForm;
  const { strategy } = form.draft;
  const count = Math.max(0, Math.trunc(numberOf(form.draft.count) ?? 0));
  const preview = useStrategy(form);
  const explicit = strategy.kind === "batches" && strategy.split === "explicit";
  const split = (next: Split) =>
    form.set("strategy", {
      ...strategy,
      split: next,
      steps:
        next === "explicit" && strategy.steps.length === 0
          ? firstSteps(strategy, preview.batches)
          : strategy.steps,
    });
  return (
    <Section
      id="strategy"
      title={words.section.strategy}
      note={text.group.edit.podsCount(format.number(count))}
      actions={
        <>
          <Segment<StrategyKind>
            label={words.section.strategy}
            value={strategy.kind}
            onChange={(kind) => form.set("strategy.kind", kind)}
            options={[
              { value: "rolling", label: words.rolling },
              { value: "batches", label: words.batches },
            ]}
          />
          {strategy.kind === "batches" ? (
            <Segment<Split>
              label={words.split}
              value={strategy.split}
              onChange={split}
              options={[
                { value: "even", label: words.even },
                { value: "explicit", label: words.explicit },
              ]}
            />
          ) : null}
          {explicit ? (
            <Segment<Unit>
              label={words.unit}
              value={unitOf(strategy.steps)}
              onChange={(unit) => form.set("strategy.steps", inUnit(strategy.steps, unit, count))}
              options={[
                { value: "pods", label: words.inPods },
                { value: "percent", label: words.inPercent },
              ]}
            />
          ) : null}
        </>
      }
    >
      {explicit ? <Steps form={form} count={count} batches={preview.batches} /> : null}
      {strategy.kind === "batches" && !explicit ? <Even form={form} /> : null}
      <Field group label="" {...form.fieldProps("strategy.kind", "strategy.split")}>
        <Drawing
          batches={preview.batches}
          count={count}
          least={preview.least}
          most={preview.most}
          cells={strategy.kind === "batches" && !explicit}
        />
      </Field>
      <Limits form={form} />
    </Section>
  );
}

/** What the strategy means for the count, as the core works it out. */
function useStrategy(form: GroupForm): StrategyPreview {
  const { strategy, count } = form.draft;
  return useCall("strategy_preview", { strategy, count }, { keep: true }).data ?? nothing;
}

/** `10 → 1 · 4 · 5`, the group after each batch, and the sentence of what stays. */
function Drawing({
  batches,
  count,
  least,
  most,
  cells,
}: StrategyPreview & { count: number; cells: boolean }) {
  const format = useFormat();
  const words = useText().groupForm;
  const after = batches.map((_, at) => batches.slice(0, at + 1).reduce((sum, one) => sum + one, 0));
  const before = after.at(-2) ?? 0;
  return (
    <div className={css.drawing}>
      <strong className={css.sizes}>
        {`${format.number(count)} → ${batches.map((size) => format.number(size)).join(" · ") || "0"}`}
      </strong>
      {cells && batches.length <= 6
        ? after.map((done, at) => (
            <span key={done} className={css.after}>
              {at > 0 ? <span aria-hidden="true">→</span> : null}
              <PodCells pods={cellsAfter(done, count)} />
            </span>
          ))
        : null}
      <span className={css.note}>
        {batches.length > 1
          ? words.stays(
              format.number(count - before),
              format.number(count),
              format.number(batches.length),
            )
          : words.atOnce}{" "}
        {words.readyWhile(format.number(least), format.number(most))}
      </span>
    </div>
  );
}

/** So many batches of one size, with a canary before them. */
function Even({ form }: { form: GroupForm }) {
  const words = useText().groupForm;
  const { strategy } = form.draft;
  return (
    <Field
      group
      label={words.batches}
      {...form.fieldProps(
        "strategy.number",
        "strategy.canary",
        "strategy.pace.approval",
        "strategy.pace.seconds",
      )}
    >
      <Row>
        <NumberStepper
          label={words.number}
          value={numberOf(strategy.number)}
          min={1}
          max={BATCHES_MAX}
          invalid={form.isWrong("strategy.number")}
          onChange={(value) => form.set("strategy.number", value === null ? "" : String(value))}
        />
        <Input
          className={css.small}
          prefix={words.canary}
          placeholder={words.noCanary}
          aria-label={words.canary}
          {...form.input("strategy.canary")}
        />
        <PaceInput form={form} path="strategy.pace" label={words.pace} />
      </Row>
    </Field>
  );
}

/** What follows a batch: a person, or time. */
export function PaceInput({
  form,
  path,
  label,
}: {
  form: GroupForm;
  path: Extract<DraftPath, `${string}pace`>;
  label: string;
}) {
  const words = useText().groupForm;
  const pace = form.at(path);
  return (
    <span className={css.pace}>
      <Select<"approval" | "wait">
        className={css.paceKind}
        label={label}
        value={pace.approval ? "approval" : "wait"}
        onChange={(kind) => form.set(`${path}.approval`, kind === "approval")}
        options={[
          { value: "approval", label: words.approval },
          { value: "wait", label: words.wait },
        ]}
      />
      {pace.approval ? null : (
        <Input
          className={css.seconds}
          inputMode="numeric"
          suffix={words.seconds}
          aria-label={`${label}: ${words.wait}`}
          {...form.input(`${path}.seconds`)}
        />
      )}
    </span>
  );
}

function Limits({ form }: { form: GroupForm }) {
  const words = useText().groupForm;
  const limits = [
    ["max_surge", words.maxSurge, undefined],
    ["max_unavailable", words.maxUnavailable, undefined],
    ["min_ready_seconds", words.minReady, words.seconds],
    ["progress_deadline_seconds", words.deadline, words.seconds],
  ] as const;
  return (
    <Field
      group
      label={words.limits}
      hint={words.limitsHint}
      {...form.fieldProps(...limits.map(([part]) => `strategy.${part}`))}
    >
      <div className={css.limits}>
        {limits.map(([part, label, suffix]) => (
          <Input
            key={part}
            className={css.number}
            prefix={label}
            suffix={suffix}
            aria-label={label}
            {...form.input(`strategy.${part}`)}
          />
        ))}
      </div>
    </Field>
  );
}
