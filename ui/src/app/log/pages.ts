import type { LogLine, LogRows } from "~/wire/types";

/** Rows that are asked for in one go. */
const PAGE = 100;
/** Pages that are kept; those furthest from what is shown go first. */
const KEPT = 24;

interface Page {
  rows: Map<number, LogLine>;
  /** What is known may be no more. */
  stale: boolean;
  asking: boolean;
}

/**
 * The rows of a log near what is shown, by their place. The window holds only these; what is not here is asked for, and
 * what was here stays until the answer comes.
 */
export class LogPages {
  private pages = new Map<number, Page>();
  private wanted: [number, number] = [0, 0];
  private end = 0;
  private snapshot = { at: (row: number) => this.find(row) };
  private readonly listeners = new Set<() => void>();

  constructor(private readonly ask: (from: number, count: number) => Promise<LogRows>) {}

  /** Another object after each change. */
  read = () => this.snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** What is shown, of so many rows. */
  want(from: number, until: number, end: number): void {
    this.wanted = [from, until];
    this.end = end;
    this.load();
  }

  /** Rows may stand elsewhere now. */
  forget(): void {
    for (const page of this.pages.values()) page.stale = true;
    this.load();
  }

  private find(row: number): LogLine | undefined {
    return this.pages.get(Math.floor(row / PAGE))?.rows.get(row);
  }

  private load(): void {
    const [from, until] = this.wanted;
    for (let at = Math.floor(from / PAGE); at * PAGE < Math.min(until, this.end); at++) {
      const page = this.pages.get(at) ?? { rows: new Map(), stale: true, asking: false };
      this.pages.set(at, page);
      const last = Math.min(this.end, (at + 1) * PAGE) - 1;
      if (!page.asking && (page.stale || !page.rows.has(last))) void this.fill(at, page);
    }
    this.trim();
  }

  private async fill(at: number, page: Page): Promise<void> {
    const begin = at * PAGE;
    const end = this.end;
    page.asking = true;
    page.stale = false;
    try {
      const { from, rows } = await this.ask(begin, Math.min(PAGE, end - begin));
      page.rows = new Map(rows.map((row, index) => [from + index, row]));
      this.tell();
      page.asking = false;
      // What came meanwhile.
      if (page.stale || this.end > end) this.load();
    } catch {
      // The feed of the log says what is wrong with it; it is asked again with the next change.
      page.asking = false;
      page.stale = true;
    }
  }

  private trim(): void {
    const middle = (this.wanted[0] + this.wanted[1]) / 2 / PAGE;
    const far = [...this.pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const at of far.slice(0, Math.max(0, this.pages.size - KEPT))) this.pages.delete(at);
  }

  private tell(): void {
    this.snapshot = { at: (row: number) => this.find(row) };
    for (const listener of this.listeners) listener();
  }
}
