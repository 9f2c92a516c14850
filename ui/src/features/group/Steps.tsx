import { GripVertical, Plus, X } from "lucide-react";
import type { KeyboardEvent, PointerEvent } from "react";
import { useFormat, useText } from "~/i18n";
import { Button, Field, Icon, IconButton, NumberStepper, PodCells, Slider } from "~/kit";
import { useNarrow } from "~/kit/media";
import { numberOf } from "./draft";
import css from "./fields.module.css";
import { PaceInput } from "./StrategySection";
import { amountOf, cellsAfter, podsOf, sizeOf, unitOf } from "./strategy";
import type { GroupForm } from "./useGroupForm";

/** Explicit steps, one a row: its size, the group after it, and what follows. What they leave is the last batch. */
export function Steps({
  form,
  count,
  batches,
}: {
  form: GroupForm;
  count: number;
  batches: readonly number[];
}) {
  const text = useText();
  const format = useFormat();
  const words = text.groupForm;
  const { steps } = form.draft.strategy;
  const percent = unitOf(steps) === "percent";
  const cells = useNarrow() ? "small" : "large";
  const doneAfter = (at: number) => batches.slice(0, at + 1).reduce((sum, one) => sum + one, 0);
  const rest = batches.length > steps.length ? batches.at(-1) : undefined;
  const move = (from: number, to: number) => {
    const moved = steps.filter((_, at) => at !== from);
    const step = steps[from];
    if (step) form.set("strategy.steps", [...moved.slice(0, to), step, ...moved.slice(to)]);
  };
  const done = (at: number, note: string | undefined) => (
    <span className={css.note}>
      {words.doneOf(format.number(doneAfter(at)), format.number(count))}
      {note ? ` · ${note}` : null}
    </span>
  );
  // The end of a batch follows the hand at once; the batches that the core makes of it come after it.
  const endOf = (at: number, size: string) =>
    Math.min(count, doneAfter(at - 1) + podsOf(size, count));
  return (
    <>
      {steps.map((step, at) => {
        const name = words.batch(format.number(at + 1));
        const last = at === batches.length - 1;
        return (
          <Field
            // biome-ignore lint/suspicious/noArrayIndexKey: a step has no identity but its place
            key={at}
            group
            label={name}
            {...form.fieldProps(
              `strategy.steps.${at}.size`,
              `strategy.steps.${at}.pace.approval`,
              `strategy.steps.${at}.pace.seconds`,
              ...(at === 0 ? ["strategy.steps"] : []),
            )}
          >
            <div className={css.step} data-step={at}>
              <MoveHandle at={at} last={steps.length - 1} name={name} onMove={move} />
              <span className={css.size}>
                <NumberStepper
                  label={words.sizeOf(name)}
                  value={numberOf(amountOf(step.size))}
                  min={1}
                  invalid={form.isWrong(`strategy.steps.${at}.size`)}
                  onChange={(value) =>
                    form.set(
                      `strategy.steps.${at}.size`,
                      value === null ? "" : percent ? `${value}%` : String(value),
                    )
                  }
                />
                {percent ? "%" : null}
              </span>
              {at < batches.length ? (
                <>
                  <Slider
                    label={words.endOf(name)}
                    value={endOf(at, step.size)}
                    valueText={words.doneOf(
                      format.number(endOf(at, step.size)),
                      format.number(count),
                    )}
                    least={doneAfter(at - 1) + 1}
                    max={count}
                    onChange={(end) =>
                      form.set(
                        `strategy.steps.${at}.size`,
                        sizeOf(end - doneAfter(at - 1), percent ? "percent" : "pods", count),
                      )
                    }
                  >
                    <PodCells size={cells} pods={cellsAfter(endOf(at, step.size), count)} />
                  </Slider>
                  {done(at, at === 0 && batches.length > 1 ? words.canaryNote : undefined)}
                </>
              ) : (
                <span className={css.note}>{words.nothingLeft}</span>
              )}
              <span className={css.follows}>
                {last ? (
                  <span className={css.note}>{words.thenDone}</span>
                ) : (
                  <PaceInput
                    form={form}
                    path={`strategy.steps.${at}.pace`}
                    label={words.paceOf(name)}
                  />
                )}
                <IconButton
                  icon={X}
                  label={words.removeBatch(format.number(at + 1))}
                  onClick={() => form.removeRow("strategy.steps", at)}
                />
              </span>
            </div>
          </Field>
        );
      })}
      {rest === undefined ? null : (
        <Field group label={words.batch(format.number(batches.length))}>
          <div className={css.step}>
            <span className={css.handle} aria-hidden="true" />
            <span className={css.restSize}>{format.number(rest)}</span>
            <PodCells size={cells} pods={cellsAfter(count, count)} />
            {done(batches.length - 1, words.rest)}
            <span className={css.follows}>
              <span className={css.note}>{words.thenDone}</span>
            </span>
          </div>
        </Field>
      )}
      <Field group label="" {...(steps.length === 0 ? form.fieldProps("strategy.steps") : {})}>
        <Button
          small
          kind="ghost"
          icon={Plus}
          className={css.start}
          onClick={() =>
            form.addRow("strategy.steps", {
              size: percent ? "10%" : "1",
              pace: steps.at(-1)?.pace ?? { approval: true, seconds: "600" },
            })
          }
        >
          {words.addBatch}
        </Button>
      </Field>
    </>
  );
}

/** Drags a batch among the others; the arrow keys do the same. */
function MoveHandle({
  at,
  last,
  name,
  onMove,
}: {
  at: number;
  last: number;
  name: string;
  onMove: (from: number, to: number) => void;
}) {
  const words = useText().groupForm;
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    const to = at + (event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0);
    if (to === at || to < 0 || to > last) return;
    event.preventDefault();
    onMove(at, to);
    // The keyboard goes on with what it moved.
    const rows = event.currentTarget.closest("section");
    requestAnimationFrame(() =>
      rows?.querySelector<HTMLElement>(`[data-step="${to}"] button`)?.focus(),
    );
  };
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const onEnd = (end: globalThis.PointerEvent) => {
      handle.removeEventListener("pointerup", onEnd);
      if (end.type !== "pointerup") return;
      const under = document.elementFromPoint(end.clientX, end.clientY);
      const to = Number(under?.closest<HTMLElement>("[data-step]")?.dataset.step ?? Number.NaN);
      if (Number.isInteger(to) && to !== at) onMove(at, to);
    };
    handle.addEventListener("pointerup", onEnd);
    handle.addEventListener("pointercancel", onEnd, { once: true });
  };
  return (
    <button
      type="button"
      className={css.handle}
      aria-label={words.moveBatch(name)}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
    >
      <Icon of={GripVertical} size={14} />
    </button>
  );
}
