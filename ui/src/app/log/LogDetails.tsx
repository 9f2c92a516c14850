import { X } from "lucide-react";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, IconButton, visible } from "~/kit";
import { copyText } from "~/platform";
import type { LogLine, LogPart } from "~/wire/types";
import { bare } from "./ansi";
import { prettyJson } from "./json";
import css from "./LogPanel.module.css";

/** One line whole: as far as it is kept, and JSON with a line a field. */
export function LogDetails({
  log,
  line,
  part,
  onClose,
}: {
  log: string;
  line: LogLine;
  part: LogPart | undefined;
  onClose: () => void;
}) {
  const text = useText();
  const words = text.log;
  const format = useFormat();
  const read = { log, from: line.number, count: 1, found: false, whole: true };
  const whole = useCall("log_rows", read, { enabled: line.more > 0 }).data?.rows[0] ?? line;
  const shown = prettyJson(bare(whole.text)) ?? bare(whole.text);
  return (
    <aside className={css.details} aria-label={words.line}>
      <header>
        <span>
          {format.exact(line.at)}
          {part ? ` · ${visible(part.pod)} · ${visible(part.container)}` : ""}
        </span>
        <Button small kind="ghost" onClick={() => void copyText(whole.text)}>
          {words.copyLine}
        </Button>
        <IconButton small icon={X} label={text.common.close} onClick={onClose} />
      </header>
      <pre>
        {shown.split("\n").map(visible).join("\n")}
        {whole.left_out > 0 ? `\n${words.leftOut(format.bytes(whole.left_out))}` : ""}
      </pre>
    </aside>
  );
}
