import { Lock } from "lucide-react";
import { useFormat, useText } from "~/i18n";
import { Button, Icon, Status, visible } from "~/kit";
import type { CellValue, ValueMatrix } from "~/wire/types";
import { blockingOf, countCells } from "./values";
import css from "./values.module.css";

/** What the signs of a cell mean. */
export function Legend() {
  const words = useText().config.matrix;
  return (
    <div className={css.legend}>
      <span>
        <b className={css.exampleSet}>32</b> {words.legendSet}
      </span>
      <span>
        <span className={css.exampleDefault}>20</span> {words.legendDefault}
      </span>
      <span>
        <Icon of={Lock} size={12} /> {words.legendSecret}
      </span>
      <span>
        <i className={css.corner} /> {words.legendPending}
      </span>
    </div>
  );
}

/** Sentences under the matrix: which group is blocked and by what, with two ways out; what does not run yet. */
export function Blocks({
  matrix,
  onCopy,
  onDefault,
}: {
  matrix: ValueMatrix;
  onCopy: (key: string, group: string, value: CellValue) => void;
  onDefault: (key: string) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.config.matrix;
  const pending = countCells(matrix, "pending");
  const unused = matrix.keys.filter(({ uses }) => uses.length === 0);
  const waiting = matrix.groups
    .map(({ name }, at) => ({
      name,
      count: matrix.keys.filter(({ cells }) => cells[at]?.pending).length,
    }))
    .filter(({ count }) => count > 0);
  return (
    <div className={css.foot}>
      {blockingOf(matrix).map((block) => {
        const { source, use } = block;
        return (
          <p key={block.group} className={css.sentence}>
            <Status state="danger">
              {words.blocks(format.number(block.count), block.groupName)}
            </Status>
            <span className={css.why}>
              <code>{visible(block.key)}</code>{" "}
              {use
                ? use.file
                  ? words.usedIn(visible(use.name), format.number(use.line))
                  : words.usedByVariable(visible(use.name))
                : null}
            </span>
            {source ? (
              <Button small onClick={() => onCopy(block.key, block.group, source.value)}>
                {words.copyFrom(source.name)}
              </Button>
            ) : null}
            <Button small onClick={() => onDefault(block.key)}>
              {words.setDefault}
            </Button>
          </p>
        );
      })}
      {unused.length > 0 ? (
        <p className={css.sentence}>
          <Status state="warn">{words.unusedKeys(format.number(unused.length))}</Status>
          <span className={css.why}>
            <code>{unused.map(({ key }) => visible(key)).join(" · ")}</code>: {words.unusedText}
          </span>
        </p>
      ) : null}
      {pending > 0 ? (
        <p className={css.sentence}>
          <Status state="pending">{words.differFromRunning(format.number(pending))}</Status>
          <span className={css.why}>
            {waiting.map(({ name, count }) => `${name} ${format.number(count)}`).join(" · ")}
          </span>
        </p>
      ) : null}
    </div>
  );
}
