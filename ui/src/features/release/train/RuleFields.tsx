import { useFormat, useText } from "~/i18n";
import { Checkbox, Input, Row, Select } from "~/kit";
import type { RulesDraft } from "~/wire/types";
import css from "./train.module.css";
import { LIMITS, saySeconds } from "./words";

/** The stop rules of a train, as they are typed. */
export function RuleFields({
  draft,
  onDraft,
  wrong,
}: {
  draft: RulesDraft;
  onDraft: (part: Partial<RulesDraft>) => void;
  /** Whether a field is refused. */
  wrong: (field: string) => boolean;
}) {
  const format = useFormat();
  const words = useText().release.train;
  const limits = LIMITS.includes(draft.limit) ? LIMITS : [...LIMITS, draft.limit];
  return (
    <div className={css.rules}>
      <Checkbox checked={draft.restarts} onChange={(restarts) => onDraft({ restarts })}>
        {words.rule.restarts}
      </Checkbox>
      <Checkbox checked={draft.ready} onChange={(ready) => onDraft({ ready })}>
        {words.rule.ready}
      </Checkbox>
      {(["cpu", "memory"] as const).map((rule) => {
        const name = rule === "cpu" ? words.cpuRule : words.memoryRule;
        return (
          <Row key={rule}>
            <span className={css.ruleName}>{name}</span>
            <Input
              className={css.percent}
              aria-label={name}
              inputMode="numeric"
              invalid={wrong(rule)}
              value={draft[rule]}
              placeholder="–"
              suffix="%"
              onChange={(value) => onDraft({ [rule]: value })}
            />
          </Row>
        );
      })}
      <Row>
        <span className={css.ruleName}>{words.limit}</span>
        <Select
          small
          label={words.limit}
          value={draft.limit}
          onChange={(limit) => onDraft({ limit })}
          options={limits.map((value) => ({
            value,
            label: value === "" ? words.noLimit : saySeconds(value, format),
          }))}
        />
      </Row>
    </div>
  );
}
