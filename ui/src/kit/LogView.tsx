import { ArrowDownToLine } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { Button } from "./Button";
import { cx } from "./cx";
import css from "./LogView.module.css";
import type { LogBuffer, LogLine } from "./log";
import { visible } from "./text";
import { VirtualList } from "./VirtualList";
import { useWords } from "./Words";

const LINE = 18;
const SCROLL_KEYS = new Set(["ArrowUp", "PageUp", "Home"]);

/**
 * Lines of one or more pods. While following, the newest line stays in sight; only a real wheel, key or a pull at the
 * scrollbar ends that, never a scroll that measuring or new lines caused.
 */
export function LogView({
  buffer,
  label,
  search,
  wrap,
  tools,
  facts,
}: {
  buffer: LogBuffer;
  label: string;
  search?: string | undefined;
  wrap?: boolean | undefined;
  /** Left part of the tool bar. */
  tools?: ReactNode;
  /** Left part of the foot. */
  facts?: ReactNode;
}) {
  "use no memo";
  const words = useWords();
  const version = useSyncExternalStore(buffer.subscribe, () => buffer.version);
  const scroller = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the lines
  useLayoutEffect(() => {
    if (following) toEnd(scroller.current);
  }, [version, following, wrap]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // Growing and shrinking of the dock must not look like a scroll either.
    const observer = new ResizeObserver(() => {
      if (following) toEnd(element);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [following]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (SCROLL_KEYS.has(event.key)) setFollowing(false);
    if (event.key === "End") setFollowing(true);
  };

  return (
    <div className={css.log}>
      <div className={css.tools}>
        <div className={css.toolsLeft}>{tools}</div>
        <Button
          small
          kind={following ? "tint" : "default"}
          icon={ArrowDownToLine}
          aria-pressed={following}
          onClick={() => setFollowing(!following)}
        >
          {following ? words.following : words.follow}
        </Button>
      </div>
      <div
        ref={scroller}
        className={css.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        tabIndex={0}
        role="log"
        aria-label={label}
        aria-live="off"
        onKeyDown={onKeyDown}
        onWheel={(event) => {
          if (event.deltaY < 0) setFollowing(false);
        }}
        onPointerDown={(event) => {
          // Beside the content lies the scrollbar.
          const element = event.currentTarget;
          if (event.nativeEvent.offsetX >= element.clientWidth) setFollowing(false);
        }}
      >
        <VirtualList
          count={buffer.length}
          height={() => LINE}
          itemKey={(index) => index}
          scroller={scroller}
          measured={wrap}
          overscan={20}
        >
          {(index) => {
            const line = buffer.at(index);
            return line ? <Line line={line} buffer={buffer} search={search} wrap={wrap} /> : null;
          }}
        </VirtualList>
      </div>
      <div className={css.foot}>
        <span className={css.footFacts}>{facts}</span>
        {buffer.skipped > 0 ? <span>{words.linesSkipped(buffer.skipped)}</span> : null}
        <span>{words.linesKept(buffer.length)}</span>
      </div>
    </div>
  );
}

function toEnd(element: HTMLElement | null) {
  if (element) element.scrollTop = element.scrollHeight;
}

function Line({
  line,
  buffer,
  search,
  wrap,
}: {
  line: LogLine;
  buffer: LogBuffer;
  search: string | undefined;
  wrap: boolean | undefined;
}) {
  if (line.skipped) {
    return <div className={cx(css.line, css.gap)}>{visible(line.text)}</div>;
  }
  const level = line.level?.toUpperCase();
  return (
    <div className={cx(css.line, line.edge && css[line.edge], wrap && css.wrap)}>
      {line.time ? <span className={css.time}>{line.time}</span> : null}
      {line.pod ? (
        <span
          className={css.pod}
          style={{ color: `var(--p${line.edge === "failing" ? 9 : buffer.colourOf(line.pod)})` }}
        >
          {visible(line.pod).slice(-5)}
        </span>
      ) : null}
      {level ? (
        <span
          className={cx(
            css.level,
            level.startsWith("WARN") && css.warnLevel,
            /^(ERR|FATAL|PANIC|CRIT)/.test(level) && css.errorLevel,
          )}
        >
          {level}
        </span>
      ) : null}
      <span className={css.text}>{highlight(visible(line.text), search)}</span>
    </div>
  );
}

function highlight(text: string, search: string | undefined): ReactNode {
  if (!search) return text;
  const needle = search.toLowerCase();
  const hay = text.toLowerCase();
  const parts: ReactNode[] = [];
  let end = 0;
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, end)) {
    parts.push(text.slice(end, at));
    end = at + needle.length;
    parts.push(<mark key={at}>{text.slice(at, end)}</mark>);
  }
  parts.push(text.slice(end));
  return parts;
}
