export interface LogLine {
  text: string;
  /** As it shall stand there: 22:45:40.118 */
  time?: string | undefined;
  pod?: string | undefined;
  level?: string | undefined;
  /** Left edge: the version of the pod. */
  edge?: "old" | "new" | "failing" | undefined;
  /** This many lines are left out here; the text says why. */
  skipped?: number | undefined;
}

/** How long the first line that is not yet shown waits at most. A fixed deadline, never moved by later lines. */
const FLUSH_MS = 50;

/**
 * Lines of a log, bounded in number. What is dropped from its head is counted. A view subscribes; lines that come in
 * are told in one go at most every 50 ms, also when they never stop coming.
 */
export class LogBuffer {
  /** Rises with every visible change. */
  version = 0;
  /** Lines dropped from the head, or left out by the sender. */
  skipped = 0;
  private lines: LogLine[] = [];
  private pending: LogLine[] = [];
  private settled: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly colours = new Map<string, number>();

  constructor(private readonly limit = 50_000) {}

  get length(): number {
    return this.lines.length;
  }

  at(index: number): LogLine | undefined {
    return this.lines[index];
  }

  /** Takes lines; resolves once they are in what the view draws, which is when a pipe may be acknowledged. */
  append(lines: LogLine[]): Promise<void> {
    this.pending.push(...lines);
    return new Promise((resolve) => {
      this.settled.push(resolve);
      this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
    });
  }

  clear(): void {
    this.lines = [];
    this.pending = [];
    this.skipped = 0;
    this.tell();
  }

  /** A colour from 1 to 8 for each pod, in order of appearance. */
  colourOf(pod: string): number {
    let colour = this.colours.get(pod);
    if (colour === undefined) {
      colour = (this.colours.size % 8) + 1;
      this.colours.set(pod, colour);
    }
    return colour;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private flush(): void {
    this.timer = undefined;
    for (const line of this.pending) this.skipped += line.skipped ?? 0;
    this.lines = this.lines.concat(this.pending);
    this.pending = [];
    const over = this.lines.length - this.limit;
    if (over > 0) {
      this.lines = this.lines.slice(over);
      this.skipped += over;
    }
    this.tell();
    const settled = this.settled;
    this.settled = [];
    for (const resolve of settled) resolve();
  }

  private tell(): void {
    this.version++;
    for (const listener of this.listeners) listener();
  }
}
