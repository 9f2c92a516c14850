import type { Catalogue } from "./en";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

export type Moment = Date | string | number;

/** Intl abbreviates with a dot in the middle of our sentences, and sets Chinese units against their number. */
function tidy(said: string): string {
  return said.replaceAll(".", "").replace(/(\d)(?=\p{Script=Han})/gu, "$1 ");
}

/** A number and its unit apart, for cells that set the unit back. */
export interface Amount {
  value: string;
  unit: string;
}

/** Every number, amount and time of the window, through Intl, in one place. */
export class Format {
  private readonly decimal: Intl.NumberFormat;
  private readonly short: Intl.NumberFormat;
  private readonly relativeFormat: Intl.RelativeTimeFormat;
  private readonly clock: Intl.DateTimeFormat;
  private readonly weekday: Intl.DateTimeFormat;
  private readonly day: Intl.DateTimeFormat;
  private readonly dayOfYear: Intl.DateTimeFormat;
  private readonly full: Intl.DateTimeFormat;

  constructor(
    readonly locale: string,
    private readonly text: Catalogue,
  ) {
    this.decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
    this.short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
    this.relativeFormat = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
    this.clock = new Intl.DateTimeFormat(locale, {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    this.weekday = new Intl.DateTimeFormat(locale, { weekday: "short" });
    this.day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
    this.dayOfYear = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
    this.full = new Intl.DateTimeFormat(locale, {
      dateStyle: "full",
      timeStyle: "medium",
      hourCycle: "h23",
    });
  }

  number(value: number): string {
    return this.decimal.format(value);
  }

  /** 0.27 → 27 %; with one digit, 0.003 → 0.3 % */
  percent(share: number, digits = 0): string {
    return new Intl.NumberFormat(this.locale, {
      style: "percent",
      maximumFractionDigits: digits,
    }).format(share);
  }

  /** 222298112 → 212 MiB */
  bytes(bytes: number): string {
    const { value, unit } = this.byteParts(bytes);
    return `${value} ${unit}`;
  }

  byteParts(bytes: number): Amount {
    let step = 0;
    let value = bytes;
    while (Math.abs(value) >= 1024 && step < UNITS.length - 1) {
      value /= 1024;
      step++;
    }
    // 1023.7 rounds to 1024, which is 1 of the next unit.
    const rounded = value >= 100 ? Math.round(value) : value;
    return { value: this.short.format(rounded), unit: UNITS[step] ?? "B" };
  }

  /** In three digits, which is enough beside a line: 151.03 → 151 */
  brief(value: number): string {
    return this.short.format(value);
  }

  /** Thousandths of a core: 131 → 131m, 1500 → 1.5 */
  cpu(milli: number): string {
    const { value, unit } = this.cpuParts(milli);
    return `${value}${unit}`;
  }

  cpuParts(milli: number): Amount {
    return milli < 1000
      ? { value: this.decimal.format(Math.round(milli)), unit: "m" }
      : { value: this.short.format(milli / 1000), unit: "" };
  }

  /** A length of time in its two largest units: 2 min 26 sec. */
  duration(ms: number): string {
    const seconds = Math.max(0, Math.round(ms / 1000));
    const parts: [number, string][] = [
      [Math.floor(seconds / 86_400), "day"],
      [Math.floor((seconds % 86_400) / 3600), "hour"],
      [Math.floor((seconds % 3600) / 60), "minute"],
      [seconds % 60, "second"],
    ];
    const first = parts.findIndex(([count]) => count > 0);
    const said = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2);
    return said
      .filter(([count], index) => count > 0 || index === 0)
      .map(([count, unit]) =>
        tidy(
          new Intl.NumberFormat(this.locale, { style: "unit", unit, unitDisplay: "short" }).format(
            count,
          ),
        ),
      )
      .join(" ");
  }

  /** How long it has been: 3 min ago. */
  relative(at: Moment, now: Moment = Date.now()): string {
    const ms = new Date(at).getTime() - new Date(now).getTime();
    if (Number.isNaN(ms)) return "–";
    const size = Math.abs(ms);
    if (size < 5_000) return this.text.common.justNow;
    if (size < MINUTE) return this.ago(ms / 1000, "second");
    if (size < HOUR) return this.ago(ms / MINUTE, "minute");
    if (size < DAY) return this.ago(ms / HOUR, "hour");
    if (size < 30 * DAY) return this.ago(ms / DAY, "day");
    return this.dayOfYear.format(new Date(at));
  }

  private ago(count: number, unit: Intl.RelativeTimeFormatUnit): string {
    return tidy(this.relativeFormat.format(Math.trunc(count), unit));
  }

  /** 22:14 */
  time(at: Moment): string {
    return this.guard(at, (date) => this.clock.format(date));
  }

  /** As short as it stays clear: 22:14 today, Wed 16:20 this week, 12 Nov, then with the year. */
  dateTime(at: Moment, now: Moment = Date.now()): string {
    return this.guard(at, (date) => {
      const present = new Date(now);
      if (date.toDateString() === present.toDateString()) return this.clock.format(date);
      const age = present.getTime() - date.getTime();
      if (age >= 0 && age < 6 * DAY) {
        return `${this.weekday.format(date)} ${this.clock.format(date)}`;
      }
      if (date.getFullYear() === present.getFullYear()) return this.day.format(date);
      return this.dayOfYear.format(date);
    });
  }

  /** Feb 18, 2026 */
  date(at: Moment): string {
    return this.guard(at, (date) => this.dayOfYear.format(date));
  }

  /** Everything, for the title on hover. */
  exact(at: Moment): string {
    return this.guard(at, (date) => this.full.format(date));
  }

  list(items: string[]): string {
    return (
      new Intl.ListFormat(this.locale, { type: "conjunction" })
        .format(items)
        // Chinese sets names and numbers off from its own signs.
        .replace(/(\w)和/g, "$1 和")
        .replace(/和(\w)/g, "和 $1")
    );
  }

  private guard(at: Moment, say: (date: Date) => string): string {
    const date = new Date(at);
    return Number.isNaN(date.getTime()) ? "–" : say(date);
  }
}
