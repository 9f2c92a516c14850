import type { LogLine, LogRows } from "~/wire/types";

/** Rows that are asked for in one go. */
const PAGE = 100;
/** Pages that are kept; those furthest from what is shown go first. */
const KEPT = 24;
/** Followed lines that are asked for before the place for them is known. */
const LINES = 40;
/** Between two pictures of lines that are gone before anybody could read them, ms. */
const LEAP = 100;

/** What a log has now. Its rows have lasting numbers; the list that shows them begins at one of them. */
export interface Extent {
  /** The number of the list's first row. */
  base: number;
  /** The oldest line. */
  first: number;
  end: number;
  /** Its end is followed. */
  follows: boolean;
}

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
  private extent: Extent = { base: 0, first: 0, end: 0, follows: false };
  /** Rows of the list that are drawn. */
  private drawn: [number, number] = [0, 0];
  /** What is followed: the last rows as they are known, and for which of them they were asked. */
  private tail: LogRows = { from: 0, rows: [] };
  private answered: [number, number] | null = null;
  private asking = false;
  private snapshot = this.known();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly ask: (from: number, count: number) => Promise<LogRows>) {}

  /** Another object after each change. */
  read = () => this.snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** There is so much now. */
  grow(extent: Extent): void {
    this.extent = extent;
    this.load();
  }

  /** The list draws these of its rows. */
  show(from: number, until: number): void {
    this.drawn = [from, until];
    this.load();
  }

  /** Rows may stand elsewhere now. */
  forget(): void {
    for (const page of this.pages.values()) page.stale = true;
    this.answered = null;
    this.load();
  }

  private wanted(): [number, number] {
    const { base, first, end, follows } = this.extent;
    const [from, until] = this.drawn;
    if (!follows) return [from + base, Math.min(until + base, end)];
    return [Math.max(first, end - Math.max(until - from, LINES)), end];
  }

  private load(): void {
    if (!this.extent.follows) this.fillAll();
    else if (!this.asking) void this.catchUp();
  }

  /** The rows, those of them that are drawn, and where those end that are followed. */
  private known() {
    return {
      at: (row: number) => this.find(row),
      inSight: (): LogLine[] => {
        const [from, until] = this.wanted();
        const rows = Array.from({ length: until - from }, (_, at) => this.find(from + at));
        return rows.filter((row) => row !== undefined);
      },
      end: this.tail.from + this.tail.rows.length,
    };
  }

  private find(row: number): LogLine | undefined {
    const ofTail = this.tail.rows[row - this.tail.from];
    const ofPage = this.pages.get(Math.floor(row / PAGE))?.rows.get(row);
    return this.extent.follows ? (ofTail ?? ofPage) : (ofPage ?? ofTail);
  }

  /** One question at a time: what comes meanwhile is in the next one. */
  private async catchUp(): Promise<void> {
    this.asking = true;
    try {
      for (;;) {
        const asked = this.wanted();
        const [from, end] = asked;
        if (!this.extent.follows || end === 0 || String(asked) === String(this.answered)) break;
        const leapt = this.answered !== null && from > this.answered[1];
        this.answered = asked;
        this.tail = await this.ask(from, end - from);
        this.tell();
        if (leapt) await new Promise((done) => setTimeout(done, LEAP));
      }
    } catch {
      // The feed of the log says what is wrong with it; it is asked again with the next change.
      this.answered = null;
    } finally {
      this.asking = false;
    }
  }

  private fillAll(): void {
    const [from, until] = this.wanted();
    for (let at = Math.floor(from / PAGE); at * PAGE < until; at++) {
      const page = this.pages.get(at) ?? { rows: new Map(), stale: true, asking: false };
      this.pages.set(at, page);
      const last = Math.min(this.extent.end, (at + 1) * PAGE) - 1;
      if (!page.asking && (page.stale || !page.rows.has(last))) void this.fill(at, page);
    }
    this.trim();
  }

  private async fill(at: number, page: Page): Promise<void> {
    const begin = at * PAGE;
    const { end } = this.extent;
    page.asking = true;
    page.stale = false;
    try {
      const { from, rows } = await this.ask(begin, Math.min(PAGE, end - begin));
      page.rows = new Map(rows.map((row, index) => [from + index, row]));
      this.tell();
      page.asking = false;
      // What came meanwhile.
      if (page.stale || this.extent.end > end) this.load();
    } catch {
      // The feed of the log says what is wrong with it; it is asked again with the next change.
      page.asking = false;
      page.stale = true;
    }
  }

  private trim(): void {
    const [from, until] = this.wanted();
    const middle = (from + until) / 2 / PAGE;
    const far = [...this.pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const at of far.slice(0, Math.max(0, this.pages.size - KEPT))) this.pages.delete(at);
  }

  private tell(): void {
    this.snapshot = this.known();
    for (const listener of this.listeners) listener();
  }
}
