import { useState } from "react";
import { create } from "zustand";
import { later } from "./later";
import type { MarkState } from "./StatusMark";

export interface ToastText {
  state: MarkState;
  title: string;
  text?: string | undefined;
  action?: { label: string; onAction: () => void } | undefined;
}

/** Notices that nobody has shown yet. */
const useWaiting = create<{ waiting: ToastText[] }>(() => ({ waiting: [] }));

/** They are the caller's to show now. */
function take(): ToastText[] {
  const { waiting } = useWaiting.getState();
  if (waiting.length > 0) useWaiting.setState({ waiting: [] });
  return waiting;
}

const ToastList = later(async () => (await import("./ToastList")).ToastList);

/** Shows a notice for 6 s; errors stay until closed. Callable from anywhere. */
export function toast(notice: ToastText): void {
  useWaiting.setState(({ waiting }) => ({ waiting: [...waiting, notice] }));
}

/** Where notices appear: once, at the root. */
export function Toasts() {
  const { waiting } = useWaiting();
  const [used, setUsed] = useState(false);
  if (waiting.length > 0 && !used) setUsed(true);
  return used ? <ToastList waiting={waiting.length} take={take} /> : null;
}
