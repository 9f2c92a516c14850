import { create } from "zustand";

export type LogTimes = "off" | "local" | "utc" | "relative";

/** How logs look, in every tab alike. */
interface LogView {
  wrap: boolean;
  times: LogTimes;
  colours: "pod" | "version";
  /** JSON lines in columns. */
  json: boolean;
  set: (change: Partial<Omit<LogView, "set">>) => void;
}

export const useLogView = create<LogView>((set) => ({
  wrap: false,
  times: "local",
  colours: "pod",
  json: true,
  set: (change) => set(change),
}));

const two = (value: number) => String(value).padStart(2, "0");

/** The kubelet's time of a line, with milliseconds: they matter in a log. */
export function clock(at: string, times: LogTimes, now: number): string | undefined {
  if (times === "off") return undefined;
  const date = new Date(at);
  const ms = String(date.getUTCMilliseconds()).padStart(3, "0");
  if (times === "utc") return `${at.slice(11, 19)}.${ms}Z`;
  if (times === "local") {
    return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
  }
  const seconds = Math.max(0, (now - date.getTime()) / 1000);
  if (seconds < 60) return `-${seconds.toFixed(1)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `-${minutes}m${two(Math.floor(seconds % 60))}s`;
  if (minutes < 1440) return `-${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
  return `-${Math.floor(minutes / 1440)}d${two(Math.floor((minutes % 1440) / 60))}h`;
}
