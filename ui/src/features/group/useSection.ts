import { type RefObject, useEffect, useState } from "react";
import { useView } from "~/app/page";
import { type FormSection, sections } from "./sections";

/** What a person does with the page: from then on it stays where they put it. */
const hands = ["wheel", "pointerdown", "keydown"] as const;

/** Which section is looked at: the one in the address at first, then the one with the keyboard. */
export function useSection(column: RefObject<HTMLDivElement | null>) {
  const [step, setStep] = useView("step");
  const [current, setCurrent] = useState<FormSection>(
    sections.find((section) => section === step) ?? "basics",
  );
  const show = (section: FormSection) =>
    column.current?.querySelector(`#${section}`)?.scrollIntoView({ block: "start" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the address said at first
  useEffect(() => {
    const content = column.current?.firstElementChild;
    if (step === undefined || !content) return;
    // What stands above it arrives bit by bit, and each bit would push it away again.
    const observer = new ResizeObserver(() => show(current));
    observer.observe(content);
    if (column.current) observer.observe(column.current);
    show(current);
    const leave = () => {
      observer.disconnect();
      for (const event of hands) window.removeEventListener(event, leave, true);
    };
    for (const event of hands) window.addEventListener(event, leave, true);
    return leave;
  }, []);
  useEffect(() => {
    const place = column.current;
    const onFocus = (event: FocusEvent) => {
      const id = event.target instanceof Element ? event.target.closest("section")?.id : undefined;
      const section = sections.find((one) => one === id);
      if (section) setCurrent(section);
    };
    place?.addEventListener("focusin", onFocus);
    return () => place?.removeEventListener("focusin", onFocus);
  });
  return {
    current,
    go: (section: FormSection) => {
      setCurrent(section);
      setStep(section, { replace: true });
      show(section);
    },
  };
}
