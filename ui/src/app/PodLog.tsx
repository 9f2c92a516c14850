import { ScrollText, Search, WrapText } from "lucide-react";
import { useState } from "react";
import { usePipe } from "~/data";
import { sayError, useText } from "~/i18n";
import {
  Button,
  ErrorState,
  Input,
  LogBuffer,
  type LogLine,
  LogView,
  Segment,
  visible,
} from "~/kit";
import { parseLogLine } from "~/kit/logLine";
import css from "./PodLog.module.css";
import { useLayout } from "./page";

/** How many of the last lines a log begins with. */
const TAIL = 2_000;

interface PodLogProps {
  group: string;
  pod: string;
  container: string;
  /** Begin with the run before the current one: the log before the crash. */
  previous?: boolean | undefined;
  /** Version of the pod, at the left edge of its lines. */
  edge?: LogLine["edge"];
}

/** Opens the log of a pod in the dock, or brings it to the front. */
export function useOpenLog(): (log: PodLogProps) => void {
  const text = useText();
  const openTab = useLayout((layout) => layout.openTab);
  return (log) => {
    const short = visible(log.pod).slice(-5);
    openTab({
      id: `log/${log.group}/${log.pod}/${log.container}/${log.previous ? "previous" : "current"}`,
      title: log.previous ? text.instance.logBeforeOf(short) : text.instance.logOf(short),
      icon: ScrollText,
      content: <PodLog {...log} />,
    });
  };
}

/** The log of one container, read-only and live; the run before it is one switch away. */
function PodLog({ previous = false, ...log }: PodLogProps) {
  const [run, setRun] = useState<"current" | "previous">(previous ? "previous" : "current");
  const [attempt, setAttempt] = useState(0);
  return (
    <Run
      key={`${run}/${attempt}`}
      {...log}
      run={run}
      onRun={setRun}
      onAgain={() => setAttempt(attempt + 1)}
    />
  );
}

function Run({
  group,
  pod,
  container,
  edge,
  run,
  onRun,
  onAgain,
}: Omit<PodLogProps, "previous"> & {
  run: "current" | "previous";
  onRun: (run: "current" | "previous") => void;
  onAgain: () => void;
}) {
  const text = useText();
  const words = text.instance.log;
  const [buffer] = useState(() => new LogBuffer());
  const [search, setSearch] = useState("");
  const [wrap, setWrap] = useState(false);
  const pipe = usePipe(
    { kind: "logs", group, pod, container, previous: run === "previous", tail: TAIL },
    {
      onLines: (lines) => buffer.append(lines.map((line) => ({ ...parseLogLine(line), edge }))),
    },
  );

  const tools = (
    <>
      <Input
        className={css.search}
        icon={Search}
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        value={search}
        onChange={setSearch}
      />
      <Segment
        label={words.run}
        value={run}
        onChange={onRun}
        options={[
          { value: "current", label: words.current },
          { value: "previous", label: words.previous },
        ]}
      />
      <span className={css.container}>{words.container(visible(container))}</span>
      <span className={css.space} />
      <Button
        small
        kind={wrap ? "tint" : "default"}
        icon={WrapText}
        aria-pressed={wrap}
        onClick={() => setWrap(!wrap)}
      >
        {words.wrap}
      </Button>
    </>
  );

  if (pipe.state === "failed" && buffer.length === 0) {
    return (
      <div className={css.failed}>
        <div className={css.tools}>{tools}</div>
        <ErrorState error={pipe.error} onRetry={onAgain} />
      </div>
    );
  }
  return (
    <LogView
      buffer={buffer}
      label={words.of(visible(pod))}
      search={search}
      wrap={wrap}
      tools={tools}
      facts={
        pipe.state === "open" ? (
          words.open
        ) : (
          <>
            {pipe.state === "failed" ? sayError(pipe.error, text).title : words.ended}{" "}
            <Button kind="link" onClick={onAgain}>
              {words.retry}
            </Button>
          </>
        )
      }
    />
  );
}
